"""Where a run works: one folder a user, closed to the others, who have one of their own."""

import os

import pytest

from pipelines.destination.working_folder import leave, occupy, working_folder, working_place


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_users_who_share_a_folder_of_dlt_do_not_get_in_each_others_way(tmp_path, monkeypatch):
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path))
    own = working_place()
    own.mkdir(mode=0o700)
    os.chown(own, 1, 1)
    mine = working_place()
    assert mine.name == f"{own.name}-{os.geteuid()}"
    occupy(folder := working_folder("some database"))
    assert folder.parent == mine
    assert mine.stat().st_mode & 0o777 == 0o700
    leave(folder)
    assert list(own.iterdir()) == list(mine.iterdir()) == []

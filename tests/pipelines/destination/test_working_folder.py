"""Where a run works: one folder a user, closed to the others, who have one of their own."""

import os

import pytest

from pipelines.destination.target import Target
from pipelines.destination.working_folder import leave, occupy, working_folder, working_root

CREDENTIALS = "DESTINATION__POSTGRES__CREDENTIALS"


def test_two_databases_with_a_dataset_of_one_name_share_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path))
    kept = set()
    for place in ("db.example.com:5432/support", "db.example.com:5433/support", "db.example.com:5432/staging"):
        for password in ("old", "new"):
            monkeypatch.setenv(CREDENTIALS, f"postgresql://loader:{password}@{place}")
            kept.add(Target("postgres").kept_file("job"))
    assert len(kept) == 3
    assert len({*kept, Target("postgres", dataset="other").kept_file("job"), Target().kept_file("job")}) == 5


def test_what_was_noted_while_a_setting_was_missing_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path))
    monkeypatch.delenv(CREDENTIALS, raising=False)
    noted = Target("postgres").kept_file("failing")
    monkeypatch.setenv(CREDENTIALS, "postgresql://loader:secret@db.example.com/support")
    file, other = Target("postgres").kept_files("failing")
    assert (other, file == noted) == (noted, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_users_who_share_a_folder_of_dlt_do_not_get_in_each_others_way(tmp_path, monkeypatch):
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path))
    own = working_root()
    own.mkdir(mode=0o700)
    os.chown(own, 1, 1)
    mine = working_root()
    assert mine.name == f"{own.name}-{os.geteuid()}"
    occupy(folder := working_folder("some database"))
    assert folder.parent == mine
    assert mine.stat().st_mode & 0o777 == 0o700
    leave(folder)
    assert list(own.iterdir()) == list(mine.iterdir()) == []

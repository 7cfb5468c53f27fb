"""A disk that is full is no wrong use: whoever frees space on it runs the same command again."""

import pytest

from pipelines.destination.locks.file_lock import LocalLock
from pipelines.exit_code import ExitCode
from pipelines.exit_reason import reason
from pipelines.output_file import write_privately
from tests.support.databases.full_disk import full_disk


def lock(folder):
    with LocalLock(folder / "some.duckdb").held():
        pass


def report(folder):
    write_privately(folder / "report.html", "much to show")


@pytest.mark.parametrize("write", [lock, report])
def test_a_full_disk_is_named_and_running_again_helps(tmp_path, write):
    with full_disk(), pytest.raises(OSError, match="File too large") as failed:
        write(tmp_path)
    code, said = reason(failed.value)
    assert code is ExitCode.FAILED
    assert "File too large" in said
    assert "Free space on the disk" in said
    assert said.endswith(". Run again.")


@pytest.mark.parametrize("write", [lock, report])
def test_a_place_that_cannot_be_written_to_stays_wrong_use(tmp_path, write):
    (tmp_path / "a file").touch()
    with pytest.raises(Exception) as failed:  # noqa: PT011 - what is said of it is looked at
        write(tmp_path / "a file")
    assert reason(failed.value)[0] is ExitCode.WRONG_USE

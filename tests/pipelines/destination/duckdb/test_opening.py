"""A DuckDB file that cannot be opened is called what it is, and left as it is."""

import subprocess
import sys

import duckdb
import pytest

from pipelines.destination.duckdb.opening import connect
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from tests.support.databases.full_disk import full_disk


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut", slice(None, 12_288 + 100), "is damaged"),
        ("newer", b"\xff\x00", "was written by another version of DuckDB"),
    ],
)
def test_a_file_that_duckdb_cannot_read_is_called_what_it_is(tmp_path, name, content, said):
    file = tmp_path / f"{name}.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE t AS SELECT i, md5(i::text) AS text FROM range(50000) r(i)")
    whole = file.read_bytes()
    file.write_bytes(whole[content] if name == "cut" else _with_version(whole, content, file))
    with pytest.raises(Stop, match=said) as stopped:
        connect(file, read_only=False)
    assert stopped.value.code is ExitCode.WRONG_USE


def _with_version(whole, version, file):
    """Return the file with another version of the format, and the checksum that DuckDB says it should have."""
    changed = bytearray(whole)
    changed[12:14] = version
    file.write_bytes(changed)
    with pytest.raises(duckdb.Error) as raised:
        duckdb.connect(str(file))
    expected = str(raised.value).partition("computed checksum ")[2].partition(" ")[0]
    if expected:
        changed[:8] = int(expected).to_bytes(8, "little")
    return bytes(changed)


KILLED = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE t AS SELECT i FROM range(50) r(i)")
connection.execute("CREATE INDEX mine ON t (i)")
os._exit(9)
"""


@pytest.fixture
def killed(tmp_path):
    """A file with a write-ahead log; DuckDB has to write to the file when it reads of an index in the log."""
    file = tmp_path / "killed.duckdb"
    subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False)
    with pytest.raises(duckdb.IOException, match="Could not write file"):
        duckdb.connect(str(file), read_only=True)
    return file


def test_a_file_that_has_to_be_written_before_it_can_be_read_is_not_damaged(killed):
    with connect(killed, read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchall() == [(50,)]


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_waits_for_room_on_the_disk_is_not_damaged(killed, read_only):
    with full_disk(killed.stat().st_size), pytest.raises(Stop, match="Free space on the disk") as stopped:
        connect(killed, read_only=read_only)
    assert stopped.value.code is ExitCode.FAILED

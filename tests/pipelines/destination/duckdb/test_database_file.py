"""What is no DuckDB file is told without asking DuckDB, which would load extensions or wait for ever."""

import os
import sqlite3

import duckdb
import pytest

from pipelines.destination.duckdb.database_file import no_place_for, not_duckdb
from pipelines.destination.target import Target
from pipelines.stop import ExitCode, Stop


def test_a_database_is_one_and_nothing_else_is(tmp_path):
    database = tmp_path / "real.duckdb"
    duckdb.connect(str(database)).close()
    assert not_duckdb(database) is None
    other = tmp_path / "sqlite.duckdb"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (a)")
    for content in (other.read_bytes(), b"PAR1....PAR1", b"a,b\n1,2\n", b"x", b"PK\x03\x04DUCK"):
        other.write_bytes(content)
        assert "is not a DuckDB file" in not_duckdb(other)
    other.write_bytes(b"")
    assert "is empty; remove it" in not_duckdb(other)


def test_a_place_where_no_database_can_be_is_named(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    said = {
        "file/x.duckdb": "is a file; choose a folder",
        "missing/x.duckdb": "create it first",
        "folder": "is a folder",
        "loop": "leads nowhere",
        "pipe": "is no ordinary file",
    }
    for name, words in said.items():
        assert words in no_place_for(tmp_path / name)
    assert no_place_for(tmp_path / "new.duckdb") is None


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
        Target(database=file).make_ready()
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

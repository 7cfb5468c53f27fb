"""What is no DuckDB file is told without asking DuckDB, which would load extensions or wait for ever."""

import os
import sqlite3

import duckdb

from pipelines.destination.duckdb.database_file import no_place_for, not_duckdb


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

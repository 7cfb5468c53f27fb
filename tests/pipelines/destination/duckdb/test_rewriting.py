"""A rewritten file holds what the old one held, and nothing of what was deleted from it."""

import os

import duckdb
import pytest

from pipelines.destination.duckdb.rewriting import COPY, rewrite
from tests.support.databases.byte_search import found
from tests.support.databases.full_disk import full_disk

# Each text another one, because DuckDB writes what is alike in fewer bytes.
FILL = "INSERT INTO raw.notes SELECT i, CASE WHEN i = 7 THEN 'secret of Ada' ELSE md5(i::text) END FROM range(500) r(i)"
EVERYTHING = """
    SELECT (SELECT count(*) FROM marts.answers), (SELECT string_agg(comment, ' ') FROM duckdb_tables()),
        (SELECT string_agg(comment, ' ') FROM duckdb_columns() WHERE NOT internal),
        (SELECT count(*) FROM duckdb_schemas() WHERE NOT internal)
"""


@pytest.fixture
def database(tmp_path):
    file = tmp_path / "it's mine.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "CREATE SCHEMA raw; CREATE SCHEMA marts; CREATE TABLE raw.notes (id BIGINT NOT NULL, body TEXT)"
        )
        connection.execute(
            "COMMENT ON TABLE raw.notes IS 'One row is a note.'; COMMENT ON COLUMN raw.notes.body IS 'text'"
        )
        connection.execute(f'CREATE VIEW marts.answers AS SELECT * FROM "{file.stem}".raw.notes')
        connection.execute(FILL)
    return file


def everything(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(EVERYTHING).fetchall()


def test_what_was_deleted_is_nowhere_and_everything_else_is_there(database):
    assert found(["secret of Ada"], database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("DELETE FROM raw.notes WHERE id = 7")
    before = everything(database)
    (database.parent / (database.name + COPY)).write_text("left behind by a rewriting that was killed")
    rewrite(database)
    assert everything(database) == before == [(499, "One row is a note.", "text", 2)]
    assert found(["secret of Ada"], database.parent) == []
    assert [file.name for file in database.parent.iterdir()] == [database.name]


def test_a_full_disk_is_not_kept_full_by_half_a_copy(database):
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE raw.large AS SELECT md5(i::text) AS body FROM range(100_000) r(i)")
    before = everything(database)
    with full_disk(at_bytes=1_000_000), pytest.raises(duckdb.Error):
        rewrite(database)
    assert [file.name for file in database.parent.iterdir()] == [database.name]
    assert everything(database) == before


def test_a_file_behind_a_link_is_the_one_written_anew_and_stays_as_closed_as_it_was(database, tmp_path_factory):
    database.chmod(0o600)
    link = tmp_path_factory.mktemp("elsewhere") / "link.duckdb"
    link.symlink_to(database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("DELETE FROM raw.notes WHERE id = 7")
    rewrite(link)
    assert link.is_symlink()
    assert found(["secret of Ada"], database.parent) == []
    assert database.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0 and len(os.getgroups()) < 2, reason="this user has no second group")
def test_the_group_that_shares_a_file_keeps_it(database):
    own = database.stat().st_gid
    shared = next(group for group in (*os.getgroups(), 4_321) if group != own)
    os.chown(database, -1, shared)
    database.chmod(0o660)
    rewrite(database)
    assert (database.stat().st_gid, database.stat().st_mode & 0o777) == (shared, 0o660)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root rewrites the files of others")
def test_the_owner_of_a_file_keeps_it(database):
    os.chown(database, 4_321, 4_321)
    database.chmod(0o600)
    rewrite(database)
    assert (database.stat().st_uid, database.stat().st_gid, database.stat().st_mode & 0o777) == (4_321, 4_321, 0o600)

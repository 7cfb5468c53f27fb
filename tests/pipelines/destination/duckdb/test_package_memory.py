"""What DuckDB takes to load one package of many: by what is in the package, not by what is in the file."""

import duckdb
import pytest

from pipelines.destination.duckdb.package_memory import USUAL_BYTES, PackageMemory
from pipelines.destination.target import Target

LETTERS = "SELECT {0} + range AS id, repeat(md5(({0} + range)::text), {1}) || range AS body FROM range({2})"
HELD = "SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()"


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    target = Target(database=tmp_path_factory.mktemp("large") / "large.duckdb")
    with duckdb.connect(str(target.database)) as connection:
        connection.execute(f"CREATE TABLE letters AS {LETTERS.format(0, 10, 600_000)}")
    return target


def held_after_a_look(target):
    """Read the whole table on a further connection, as dlt does, and return what DuckDB holds of it then."""
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("SELECT max(body), max(id) FROM letters")
        return connection.execute(HELD).fetchone()[0]


def test_what_was_there_is_not_kept_in_memory(target):
    with target.held_open(PackageMemory().limit(0)):
        frugal = held_after_a_look(target)
    with target.held_open():
        usual = held_after_a_look(target)
    assert frugal <= USUAL_BYTES < usual


@pytest.mark.parametrize(("size", "count"), [(50, 40_000), (5_000, 4_000), (50_000, 400), (1_000_000, 20)])
def test_a_package_is_merged_in_what_its_own_bytes_allow_however_long_its_rows(target, size, count):
    """As dlt merges: into the staging table, what is replaced goes, one of each key comes."""
    letters = LETTERS.format(10**6, size // 32, count)
    with target.held_open(PackageMemory().limit(size * count)), duckdb.connect(str(target.database)) as connection:
        connection.execute("CREATE OR REPLACE TABLE staged AS FROM letters LIMIT 0")
        connection.execute(f"INSERT INTO staged {letters}")
        for _ in range(2):
            connection.execute("DELETE FROM letters WHERE EXISTS (SELECT 1 FROM staged WHERE staged.id = letters.id)")
            connection.execute(
                "INSERT INTO letters SELECT id, body FROM "
                "(SELECT *, row_number() OVER (PARTITION BY id) AS number FROM staged) WHERE number = 1"
            )
        merged = connection.execute("SELECT count(*) FROM letters WHERE id >= 1000000").fetchone()[0]
        connection.execute("DELETE FROM letters WHERE id >= 1000000")
    assert merged == count


def test_a_limit_that_was_too_little_is_the_last_one(target):
    memory = PackageMemory()
    assert memory.limit(10) > memory.limit(0) >= USUAL_BYTES
    many = "SELECT list(body) FROM letters"
    with target.held_open(1 << 24), duckdb.connect(str(target.database)) as connection:
        with pytest.raises(duckdb.Error) as caught:
            connection.execute(many)
        with pytest.raises(duckdb.Error) as other:
            connection.execute("SELECT no_such_column FROM letters")
    assert not memory.was_too_little(other.value)
    assert memory.limit(0) is not None
    assert memory.was_too_little(caught.value)
    assert memory.limit(0) is None
    assert not memory.was_too_little(caught.value), "there was no limit any more"

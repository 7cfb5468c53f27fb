"""DuckDB joins groups of rows when a file is closed where there is much room in them, and not in every build."""

import duckdb
import pytest

from transforms.runner.warehouse.compaction import ROWS_OF_GROUP, postpone_compaction
from transforms.runner.warehouse.connection import Connection


@pytest.fixture
def many_rows(house_for_others, tmp_path):
    """A table whose groups, 20 of them, are full."""
    with duckdb.connect(str(tmp_path / "support.duckdb")) as connection:
        connection.execute(f"create table numbers as select n from range({20 * ROWS_OF_GROUP}) as numbers (n)")
    with house_for_others.client as client:
        yield Connection(client, "duckdb")


def _are_groups_joined(connection):
    return connection.rows("select current_setting('max_vacuum_tasks')") != [(0,)]


def test_nothing_is_joined_for_a_few_deleted_rows(many_rows):
    many_rows.execute(f"delete from numbers where n < {2 * ROWS_OF_GROUP}")
    postpone_compaction(many_rows, "numbers", 18 * ROWS_OF_GROUP)
    assert not _are_groups_joined(many_rows)


def test_groups_are_joined_where_a_quarter_of_the_rows_is_deleted(many_rows):
    many_rows.execute(f"delete from numbers where n % 3 = 0 or n < {2 * ROWS_OF_GROUP}")
    postpone_compaction(many_rows, "numbers", 12 * ROWS_OF_GROUP)
    assert _are_groups_joined(many_rows)


def test_a_second_build_joins_nothing(house):
    house.raw.conversation("1", 1_717_000_000)
    house.build()
    assert house.execute("select current_setting('max_vacuum_tasks')") != [(0,)]
    house.build()
    assert house.execute("select current_setting('max_vacuum_tasks')") == [(0,)]

"""What was just made gets its name in the words of each warehouse."""

import pytest

from transforms.runner.warehouse.swap import renaming


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("duckdb", "ALTER TABLE d.t__building RENAME TO t"),
        ("bigquery", "ALTER TABLE d.t__building RENAME TO t"),
        ("redshift", "ALTER TABLE d.t__building RENAME TO t"),
        ("snowflake", "ALTER TABLE d.t__building RENAME TO d.t"),
        ("databricks", "ALTER TABLE d.t__building RENAME TO d.t"),
        ("clickhouse", "RENAME TABLE d.t__building TO d.t"),
    ],
)
def test_a_table_is_renamed_where_it_is(dialect, expected):
    assert renaming(dialect, "d.t__building", "d.t", "t") == expected

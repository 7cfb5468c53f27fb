"""Foreign keys of others that point at tables of ours: a row that one of them refers to cannot be deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.quoting import identifier

# Dataset and table of others, whether we may read it, its columns, our table and the columns of it that they point to.
# On PostgreSQL no run begins with keys that cascade or set null (`hidden_rows`).
FOREIGN_KEYS = {
    "postgres": """
        SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT'),
            ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY AS k (number, place)
                INNER JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.number ORDER BY k.place),
            ours.relname,
            ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY AS k (number, place)
                INNER JOIN pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = k.number ORDER BY k.place)
        FROM pg_constraint AS f
        INNER JOIN pg_class AS c ON c.oid = f.conrelid INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        INNER JOIN pg_class AS ours ON ours.oid = f.confrelid
        INNER JOIN pg_namespace AS dataset ON dataset.oid = ours.relnamespace
        WHERE f.contype = 'f' AND f.confdeltype IN ('a', 'r') AND dataset.nspname = %s
        ORDER BY n.nspname, c.relname, f.conname
    """,
    "duckdb": """
        SELECT schema_name, table_name, true, constraint_column_names, referenced_table, referenced_column_names
        FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY' AND schema_name = %s
        ORDER BY table_name, constraint_index
    """,  # DuckDB has no foreign keys from one dataset to another
}


@dataclass(frozen=True)
class Reference:
    """A foreign key: `columns` of `dataset`.`table` point to our `keys`; `is_readable` if we may read that table."""

    dataset: str
    table: str
    is_readable: bool
    columns: tuple[str, ...]
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """The referring table's name for messages."""
        return f"{self.dataset}.{self.table}"

    def holds(self, ours: str) -> str:
        """Return the condition (DuckDB's SQL) that a foreign key references a row of the table `ours`.

        If the other table may not be read, every row counts as referred to.
        """
        if not self.is_readable:
            return "TRUE"
        same = " AND ".join(
            f"other.{identifier(column)} = {ours}.{identifier(key)}"
            for column, key in zip(self.columns, self.keys, strict=True)
        )
        return f"EXISTS (SELECT 1 FROM {identifier(self.dataset)}.{identifier(self.table)} AS other WHERE {same})"  # noqa: S608 - from the catalog


def references(client: SqlClientBase[Any], destination: str, dataset_of_ours: str) -> Mapping[str, list[Reference]]:
    """Return table of ours -> the foreign keys that reference it; none where a destination has none that count."""
    found: dict[str, list[Reference]] = {}
    sql = FOREIGN_KEYS.get(destination)
    for dataset, table, is_readable, columns, ours, keys in (
        client.execute_sql(sql, dataset_of_ours) or () if sql else ()
    ):
        reference = Reference(str(dataset), str(table), bool(is_readable), tuple(columns), tuple(keys))
        found.setdefault(str(ours), []).append(reference)
    return found

"""The relations, tables and views, in the datasets before a build, as the catalog has them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

# Each row: dataset, name, is it a view, has it a comment, the column's name; in the order of columns.
CATALOGS = {
    "duckdb": """
        SELECT c.schema_name, c.table_name, v.view_name IS NOT NULL, coalesce(t.comment, v.comment) IS NOT NULL,
            c.column_name
        FROM duckdb_columns() AS c
        LEFT JOIN (FROM duckdb_tables() WHERE database_name = current_database()) AS t
            ON t.schema_name = c.schema_name AND t.table_name = c.table_name
        LEFT JOIN (FROM duckdb_views() WHERE database_name = current_database()) AS v
            ON v.schema_name = c.schema_name AND v.view_name = c.table_name
        WHERE c.database_name = current_database() AND NOT c.internal
        ORDER BY c.schema_name, c.table_name, c.column_index
    """,
    "postgres": """
        SELECT nspname, relname, relkind NOT IN ('r', 'p', 'f'), obj_description(c.oid, 'pg_class') IS NOT NULL, attname
        FROM pg_class AS c
        INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attgenerated = ''
        WHERE relkind IN ('r', 'p', 'f', 'v', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema')
        ORDER BY nspname, relname, attnum
    """,
}
Location = tuple[str, str]  # dataset and name


@dataclass
class Relation:
    """A relation, table or view: where it is, its columns, and whether it has a comment, as all that builds make."""

    dataset: str
    name: str
    is_view: bool = False
    is_commented: bool = False
    columns: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The relation's kind in SQL: table or view."""
        return "view" if self.is_view else "table"

    def __str__(self) -> str:
        """The relation for messages: `table intercom.fct_conversations`."""
        return f"{self.kind} {self.dataset}.{self.name}"


def relations(rows: Sequence[Sequence[object]]) -> dict[Location, Relation]:
    """Return (dataset, name) -> relation of the rows of a catalog."""
    found: dict[Location, Relation] = {}
    for dataset, name, is_view, is_commented, column in rows:
        location = (str(dataset), str(name))
        relation = found.setdefault(
            location, Relation(*location, is_view=bool(is_view), is_commented=bool(is_commented))
        )
        if column is not None:
            relation.columns.append(str(column))
    return found

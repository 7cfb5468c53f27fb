"""The tables and views in the datasets before a build: which are ours, and which others have made."""

import json
from collections.abc import Mapping, Sequence
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
BUILT_MODELS = "built_models"
BUILT_MODELS_COLUMNS = {"name": "varchar", "is_view": "boolean", "column_names": "varchar"}


class InTheWay(Exception):
    """A relation of others, table or view, has the name of a model; the message names it and says what to do."""


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


@dataclass(frozen=True)
class Built:
    """What an earlier build made as a relation under a name."""

    is_view: bool
    columns: frozenset[str]


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


def check_ours(relation: Relation, built: Built | None, *, is_view: bool, columns: Sequence[str]) -> None:
    """Raise InTheWay if replacing the relation by one with these columns would lose what others have made.

    `built`: what an earlier build made under the name, None if nothing is remembered. A killed build's table is not
    remembered, but has the kind and the comment that this build would give it. The case of column names does not
    matter.
    """
    is_remembered = built is not None and built.is_view == relation.is_view
    if not is_remembered and not (relation.is_commented and relation.is_view == is_view):
        raise InTheWay(
            f"the {relation} was not built by intercom-elt and stays as it is. Rename it, or choose another --dataset"
        )
    known = {column.casefold() for column in (*columns, *(relation.columns if built is None else built.columns))}
    if added := [column for column in relation.columns if column.casefold() not in known]:
        raise InTheWay(
            f"the {relation} has the column {added[0]}, which no model has made and a build would empty. Keep it in a "
            "table of your own and drop it here"
        )


def is_ours(relation: Relation, built: Built | None) -> bool:
    """Return True if a build has made the relation, which may then be dropped and rebuilt."""
    return relation.is_commented if built is None else built.is_view == relation.is_view


def remembered(rows: Sequence[Sequence[object]]) -> dict[str, Built]:
    """Return name -> relation that was built, of the rows of `built_models`."""
    return {str(name): Built(bool(is_view), frozenset(json.loads(str(columns)))) for name, is_view, columns in rows}


def rows_to_remember(built: Mapping[str, Built]) -> list[tuple[str, bool, str]]:
    """Return the rows of `built_models` that remember the relations which were built."""
    return [(name, one.is_view, json.dumps(sorted(one.columns))) for name, one in sorted(built.items())]

"""The comments on what a build makes: what one row of it is, and what its columns mean."""

from transforms.runner.dialects.dialect_names import POSTGRES
from transforms.runner.model_graph.model import Model
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.postgres.catalog import comments_of
from transforms.runner.warehouse.values import literal

COMMENTING_DIALECTS = ("duckdb", "postgres", "redshift", "snowflake")
TOGETHER = ("duckdb", "postgres")  # take several statements as one


def comment_sql(connection: Connection, names: FullNames, model: Model) -> list[str]:
    """Return the statements that comment on a model's table or view, which is there.

    PostgreSQL is told only what it does not say yet: a comment waits for a VACUUM of the table, which may take hours.
    """
    dialect, name = connection.dialect, names.of(model.name)
    if dialect not in COMMENTING_DIALECTS:
        return []
    meanings = {"": model.headline, **model.meanings}
    # They keep comments on views, Redshift on those bound to nothing, but none on their columns.
    if model.is_view and (dialect == "redshift" or connection.kind_of_duckdb == "ducklake"):
        meanings = {"": model.headline}
    kind = "VIEW" if model.is_view else "TABLE"
    said = comments_of(connection.client, name) if dialect == POSTGRES else {}
    statements = [
        f"COMMENT ON {f'COLUMN {name}.{column}' if column else f'{kind} {name}'} IS {literal(text, dialect)}"
        for column, text in meanings.items()
        if text != said.get(column)
    ]
    # one statement after the other takes its time
    return ["; ".join(statements)] if statements and dialect in TOGETHER else statements

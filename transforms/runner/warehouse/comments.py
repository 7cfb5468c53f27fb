"""The comments on what a build makes: what one row of it is, and what its columns mean."""

from transforms.runner.model_graph.model import Model
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.values import literal

COMMENTING_DIALECTS = ("duckdb", "postgres", "redshift", "snowflake")
TOGETHER = ("duckdb", "postgres")  # take several statements as one


def comment_sql(connection: Connection, names: FullNames, model: Model) -> list[str]:
    """Return the statements that comment on a model's table or view."""
    dialect, name = connection.dialect, names.of(model.name)
    if dialect not in COMMENTING_DIALECTS:
        return []
    meanings = model.meanings
    if model.is_view and (dialect == "redshift" or connection.kind_of_duckdb == "ducklake"):
        meanings = {}  # they keep comments on views, Redshift on those bound to nothing, but none on their columns
    kind = "VIEW" if model.is_view else "TABLE"
    said = [f"COMMENT ON {kind} {name} IS {literal(model.headline, dialect)}"] + [
        f"COMMENT ON COLUMN {name}.{column} IS {literal(text, dialect)}" for column, text in meanings.items()
    ]
    return ["; ".join(said)] if dialect in TOGETHER else said  # one statement after the other takes its time

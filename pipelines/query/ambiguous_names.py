"""Names of tables that DuckDB refuses: in `intercom.duckdb`, `intercom.x` could mean the catalog or the dataset."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pipelines.query.allowed_statements import EXPLAIN
from transforms.runner.warehouse.quoting import identifier


def with_catalog(sql: str, catalog: str | None) -> str:
    """Return the query with the catalog before each table's name that begins with a schema of the catalog's name.

    None: no schema has it. Columns need none. A query that sqlglot cannot read stays as it is: DuckDB's message says
    what to write.
    """
    if catalog is None:
        return sql
    if explain := EXPLAIN.match(sql):  # sqlglot sees no tables behind it
        return explain[0] + with_catalog(sql[explain.end() :], catalog)
    try:
        statements = sqlglot.parse(sql, read="duckdb")
    except SqlglotError:
        return sql
    schemas = [
        table.args["db"]
        for statement in statements
        if statement is not None
        for table in statement.find_all(exp.Table)
        if table.db.lower() == catalog.lower() and not table.catalog
    ]
    for start in sorted({schema.meta["start"] for schema in schemas}, reverse=True):
        sql = f"{sql[:start]}{identifier(catalog)}.{sql[start:]}"
    return sql

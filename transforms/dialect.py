"""The destination's dialect: one model, written in DuckDB's SQL, becomes the SQL of the warehouse that runs it."""

from sqlglot import exp

# What dlt calls a destination and sqlglot calls its dialect, where the two names differ.
DIALECTS = {"ducklake": "duckdb", "motherduck": "duckdb", "synapse": "tsql", "mssql": "tsql"}
WITHOUT_MEDIAN = ("bigquery", "databricks", "spark")
JSON_EXTRACTS = (exp.JSONExtract, exp.JSONExtractScalar)


def sql_dialect(destination: str) -> str:
    """Return sqlglot's name of a dlt destination's dialect: `postgres` for `postgres`, `duckdb` for `motherduck`."""
    return DIALECTS.get(destination, destination)


def sql_type(kind: str, dialect: str) -> str:
    """Return the dialect's name of a column type that is given in DuckDB's words."""
    return exp.DataType.build(kind, dialect="duckdb").sql(dialect=dialect)


def transpiled(query: exp.Expr, dialect: str, *, pretty: bool = False, copy: bool = True) -> str:
    """Return the SQL text in the dialect, rewritten where sqlglot would give valid text with another meaning.

    Without `copy` the query is used up.
    """
    tree = query.copy() if copy else query
    if dialect in WITHOUT_MEDIAN:
        tree = tree.transform(_median_as_percentile, copy=False)
    if rewrite := REWRITES.get(dialect):
        tree = tree.transform(rewrite, copy=False)
    return tree.sql(dialect=dialect, pretty=pretty, copy=False)


def _median_as_percentile(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Median):
        return exp.WithinGroup(
            this=exp.PercentileCont(this=exp.Literal.number("0.5")),
            expression=exp.Order(expressions=[exp.Ordered(this=node.this)]),
        )
    return node


def _percentile(node: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    """Return the value and the fraction of `percentile_cont(fraction) within group (order by value)`."""
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        ordered = node.expression.expressions[0]
        return (ordered.this if isinstance(ordered, exp.Ordered) else ordered), node.this.this
    return None


def _for_spark(node: exp.Expr) -> exp.Expr:
    # sqlglot goes through the text of a local time, which names two moments when the clock is set back.
    if isinstance(node, exp.UnixToTime):
        return exp.Anonymous(this="TIMESTAMP_SECONDS", expressions=[node.this])
    # Spark wants a path where others take a key.
    if isinstance(node, JSON_EXTRACTS) and isinstance(node.expression, exp.Column):
        pieces = [exp.Literal.string("$['"), node.expression, exp.Literal.string("']")]
        return exp.Anonymous(
            this="GET_JSON_OBJECT", expressions=[node.this, exp.Anonymous(this="CONCAT", expressions=pieces)]
        )
    # Spark's percentile(value, fraction) interpolates like percentile_cont and may be grouped.
    if found := _percentile(node):
        return exp.Anonymous(this="PERCENTILE", expressions=list(found))
    return node


def _json_key(node: exp.Expr) -> exp.Expr | None:
    """Return the key of `json -> key` and `json ->> key`: a column, or a literal that sqlglot had made a path of."""
    if not isinstance(node, JSON_EXTRACTS):
        return None
    path = node.expression
    if isinstance(path, exp.JSONPath):
        return exp.Literal.string(path.expressions[-1].this)
    return path if isinstance(path, exp.Expression) else None


def _for_postgres(node: exp.Expr) -> exp.Expr:
    # sqlglot calls json_extract_path_text, which does not take the jsonb that JSON is loaded as.
    if key := _json_key(node):
        node.set("expression", key)
    return node


def _for_snowflake(node: exp.Expr) -> exp.Expr:
    # Snowflake folds names to upper case, quoted ones in models ("order") are no others.
    if isinstance(node, exp.Identifier) and node.quoted and not isinstance(node.parent, exp.Table):
        return exp.to_identifier(node.name.upper(), quoted=True)
    # Paths of Snowflake stop at the first blank or hyphen of a key; get() takes any.
    if key := _json_key(node):
        value: exp.Expr = exp.Anonymous(this="GET", expressions=[node.this, key])
        return value if isinstance(node, exp.JSONExtract) else exp.Anonymous(this="TO_VARCHAR", expressions=[value])
    return node


def _for_bigquery(node: exp.Expr) -> exp.Expr:
    # BigQuery's paths are constants; a subscript takes a column, and any key.
    if key := _json_key(node):
        member = exp.Bracket(this=node.this, expressions=[key])
        return member if isinstance(node, exp.JSONExtract) else exp.Anonymous(this="JSON_VALUE", expressions=[member])
    # BigQuery knows percentile_cont as a window function only; approx_quantiles is its aggregate.
    if found := _percentile(node):
        value, fraction = found
        percent = str(round(float(fraction.name) * 100))
        quantiles = exp.Anonymous(this="APPROX_QUANTILES", expressions=[value, exp.Literal.number("100")])
        offset = exp.Anonymous(this="OFFSET", expressions=[exp.Literal.number(percent)])
        return exp.Bracket(this=quantiles, expressions=[offset])
    return node


REWRITES = {
    "bigquery": _for_bigquery,
    "databricks": _for_spark,
    "postgres": _for_postgres,
    "snowflake": _for_snowflake,
    "spark": _for_spark,
}

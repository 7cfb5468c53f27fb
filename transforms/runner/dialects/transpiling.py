"""One model, written in DuckDB's SQL, becomes the SQL of the warehouse that runs it."""

from sqlglot import ErrorLevel, UnsupportedError, exp

from transforms.runner.dialects.clickhouse import ENDING, for_clickhouse
from transforms.runner.dialects.constructs import JSON_EXTRACTS, json_key, list_of_texts, percentile
from transforms.runner.dialects.moments import within_calendar

WITHOUT_MEDIAN = ("bigquery", "clickhouse", "databricks", "spark")  # ClickHouse's is an approximation


def transpiled(query: exp.Expr, dialect: str, *, pretty: bool = False, copy: bool = True) -> str:
    """Transpile a query into the dialect's SQL, rewritten where sqlglot would give valid text of another meaning.

    Without `copy` the query is used up. Raises sqlglot's UnsupportedError, with the construct, for what the dialect is
    known to lack: the text without it would ask another question.
    """
    tree = query.copy() if copy else query
    for moment in list(tree.find_all(exp.UnixToTime)):
        moment.set("this", within_calendar(moment.this))
    if dialect in WITHOUT_MEDIAN:
        tree = tree.transform(_median_as_percentile, copy=False)
    if rewrite := REWRITES.get(dialect):
        for node in reversed(list(tree.walk())):  # the inner ones first: an outer one may hold them
            if (rewritten := rewrite(node)) is not node:
                node.replace(rewritten)
    try:
        text = tree.sql(dialect=dialect, pretty=pretty, copy=False, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        raise UnsupportedError(f"the SQL of {dialect} cannot say this: {error}") from error
    return text + (ENDING if dialect == "clickhouse" else "")


def _median_as_percentile(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Median):
        return exp.WithinGroup(
            this=exp.PercentileCont(this=exp.Literal.number("0.5")),
            expression=exp.Order(expressions=[exp.Ordered(this=node.this)]),
        )
    return node


def _for_spark(node: exp.Expr) -> exp.Expr:
    # sqlglot goes through the text of a local time, which names two moments when the clock is set back.
    if isinstance(node, exp.UnixToTime):
        return exp.Anonymous(this="TIMESTAMP_SECONDS", expressions=[node.this])
    # Spark wants a path where others take a key, and its paths know no key with a quotation mark in it.
    if isinstance(node, JSON_EXTRACTS) and isinstance(node.expression, exp.Column):
        members = exp.Anonymous(this="FROM_JSON", expressions=[node.this, exp.Literal.string("map<string, string>")])
        return exp.Anonymous(this="TRY_ELEMENT_AT", expressions=[members, node.expression])
    # Spark's percentile(value, fraction) interpolates like percentile_cont and may be grouped.
    if found := percentile(node):
        return exp.Anonymous(this="PERCENTILE", expressions=list(found))
    return node


def _for_duckdb(node: exp.Expr) -> exp.Expr:
    # DuckDB takes some keys for paths or patterns, and fails at a backslash; as a JSON pointer any key is itself.
    if isinstance(node, JSON_EXTRACTS) and isinstance(key := node.expression, exp.Column):
        pointer: exp.Expr = key.copy()
        for character, escaped in (("~", "~0"), ("/", "~1")):
            pointer = exp.Replace(
                this=pointer, expression=exp.Literal.string(character), replacement=exp.Literal.string(escaped)
            )
        node.set("expression", exp.paren(exp.Concat(expressions=[exp.Literal.string("/"), pointer])))
    return node


def _for_postgres(node: exp.Expr) -> exp.Expr:
    # sqlglot calls json_extract_path_text, which does not take the jsonb that JSON is loaded as.
    if key := json_key(node):
        node.set("expression", key)
    return node


def _for_snowflake(node: exp.Expr) -> exp.Expr:
    # Snowflake folds names to upper case, quoted ones in models ("order") are no others.
    if isinstance(node, exp.Identifier) and node.quoted and not isinstance(node.parent, exp.Table):
        return exp.to_identifier(node.name.upper(), quoted=True)
    # Paths of Snowflake stop at the first blank or hyphen of a key; get() takes any.
    if key := json_key(node):
        value: exp.Expr = exp.Anonymous(this="GET", expressions=[node.this, key])
        return value if isinstance(node, exp.JSONExtract) else exp.Anonymous(this="TO_VARCHAR", expressions=[value])
    return node


def _with_nulls_last(order: exp.Order) -> None:
    """Transpile `order by x` as `order by x is null, x`, because BigQuery's windows and lists begin with NULL."""
    said: list[exp.Expr] = []
    for key in order.expressions:
        if not isinstance(key, exp.Ordered) or key.args.get("desc") or key.args.get("nulls_first"):
            said.append(key)
            continue
        said += [
            exp.Ordered(this=exp.Is(this=key.this.copy(), expression=exp.Null()), nulls_first=True),
            exp.Ordered(this=key.this, nulls_first=True),
        ]
    order.set("expressions", said)


def _for_bigquery(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Window | exp.GroupConcat):
        order = node.args.get("order") or node.this
        if isinstance(order, exp.Order):
            _with_nulls_last(order)
        return node
    # BigQuery's paths are constants; a subscript takes a column, and any key.
    if key := json_key(node):
        member = exp.Bracket(this=node.this, expressions=[key])
        return member if isinstance(node, exp.JSONExtract) else exp.Anonymous(this="JSON_VALUE", expressions=[member])
    # BigQuery knows percentile_cont as a window function only; approx_quantiles is its aggregate.
    if found := percentile(node):
        value, fraction = found
        percent = str(round(float(fraction.name) * 100))
        quantiles = exp.Anonymous(this="APPROX_QUANTILES", expressions=[value, exp.Literal.number("100")])
        offset = exp.Anonymous(this="OFFSET", expressions=[exp.Literal.number(percent)])
        return exp.Bracket(this=quantiles, expressions=[offset])
    return node


def _for_redshift(node: exp.Expr) -> exp.Expr:
    # sqlglot puts the order where the separator belongs.
    if found := list_of_texts(node):
        value, separator, order = found
        listed = exp.Anonymous(this="LISTAGG", expressions=[value, separator])
        return exp.WithinGroup(this=listed, expression=order)
    # JSON is loaded as SUPER, whose keys are constants in SQL; as text any key can be asked for. No value is '' there.
    if key := json_key(node):
        text = node.this.unnest()
        if not isinstance(text, exp.Nullif):  # what another rewrite has made is text already
            text = exp.Anonymous(this="JSON_SERIALIZE", expressions=[text])
        found_text = exp.Anonymous(this="JSON_EXTRACT_PATH_TEXT", expressions=[text, key, exp.true()])
        return exp.Nullif(this=found_text, expression=exp.Literal.string(""))
    return node


REWRITES = {
    "bigquery": _for_bigquery,
    "clickhouse": for_clickhouse,
    "databricks": _for_spark,
    "duckdb": _for_duckdb,
    "postgres": _for_postgres,
    "redshift": _for_redshift,
    "snowflake": _for_snowflake,
    "spark": _for_spark,
}

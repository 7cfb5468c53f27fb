"""The destination's dialect: one model, written in DuckDB's SQL, becomes the SQL of the warehouse that runs it."""

from sqlglot import ErrorLevel, UnsupportedError, exp

from transforms.runner.moments import within_calendar

POSTGRES = "postgres"  # has to be told more than others
# What dlt calls a destination and sqlglot calls its dialect, where the two names differ.
DIALECTS = {"ducklake": "duckdb", "motherduck": "duckdb", "synapse": "tsql", "mssql": "tsql"}
WITHOUT_MEDIAN = ("bigquery", "clickhouse", "databricks", "spark")  # ClickHouse's is an approximation
# Without the first, ClickHouse's outer joins give '' and 0 for what is missing; without the second, `sum(n) as n` in a
# query is not the n of the table any more. It plans a CTE as often as it is read, and gives up at 10,000 optimizations.
CLICKHOUSE_SETTINGS = {
    "join_use_nulls": 1,
    "prefer_column_name_to_alias": 1,
    "query_plan_max_optimizations_to_apply": 1_000_000,
}
ENDINGS = {"clickhouse": " SETTINGS " + ", ".join(f"{name} = {value}" for name, value in CLICKHOUSE_SETTINGS.items())}
JSON_EXTRACTS = (exp.JSONExtract, exp.JSONExtractScalar)


def sql_dialect(destination: str) -> str:
    """Return sqlglot's name of a dlt destination's dialect: `postgres` for `postgres`, `duckdb` for `motherduck`."""
    return DIALECTS.get(destination, destination)


def sql_type(kind: str, dialect: str) -> str:
    """Return the dialect's name of a column type that is given in DuckDB's words."""
    return exp.DataType.build(kind, dialect="duckdb").sql(dialect=dialect)


def transpiled(query: exp.Expr, dialect: str, *, pretty: bool = False, copy: bool = True) -> str:
    """Return the SQL text in the dialect, rewritten where sqlglot would give valid text with another meaning.

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
    return text + ENDINGS.get(dialect, "")


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
    # Spark wants a path where others take a key, and its paths know no key with a quotation mark in it.
    if isinstance(node, JSON_EXTRACTS) and isinstance(node.expression, exp.Column):
        members = exp.Anonymous(this="FROM_JSON", expressions=[node.this, exp.Literal.string("map<string, string>")])
        return exp.Anonymous(this="TRY_ELEMENT_AT", expressions=[members, node.expression])
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


def _with_nulls_last(order: exp.Order) -> None:
    """Write `order by x` as `order by x is null, x`, because BigQuery's windows and lists begin with NULL."""
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


def _list_of_texts(node: exp.Expr) -> tuple[exp.Expr, exp.Expr, exp.Order] | None:
    """Return value, separator and order of `string_agg(value, separator order by ...)`."""
    if not isinstance(node, exp.GroupConcat):
        return None
    order = node.this if isinstance(node.this, exp.Order) else exp.Order(this=node.this, expressions=[node.this.copy()])
    return order.this, node.args["separator"], exp.Order(expressions=order.expressions)


def _for_redshift(node: exp.Expr) -> exp.Expr:
    # sqlglot puts the order where the separator belongs.
    if found := _list_of_texts(node):
        value, separator, order = found
        listed = exp.Anonymous(this="LISTAGG", expressions=[value, separator])
        return exp.WithinGroup(this=listed, expression=order)
    # JSON is loaded as SUPER, whose keys are constants in SQL; as text any key can be asked for. No value is '' there.
    if key := _json_key(node):
        text = node.this.unnest()
        if not isinstance(text, exp.Nullif):  # what another rewrite has made is text already
            text = exp.Anonymous(this="JSON_SERIALIZE", expressions=[text])
        found_text = exp.Anonymous(this="JSON_EXTRACT_PATH_TEXT", expressions=[text, key, exp.true()])
        return exp.Nullif(this=found_text, expression=exp.Literal.string(""))
    return node


def _for_clickhouse(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Select):
        return _unmistakable_stars(_named_columns(_joined_by_equality(node)))
    # Beyond the first and last row, the value of a column that is never NULL would be '' or 0.
    if isinstance(node, exp.Lead | exp.Lag) and node.args.get("default") is None:
        node.set("this", exp.Anonymous(this="toNullable", expressions=[node.this]))
        return node
    return _function_of_clickhouse(node)


def _function_of_clickhouse(node: exp.Expr) -> exp.Expr:
    # fromUnixTimestamp ends in the year 2106 and shows the server's time zone.
    if isinstance(node, exp.UnixToTime):
        utc = [node.this, exp.Literal.number(0), exp.Literal.string("UTC")]
        return exp.Anonymous(this="toDateTime64", expressions=utc)
    # quantileExactInclusive interpolates like percentile_cont; others are approximations.
    if found := _percentile(node):
        value, fraction = found
        return exp.Anonymous(this=f"quantileExactInclusive({fraction.name})", expressions=[value])
    if texts := _list_of_texts(node):
        value, separator, _ = texts  # every list is ordered by its own value
        listed = exp.Anonymous(this="groupArray", expressions=[value])
        listed = exp.Anonymous(this="arraySort", expressions=[listed])
        return exp.Anonymous(this="arrayStringConcat", expressions=[listed, separator])
    # JSONExtractString reads texts only, and returns '' if there is none.
    if key := _json_key(node):
        raw = isinstance(node, exp.JSONExtract)
        kind = [] if raw else [exp.Literal.string("Nullable(String)")]
        return exp.Anonymous(this="JSONExtractRaw" if raw else "JSONExtract", expressions=[node.this, key, *kind])
    return node


def _named_columns(select: exp.Select) -> exp.Select:
    """Give every `t.col` its name, because ClickHouse calls it `t.col` where the joined table has a `col`, too."""
    for column in select.expressions:
        if isinstance(column, exp.Column) and column.table and not column.is_star:
            column.replace(exp.alias_(column.copy(), column.this.copy(), copy=False))
    return select


def _unmistakable_stars(select: exp.Select) -> exp.Select:
    """Give the columns of the joined tables names of their own where there is a `t.*`, because of the same reason."""
    starred = {column.table for column in select.expressions if isinstance(column, exp.Column) and column.is_star}
    joins = [join for join in select.args.get("joins") or [] if not join.args.get("using")]
    if not starred or starred == {""}:
        return select
    columns = [node for node in select.walk(prune=_is_another_scope) if isinstance(node, exp.Column)]
    for join in joins:
        if (name := join.this.alias_or_name) in starred:
            continue
        read = [column for column in columns if column.table == name and not column.is_star]
        renamed = {column.name: f"{name}__{column.name}" for column in read}
        own = [exp.alias_(exp.column(old), new) for old, new in renamed.items()] or [exp.alias_("1", f"{name}__")]
        join.set("this", exp.select(*own).from_(join.this.copy()).subquery(name))
        for column in read:
            column.set("this", exp.to_identifier(renamed[column.name]))
    return select


def _is_another_scope(node: exp.Expr) -> bool:
    """Return True if the names of an outer query mean nothing here: in a CTE, and in a subquery that is read from."""
    return isinstance(node, exp.CTE) or (
        isinstance(node, exp.Subquery) and isinstance(node.parent, exp.From | exp.Join)
    )


def _joined_by_equality(select: exp.Select) -> exp.Select:
    """Move what compares otherwise out of inner joins, because ClickHouse joins by equality."""
    for join in select.args.get("joins") or []:
        on = join.args.get("on")
        if on is None or join.side:
            continue
        terms = list(on.flatten()) if isinstance(on, exp.And) else [on]
        equal = [term for term in terms if isinstance(term, exp.EQ)]
        if len(equal) < len(terms):
            select.where(*(term for term in terms if not isinstance(term, exp.EQ)), copy=False)
            join.set("on", exp.and_(*equal, copy=False) if equal else None)
            join.set("kind", "INNER" if equal else "CROSS")
    return select


REWRITES = {
    "bigquery": _for_bigquery,
    "clickhouse": _for_clickhouse,
    "databricks": _for_spark,
    "duckdb": _for_duckdb,
    "postgres": _for_postgres,
    "redshift": _for_redshift,
    "snowflake": _for_snowflake,
    "spark": _for_spark,
}

"""What ClickHouse says otherwise: joins, stars, functions, and the settings of each query."""

from sqlglot import exp

from transforms.runner.dialects.constructs import json_key, list_of_texts, percentile

# Without the first, ClickHouse's outer joins give '' and 0 for what is missing; without the second, `sum(n) as n` in a
# query is not the n of the table any more. It plans a CTE as often as it is read, and gives up at 10,000 optimizations.
SETTINGS = {
    "join_use_nulls": 1,
    "prefer_column_name_to_alias": 1,
    "query_plan_max_optimizations_to_apply": 1_000_000,
}
ENDING = " SETTINGS " + ", ".join(f"{name} = {value}" for name, value in SETTINGS.items())


def for_clickhouse(node: exp.Expr) -> exp.Expr:
    """Return what ClickHouse takes for a node of a query's tree."""
    if isinstance(node, exp.Select):
        return _unmistakable_stars(_named_columns(_joined_by_equality(node)))
    # Beyond the first and last row, the value of a column that is never NULL would be '' or 0.
    if isinstance(node, exp.Lead | exp.Lag) and node.args.get("default") is None:
        node.set("this", exp.Anonymous(this="toNullable", expressions=[node.this]))
        return node
    return _function(node)


def _function(node: exp.Expr) -> exp.Expr:
    # fromUnixTimestamp ends in the year 2106 and shows the server's time zone.
    if isinstance(node, exp.UnixToTime):
        utc = [node.this, exp.Literal.number(0), exp.Literal.string("UTC")]
        return exp.Anonymous(this="toDateTime64", expressions=utc)
    # quantileExactInclusive interpolates like percentile_cont; others are approximations.
    if found := percentile(node):
        value, fraction = found
        return exp.Anonymous(this=f"quantileExactInclusive({fraction.name})", expressions=[value])
    if texts := list_of_texts(node):
        value, separator, _ = texts  # every list is ordered by its own value
        listed = exp.Anonymous(this="groupArray", expressions=[value])
        listed = exp.Anonymous(this="arraySort", expressions=[listed])
        return exp.Anonymous(this="arrayStringConcat", expressions=[listed, separator])
    # JSONExtractString reads texts only, and returns '' if there is none.
    if key := json_key(node):
        raw = isinstance(node, exp.JSONExtract)
        kind = [] if raw else [exp.Literal.string("Nullable(String)")]
        return exp.Anonymous(this="JSONExtractRaw" if raw else "JSONExtract", expressions=[node.this, key, *kind])
    return node


def _named_columns(select: exp.Select) -> exp.Select:
    """Give every `t.col` its name: ClickHouse calls it `t.col` where the joined table has a `col`, too."""
    for column in select.expressions:
        if isinstance(column, exp.Column) and column.table and not column.is_star:
            column.replace(exp.alias_(column.copy(), column.this.copy(), copy=False))
    return select


def _unmistakable_stars(select: exp.Select) -> exp.Select:
    """Give the columns of joined tables names of their own where there is a `t.*`, for the same reason."""
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
    """Return True if an outer query's names mean nothing here in ClickHouse: in a CTE, in a subquery read from."""
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

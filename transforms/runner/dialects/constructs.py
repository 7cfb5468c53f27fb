"""Constructs that no two dialects say in the same way, found in the tree of a query."""

from sqlglot import exp

JSON_EXTRACTS = (exp.JSONExtract, exp.JSONExtractScalar)


def percentile(node: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    """Take a construct apart: value and fraction of `percentile_cont(fraction) within group (order by value)`."""
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        ordered = node.expression.expressions[0]
        return (ordered.this if isinstance(ordered, exp.Ordered) else ordered), node.this.this
    return None


def json_key(node: exp.Expr) -> exp.Expr | None:
    """Take a construct apart: the key of `json -> key`, `json ->> key`, a column or a literal that became a path."""
    if not isinstance(node, JSON_EXTRACTS):
        return None
    path = node.expression
    if isinstance(path, exp.JSONPath):
        return exp.Literal.string(path.expressions[-1].this)
    return path if isinstance(path, exp.Expression) else None


def list_of_texts(node: exp.Expr) -> tuple[exp.Expr, exp.Expr, exp.Order] | None:
    """Take a construct apart: value, separator and order of `string_agg(value, separator order by ...)`."""
    if not isinstance(node, exp.GroupConcat):
        return None
    order = node.this if isinstance(node.this, exp.Order) else exp.Order(this=node.this, expressions=[node.this.copy()])
    return order.this, node.args["separator"], exp.Order(expressions=order.expressions)

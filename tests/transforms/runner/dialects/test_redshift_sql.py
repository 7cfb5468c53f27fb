"""No engine of Redshift's runs here. Its SQL is PostgreSQL's, which the tests run, but for what is listed here."""

import functools
import re

from sqlglot import exp

from transforms.runner.attributes.declared_attributes import Attribute
from transforms.runner.attributes.marts import attribute_models
from transforms.runner.dialects.transpiling import transpiled
from transforms.runner.model_graph.model import CHANGES, FIVETRAN, names
from transforms.runner.model_graph.shipped_models import read_models

ATTRIBUTES = [Attribute(f"A {kind}", (kind,)) for kind in ("string", "integer", "float", "boolean", "date")]
MODELS = read_models(FIVETRAN, CHANGES)
MODELS += attribute_models({"contact": ATTRIBUTES}, names(MODELS))

SECONDS = r"(CASE WHEN (?:(?!TIMESTAMP 'epoch').)*? END)"
VALUE = r"((?:(?:COALESCE|CAST)\([^()]*\)|CASE .*?END|[\w.]+))"
NAME, MEMBER = r"([\w.]+)", r"NULLIF\(JSON_EXTRACT_PATH_TEXT"
DIFFERENCES = {  # what Redshift is told -> what PostgreSQL is
    # A moment is made of seconds. It has no time zone, and means UTC.
    rf"\(TIMESTAMP 'epoch' \+ {SECONDS} \* INTERVAL '1 SECOND'\)": r"TO_TIMESTAMP(\1)",
    # JSON is SUPER. As text any key can be asked for; what is missing is an empty text.
    r"JSON_SERIALIZE\(([\w.]+)\)": r"\1",
    rf"{MEMBER}\({MEMBER}\({NAME}, {NAME}, TRUE\), ''\), ('\w+'), TRUE\), ''\)": r"(\1 -> \2) ->> \3",
    rf"{MEMBER}\({NAME}, ([\w.]+|'\w+'), TRUE\), ''\)": r"\1 ->> \2",
    # Texts of a group in one, ordered outside of the parentheses.
    rf"LISTAGG\({VALUE}, ('[^']*')\) WITHIN GROUP \(ORDER BY {VALUE}\)": r"STRING_AGG(\1, \2 ORDER BY \3)",
    # Names of types and of the median, and reserved words.
    r"VARCHAR\(MAX\)": "TEXT",
    r"\bINTEGER\b": "INT",
    r"MEDIAN\(([\w.]+)\)": r"PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY \1)",
    '"': "",
}


def as_postgres(told):
    for found, meant in DIFFERENCES.items():
        told = re.sub(found, meant, told)
    return told


def joined(left, right):
    return exp.DPipe(this=left, expression=right, safe=True)


def without_concat(query):
    """Redshift's CONCAT takes two texts; of more it is told to put one after the other."""
    return query.transform(
        lambda node: functools.reduce(joined, node.expressions) if isinstance(node, exp.Concat) else node
    )


def test_redshift_is_told_what_postgres_is():
    for model in MODELS:
        expected = transpiled(without_concat(model.query), "postgres").replace('"', "")
        assert as_postgres(transpiled(model.query, "redshift")) == expected, model.name


def test_every_difference_is_one():
    told = " ".join(transpiled(model.query, "redshift") for model in MODELS)
    for found, meant in DIFFERENCES.items():
        told, count = re.subn(found, meant, told)
        assert count, found


def orders_of(select):
    """By what the aggregates of one SELECT sort: Amazon documents that more than one order is refused."""
    return {
        (found.expression.expressions[0].this if isinstance(found, exp.WithinGroup) else found.this).sql()
        for found in select.find_all(exp.WithinGroup, exp.Median, exp.GroupConcat)
        if found.find_ancestor(exp.Select) is select and not isinstance(found.parent, exp.WithinGroup)
    }


def test_no_query_sorts_its_aggregates_in_two_orders():
    sorted_by = {
        (model.name, number): orders_of(select)
        for model in MODELS
        for number, select in enumerate(model.query.find_all(exp.Select))
    }
    assert sum(map(bool, sorted_by.values())) > 5
    assert {place: orders for place, orders in sorted_by.items() if len(orders) > 1} == {}

"""A value is never bent to fit its column."""

from datetime import date

import pytest
from dlt.common.schema import Schema
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.intercom.rows.arrow import arrow_table
from sources.intercom.rows.column_types import ColumnTypes
from sources.intercom.rows.table import Column, Table, integer, number, text, truth
from sources.intercom.rows.table import json as json_columns

THINGS = Table(
    "things",
    "a thing",
    ("id",),
    text("impersonal", id="id", name="name")
    | integer(size="size")
    | number(spend="spend", plan__price="price")
    | truth(on="on")
    | json_columns("detail", free="free")
    | {"day": Column("date", "day", "impersonal")},
)
VALUES = st.one_of(
    st.booleans(),
    st.integers(1 - 2**63, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.sampled_from(["7", "007", "1.5", "1.50", "true", "2026-01-01T00:00:00Z", "1e3", "-0", "٣"]),
    st.lists(st.integers(0, 9), max_size=2),
)


KINDS = {"bool": {bool}, "bigint": {int}, "double": {float}, "text": {str}, "json": {list, dict}, "date": {date}}


def is_same(value, in_column):
    """Tell whether a value says the same in its column: 7, "7" and 7.0 do, 7 and True do not."""
    if isinstance(value, bool | list):
        return type(value) is type(in_column) and value == in_column
    return str(value) == str(in_column) or float(value) == float(in_column)


def columns():
    return ColumnTypes(THINGS, Schema("intercom"))


def exact(types, *rows):
    """Return the rows as they arrive: each with the values that its columns hold of it."""
    made = types.columns(rows)
    return [
        {name: column.values[place] for name, column in made.items() if column.values[place] is not None}
        for place in range(len(rows))
    ]


@pytest.mark.parametrize(
    ("first", "second", "column", "in_column"),
    [
        (True, 5, "field__v_bigint", 5),
        (True, "true", "field__v_text", "true"),
        (7, "007", "field__v_text", "007"),
        (7, "7", "field", 7),
        (7, True, "field__v_bool", True),
        (7, 5.0, "field", 5),
        (7, 5.5, "field__v_double", 5.5),
        (7, 2**63, "field__v_text", "9223372036854775808"),
        (7, "9223372036854775808", "field__v_text", "9223372036854775808"),
        (1.5, "1.50", "field__v_text", "1.50"),
        (1.5, "2.5", "field", 2.5),
        (1.5, 2**60 + 1, "field__v_bigint", 2**60 + 1),
        (1.5, 3, "field", 3.0),
        ("a", 5, "field", "5"),
        ("a", 1.5, "field", "1.5"),
        ("a", True, "field__v_bool", True),
        (["a"], "a", "field__v_text", "a"),
        ("a", ["a"], "field__v_json", ["a"]),
        ({"a": 1}, ["a"], "field", ["a"]),
    ],
)
def test_the_first_value_of_an_undeclared_field_decides(first, second, column, in_column):
    types = columns()
    in_two_batches = [*exact(types, {"id": "1", "field": first}), *exact(types, {"id": "2", "field": second})]
    in_one = exact(columns(), {"id": "1", "field": first}, {"id": "2", "field": second})
    assert in_two_batches == in_one == [{"id": "1", "field": first}, {"id": "2", column: in_column}]
    assert type(in_one[1][column]) is type(in_column)


@pytest.mark.parametrize(
    ("field", "value", "column", "in_column"),
    [
        ("on", 1, "on__v_bigint", 1),
        ("size", "007", "size__v_text", "007"),
        ("size", "1700000000", "size", 1700000000),
        ("spend", "1.50", "spend__v_text", "1.50"),
        ("plan__price", 1, "plan__price", 1.0),
        ("free", "a", "free__v_text", "a"),
        ("name", 7, "name", "7"),
        ("day", "2026-03-01", "day", date(2026, 3, 1)),
        ("day", date(2026, 3, 1), "day", date(2026, 3, 1)),
        ("day", "March", "day__v_text", "March"),
    ],
)
def test_a_declared_column_keeps_its_type(field, value, column, in_column):
    types = columns()
    assert exact(types, {"id": "1", field: value}) == [{"id": "1", column: in_column}]
    assert exact(types, {"id": "2", "plan__price": 1.5}) == [{"id": "2", "plan__price": 1.5}]


def test_a_column_is_known_by_the_name_that_it_has_in_the_database():
    schema = Schema("intercom")
    schema.update_table(
        {"name": "things", "columns": {"plan__plan_type": {"name": "plan__plan_type", "data_type": "bool"}}}
    )
    assert exact(ColumnTypes(THINGS, schema), {"plan__Plan Type": 1}) == [{"plan__plan_type__v_bigint": 1}]


@pytest.mark.parametrize("data_type", ["binary", "timestamp", "time", "decimal", "wei"])
def test_a_column_of_a_type_that_no_value_has_keeps_what_it_holds(data_type):
    schema = Schema("intercom")
    schema.update_table({"name": "things", "columns": {"old": {"name": "old", "data_type": data_type}}})
    made = ColumnTypes(THINGS, schema).columns([{"id": "1", "old": "x"}, {"id": "2", "old": 5}])
    assert {name: column.values for name, column in made.items()} == {
        "id": ["1", "2"],
        "old__v_text": ["x", None],
        "old__v_bigint": [None, 5],
    }


def test_what_has_no_value_makes_no_column():
    assert exact(columns(), {"id": "1", "new": None}, {"id": "2"}) == [{"id": "1"}, {"id": "2"}]


NAMES = st.sampled_from(
    ["plan", "Plan", "PLAN", "plan ", "Plan Type", "plan_type", "plan__type", "", " ", "客户", "客"]
)


UNDECLARED = (NAMES | st.text(max_size=3)).filter(lambda name: name not in THINGS.columns)


@given(st.dictionaries(UNDECLARED, st.integers(0, 9), max_size=12))
def test_fields_whose_names_become_equal_have_a_column_each(fields):
    schema = Schema("intercom")
    [loaded] = exact(columns(), {"id": "1", **fields})
    assert [*loaded.values()] == ["1", *fields.values()]
    assert all(name and schema.naming.normalize_path(name) == name for name in loaded)
    for name in fields:
        if name and schema.naming.normalize_path(name) == name:
            assert loaded[name] == fields[name]


@given(st.lists(st.dictionaries(NAMES, st.integers(0, 9)), max_size=5))
def test_a_field_has_the_same_column_whichever_rows_come_with_it(rows):
    rows = [{"id": str(place), **row} for place, row in enumerate(rows)]
    assert exact(columns(), *rows) == [row for one in rows for row in exact(columns(), one)]


@given(st.lists(st.dictionaries(st.sampled_from(["size", "on", "spend", "free", "new"]), VALUES), max_size=6))
def test_a_column_holds_one_type_and_no_value_is_lost(rows):
    types = columns()
    given_rows = [{"id": "1", **row} for row in rows]
    made = types.columns(given_rows)
    for column in made.values():
        assert {*map(type, column.values)} - {type(None)} <= KINDS[column.data_type]
    for row, found in zip(given_rows, exact(columns(), *given_rows), strict=True):
        by_field = {name.split("__v_")[0]: value for name, value in found.items()}
        assert by_field.keys() == row.keys()
        assert all(is_same(value, by_field[field]) for field, value in row.items())
    table = arrow_table(THINGS, made, len(rows), "load")
    by_column = {name: column.values for name, column in made.items() if column.data_type != "json"}
    assert {name: table[name].to_pylist() for name in by_column} == by_column


def narrow(max_columns):
    return ColumnTypes(THINGS, Schema("intercom"), max_columns)


def test_fields_beyond_the_most_columns_are_members_of_one():
    types = narrow(3)
    first = {f"of__{day}": 1 for day in ("mon", "tue", "wed")}
    assert exact(types, {"id": "1"} | first) == [{"id": "1"} | first]
    [here, there] = exact(types, {"id": "2", "of__thu": 9, "of__mon": "x"}, {"id": "3", "of__tue": 1, "size": 4})
    assert here == {"id": "2", "further_fields": {"of__thu": 9, "of__mon__v_text": "x"}}
    assert there == {"id": "3", "of__tue": 1, "size": 4}
    assert "further_fields" in types.undeclared_json


def test_columns_that_are_loaded_count_and_stay():
    schema = Schema("intercom")
    schema.update_table({"name": "things", "columns": {"a": {"name": "a", "data_type": "bigint"}}})
    assert exact(ColumnTypes(THINGS, schema, 2), {"id": "1", "b": 1, "c": 2, "a": 3, "on": True}) == [
        {"id": "1", "a": 3, "on": True, "b": 1, "further_fields": {"c": 2}}
    ]


@pytest.mark.parametrize(
    "name", ["_dlt_id", "_dltLoadId", "further_fields", "Further Fields", "_isRemoved", "ctid", "XMIN"]
)
def test_a_field_that_is_called_like_a_column_of_ours_is_kept_apart(name):
    assert exact(columns(), {"id": "1", name: "x"}) == [{"id": "1", "further_fields": {name: "x"}}]


def test_a_field_that_is_called_like_the_column_of_another_is_kept_apart():
    types = columns()
    exact(types, {"id": "1", "a": 1})
    assert exact(types, {"id": "2", "a": "x", "a__v_text": "y"}) == [
        {"id": "2", "a__v_text": "x", "further_fields": {"a__v_text": "y"}}
    ]


OURS = st.sampled_from(["_dlt_id", "_isRemoved", "further_fields", "size", "size__v_text", "plan__v_text"])


def says_the_same(value, in_column):
    numbers = {int, float}
    if {type(value), type(in_column)} <= numbers:
        return value == in_column
    return str(value) == str(in_column)


@settings(max_examples=50)
@given(
    rows=st.lists(st.dictionaries(NAMES | OURS | st.text(max_size=3), VALUES, max_size=6), max_size=5),
    max_columns=st.integers(0, 6),
    cut=st.integers(0, 5),
)
def test_however_few_columns_there_may_be_no_value_is_lost(rows, max_columns, cut):
    rows = [{"id": str(place), **row} for place, row in enumerate(rows)]
    types = narrow(max_columns)
    made = [row for part in (rows[:cut], rows[cut:]) for row in exact(types, *part)]
    for row, loaded in zip(rows, made, strict=True):
        found = [*loaded.values(), *loaded.pop("further_fields", {}).values()]
        for value in row.values():
            place = next((at for at, one in enumerate(found) if says_the_same(value, one)), None)
            assert place is not None, value
            del found[place]

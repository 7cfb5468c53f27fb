"""A value is never bent to fit its column."""

import json

import pytest
from dlt.common.schema import Schema
from hypothesis import given
from hypothesis import strategies as st

from simulator import SimulatorProcess
from sources.intercom.rows.column_types import ColumnTypes
from sources.intercom.rows.table import Table, integer, number, text, truth
from sources.intercom.rows.table import json as json_columns
from tests.support.workspace import load, records

THINGS = Table(
    "things",
    "a thing",
    ("id",),
    text("impersonal", id="id", name="name")
    | integer(size="size")
    | number(spend="spend", plan__price="price")
    | truth(on="on")
    | json_columns("detail", free="free"),
)
VALUES = st.one_of(
    st.booleans(),
    st.integers(1 - 2**63, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.sampled_from(["7", "007", "1.5", "1.50", "true", "2026-01-01T00:00:00Z", "1e3", "-0", "٣"]),
    st.lists(st.integers(0, 9), max_size=2),
)


def columns():
    return ColumnTypes(THINGS, Schema("intercom"))


@pytest.mark.parametrize(
    ("first", "second", "column"),
    [
        (True, 5, "field__v_bigint"),
        (True, "true", "field__v_text"),
        (7, "007", "field__v_text"),
        (7, "7", "field"),
        (7, True, "field__v_bool"),
        (7, 5.0, "field"),
        (7, 5.5, "field__v_double"),
        (1.5, "1.50", "field__v_text"),
        (1.5, "2.5", "field"),
        (1.5, 2**60 + 1, "field__v_bigint"),
        (1.5, 3, "field"),
        ("a", 5, "field"),
        ("a", True, "field__v_bool"),
        (["a"], "a", "field__v_text"),
        ("a", ["a"], "field__v_json"),
    ],
)
def test_the_first_value_of_an_undeclared_field_decides(first, second, column):
    types = columns()
    assert types.exact({"id": "1", "field": first}) == {"id": "1", "field": first}
    assert types.exact({"id": "2", "field": second}) == {"id": "2", column: second}


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [
        ("on", 1, "on__v_bigint"),
        ("size", "007", "size__v_text"),
        ("size", "1700000000", "size"),
        ("spend", "1.50", "spend__v_text"),
        ("plan__price", 1, "plan__price"),
        ("free", "a", "free__v_text"),
        ("name", 7, "name"),
    ],
)
def test_a_declared_column_keeps_its_type(field, value, column):
    types = columns()
    assert types.exact({"id": "1", field: value}) == {"id": "1", column: value}
    assert types.exact({"id": "2", "plan__price": 1.5}) == {"id": "2", "plan__price": 1.5}


def test_a_column_is_known_by_the_name_that_it_has_in_the_database():
    schema = Schema("intercom")
    schema.update_table(
        {"name": "things", "columns": {"plan__plan_type": {"name": "plan__plan_type", "data_type": "bool"}}}
    )
    assert ColumnTypes(THINGS, schema).exact({"plan__Plan Type": 1}) == {"plan__Plan Type__v_bigint": 1}


NAMES = st.sampled_from(
    ["plan", "Plan", "PLAN", "plan ", "Plan Type", "plan_type", "plan__type", "", " ", "客户", "客"]
)


@given(st.dictionaries(NAMES | st.text(max_size=3), st.integers(0, 9), max_size=12))
def test_fields_whose_names_become_equal_have_a_column_each(fields):
    schema = Schema("intercom")
    exact = columns().exact({"id": "1", **fields})
    assert [*exact.values()] == ["1", *fields.values()]
    loaded = [schema.naming.normalize_path(name) for name in exact]
    assert len(set(loaded)) == len(exact)
    assert "" not in loaded
    for name in fields:
        if name and schema.naming.normalize_path(name) == name:
            assert name in exact


@given(st.lists(st.dictionaries(st.sampled_from(["size", "on", "spend", "free", "new"]), VALUES), max_size=6))
def test_a_column_holds_one_type_and_no_value_is_lost(rows):
    types = columns()
    found = [types.exact({"id": "1", **row}) for row in rows]
    for row, exact in zip(rows, found, strict=True):
        assert [*exact.values()] == ["1", *row.values()]
        assert [name.split("__v_")[0] for name in exact] == ["id", *row]


def test_a_field_that_turns_is_exact_in_the_database_also_in_later_runs(tmp_path):
    turns = [True, 5, "5", "2026-01-01T00:00:00+02:00", 0.5]
    recorded, database = tmp_path / "recorded", tmp_path / "turns.duckdb"
    with SimulatorProcess(seed=4, contacts=3, companies=8, conversations=2, tickets=2, rate_limit=0) as simulator:
        truth = simulator.truth()
    recorded.mkdir()
    for number_of_run in range(2):
        for entity, found in truth.items():
            (recorded / f"{entity}.ndjson").write_text("\n".join(map(json.dumps, found)))
        companies = [
            {**company, "turned": turns[(number + number_of_run) % len(turns)]}
            for number, company in enumerate(truth["companies"])
        ]
        (recorded / "companies.ndjson").write_text("\n".join(map(json.dumps, companies)))
        with SimulatorProcess(fill_from=str(recorded), rate_limit=0) as simulator:
            assert load(simulator, database, "companies").status == "complete"
        loaded = {row["id"]: row for row in records(database, "companies")}
        for company in companies:
            [(name, value)] = [item for item in loaded[company["id"]].items() if item[0].startswith("turned")]
            assert (name, type(value), value) == (name, type(company["turned"]), company["turned"])

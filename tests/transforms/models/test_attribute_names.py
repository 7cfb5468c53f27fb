"""Any name and any value of JSON: what the mart of attributes shows is what the object says."""

import contextlib
import dataclasses
import datetime
import json
import tempfile
from pathlib import Path

import dlt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.hostile_names import HOSTILE_NAMES
from tests.support.warehouse.house import House, duckdb_house, held_open
from transforms.runner.attributes.column_names import column_names
from transforms.runner.attributes.declared_attributes import Attribute

pytestmark = pytest.mark.end_to_end

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # neither warehouses nor UTF-8 have them
TEXTS = st.text(CHARACTERS, max_size=12)
VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=False, allow_infinity=False),
        TEXTS,
        st.sampled_from(["12", "-3", "1.5", "1e5", "1e400", "1e-400", "9" * 300, "true", "TRUE", "about 30", "12\n"]),
        st.sampled_from([1_714_564_800, 1_714_564_800_000, -86_400, 0, -0.0, 1e22, 1e300, 5e-324]),
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=3,
)
DATA_TYPES = st.lists(
    st.sampled_from(["string", "integer", "float", "boolean", "date", "list"]), min_size=1, max_size=2
).map(tuple)
NAMES = st.lists(st.sampled_from(HOSTILE_NAMES) | TEXTS, min_size=40, max_size=120, unique=True)


@st.composite
def workspaces(draw, names=NAMES):
    """Attributes (name -> types of the live ones) and contacts (id -> values by name)."""
    attributes = {name: draw(DATA_TYPES) for name in draw(names)}
    values = st.fixed_dictionaries({}, optional=dict.fromkeys(attributes, VALUES))
    return attributes, {str(number): draw(values) for number in range(3)}


def fill(raw, attributes, contacts):
    for number, (name, data_types) in enumerate(attributes.items()):
        for place, data_type in enumerate(data_types):
            raw.attribute("contact", name, data_type, id=f"{number}-{place}", created_at=10 * number + place)
    for contact_id, values in contacts.items():
        raw.add("contacts", id=contact_id, custom_attributes=values)


def reads_as(shown, value):
    """A value of JSON stands there as itself, as its type would have it, or as text."""
    if isinstance(shown, datetime.datetime):
        return shown.timestamp() == int(value)
    if isinstance(value, bool):
        return shown in (value, str(value).lower())
    if isinstance(value, str):
        number = float(value) if isinstance(shown, int | float) and not isinstance(shown, bool) else None
        return shown in (value, number) or (isinstance(shown, bool) and str(shown).lower() == value.lower())
    if isinstance(value, int | float):
        return float(shown) == float(value)
    return json.loads(shown) == value


def check(house, attributes, contacts):
    columns = [
        row[0]
        for row in house.execute(
            "select column_name from information_schema.columns "
            "where table_schema = 'intercom' and table_name = 'dim_contact_attributes'"
        )
    ]
    rows = {row[0]: row for row in house.rows("dim_contact_attributes", ", ".join(f'"{name}"' for name in columns))}
    assert rows.keys() == contacts.keys()
    named = column_names([Attribute(name) for name in attributes], taken="contact_id")
    for column, misfits, attribute in named:
        for contact_id, values in contacts.items():
            row = dict(zip(columns, rows[contact_id], strict=True))
            shown = row["contact_id"], row[column], row.get(misfits)
            found = [value for value in shown[1:] if value is not None]
            value = values.get(attribute.name)
            assert len(found) == (value not in (None, "")), (attribute.name, value, shown)
            assert not found or reads_as(found[0], value), (attribute.name, value, shown)


def built(house, attributes, contacts):
    fill(house.raw, attributes, contacts)
    report = house.build("+dim_contact_attributes")
    assert not report.failed_models, report.failed_models


@contextlib.contextmanager
def fresh_duckdb():
    with tempfile.TemporaryDirectory() as folder, held_open(Path(folder) / "names.duckdb"):
        yield duckdb_house(Path(folder), "names")


@contextlib.contextmanager
def fresh_postgres(url):
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            "attribute_names",
            destination=dlt.destinations.postgres(url),
            dataset_name="intercom_raw",
            pipelines_dir=folder,
        )
        house = House(pipeline, "postgres")
        try:
            yield house
        finally:
            for dataset in dataclasses.astuple(house.datasets):
                house.execute(f"drop schema if exists {dataset} cascade")


FEW = settings(max_examples=4, suppress_health_check=list(HealthCheck))


@FEW
@given(workspaces())
def test_a_column_equals_the_value_in_json(workspace):
    with fresh_duckdb() as house:
        built(house, *workspace)
        check(house, *workspace)


@FEW
@given(workspaces())
def test_a_column_equals_the_value_in_json_on_postgres(postgres, workspace):
    with fresh_postgres(postgres) as house:
        built(house, *workspace)
        check(house, *workspace)

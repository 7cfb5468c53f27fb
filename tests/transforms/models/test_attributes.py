"""Custom attributes become columns: named, typed, one mart per object."""

import datetime

import pytest
from dlt.destinations.exceptions import DatabaseException

from transforms.runner.attributes.column_names import RESERVED, column_names
from transforms.runner.attributes.declared_attributes import Attribute

NOON = 1_714_564_800


def columns(*names):
    return [column for column, _, _ in column_names([Attribute(name) for name in names], taken="contact_id")]


def test_a_column_name_needs_no_quotes():
    assert columns("plan", "Plan Größe", "  % of  use ", "2nd phone", "order", "客户") == [
        "plan",
        "plan_grosse",
        "of_use",
        "attribute_2nd_phone",
        "attribute_order",
        "attribute",
    ]


def test_no_column_name_is_there_twice_or_cut_into_another():
    assert columns("contact_id", "Plan", "plan", "plan 2", "PLAN!") == [
        "contact_id_2",
        "plan",
        "plan_2",
        "plan_2_2",
        "plan_3",
    ]


@pytest.mark.parametrize("begins", ["x", "2", "order", "客", "_"])
def test_postgres_cuts_no_column_name(begins):
    long = [Attribute(f"{begins}{middle * count}") for count in (40, 54, 80, 81) for middle in "x7"]
    names = [name for column, misfits, _ in column_names(long, "contact_id") for name in (column, misfits)]
    assert len(set(names)) == 2 * len(long)
    assert max(map(len, names)) <= 63


def test_words_that_duckdb_reserves_are_no_column_names(house):
    found = house.execute("select keyword_name from duckdb_keywords() where keyword_category = 'reserved'")
    assert set() != {word for (word,) in found} <= RESERVED


def test_words_that_postgres_reserves_are_no_column_names(postgres_house):
    found = postgres_house.execute("select word from pg_get_keywords() where catcode in ('R', 'T')")
    assert set() != {word for (word,) in found} <= RESERVED


def contact(house, contact_id, **attributes):
    house.raw.add("contacts", id=contact_id, custom_attributes=attributes)


def wide(house, columns):
    return house.answer("dim_contact_attributes", f"contact_id, {columns}", "contact_id")


def test_values_have_their_declared_type_and_what_does_not_fit_is_null(house):
    for name in ("string", "integer", "float", "boolean", "date"):
        house.raw.attribute("contact", f"a {name}", name)
    fitting = {"a string": "x", "a integer": 12, "a float": 2.5, "a boolean": True, "a date": NOON}
    contact(house, "1", **fitting)
    contact(house, "2", **{name: str(value) for name, value in fitting.items()})
    contact(house, "3", **dict.fromkeys(fitting, "about 30"))
    contact(house, "4", **dict.fromkeys(fitting, None))
    contact(house, "5", **{"a string": 7, "a integer": 2.5, "a float": -3, "a boolean": False, "a date": NOON * 1000})
    contact(house, "6", **{"a integer": -(10**17), "a float": "1e5", "a date": -86_400})
    contact(house, "7")
    noon = datetime.datetime.fromtimestamp(NOON, datetime.UTC)
    before = datetime.datetime(1969, 12, 31, tzinfo=datetime.UTC)
    assert wide(house, "a_string, a_integer, a_float, a_boolean, a_date") == [
        ("1", "x", 12, 2.5, True, noon),
        ("2", "x", 12, 2.5, True, noon),
        ("3", "about 30", None, None, None, None),
        ("4", None, None, None, None, None),
        ("5", "7", None, -3.0, False, None),
        ("6", None, -(10**17), 100_000.0, None, before),
        ("7", None, None, None, None, None),
    ]
    kept = house.rows("int_custom_attributes", "attribute, value", "attribute")
    assert ("a integer", "about 30") in kept


def test_custom_attributes_are_rows_whatever_they_are_called(house):
    for name, kind in (("Plan size", "integer"), ("mrr.eur", "float"), ("unset", "string")):
        house.raw.add(
            "data_attributes",
            model="contact",
            full_name=f"custom_attributes.{name}",
            name=name,
            data_type=kind,
            custom=True,
        )
    house.raw.add("data_attributes", model="contact", full_name="email", name="email", custom=False)
    attributes = {"Plan size": 7, "mrr.eur": 1.5, "unset": None, "undeclared": "x", "email": "y"}
    house.raw.add("contacts", id="c1", created_at=NOON, updated_at=NOON, custom_attributes=attributes)
    house.raw.add("contacts", id="c2", created_at=NOON, updated_at=NOON)
    assert house.answer("int_custom_attributes", "object, object_id, attribute, data_type, value", "attribute") == [
        ("contact", "c1", "Plan size", "integer", "7"),
        ("contact", "c1", "mrr.eur", "float", "1.5"),
    ]


def test_a_name_may_begin_with_a_currency_symbol(house):
    """Intercom allows it in names; DuckDB takes such a key for a path."""
    for name in ("$ARR", "$ per seat", "€ budget", "/path", "plan"):
        house.raw.attribute("contact", name)
    contact(house, "1", **{"$ARR": "1", "$ per seat": "2", "€ budget": "3", "/path": "4", "plan": "5"})
    assert wide(house, "arr, per_seat, budget, path, plan") == [("1", "1", "2", "3", "4", "5")]


def test_a_key_of_json_is_taken_as_it_is(house):
    odd = ("Plan Größe", "a.b", "it's", 'say "hi"', "plan", "Plan", "line\nbreak")
    for number, name in enumerate(odd):
        house.raw.attribute("contact", name, created_at=number)
    contact(house, "1", **{name: str(number) for number, name in enumerate(odd)})
    assert wide(house, "plan_grosse, a_b, it_s, say_hi, plan, plan_2, line_break") == [
        ("1", "0", "1", "2", "3", "4", "5", "6")
    ]


def test_a_new_attribute_leaves_older_ones_their_column(house):
    house.raw.attribute("contact", "plan", created_at=1)
    house.raw.attribute("contact", "Plan", created_at=2)
    contact(house, "1", plan="old", Plan="new")
    assert wide(house, "plan, plan_2") == [("1", "old", "new")]


def test_each_object_has_columns_for_its_own_attributes(house):
    """Built-in ones have none."""
    house.raw.attribute("company", "tier")
    house.raw.attribute("conversation", "escalated", "boolean")
    house.raw.add("data_attributes", model="contact", full_name="email", name="email", data_type="string", custom=False)
    house.raw.add("companies", id="k1", custom_attributes={"tier": "gold"})
    house.raw.conversation("9", NOON, custom_attributes={"escalated": True})
    contact(house, "1", email="x")
    assert house.build().is_ok
    assert house.rows("dim_contact_attributes") == [("1",)]
    assert house.rows("dim_company_attributes") == [("k1", "gold")]
    assert house.rows("dim_conversation_attributes") == [("9", True)]


def test_the_name_that_people_know_is_the_columns_comment(house):
    house.raw.attribute("contact", "Plan Größe", "integer")
    house.raw.attribute("contact", "Plan", "string")
    house.build()
    comments = (
        "select column_name, comment from duckdb_columns() where table_name = 'dim_contact_attributes' order by 1"
    )
    assert house.execute(comments) == [
        ("contact_id", None),
        ("plan", "Plan (string)"),
        ("plan_grosse", "Plan Größe (integer)"),
    ]


def shown(house):
    found = house.execute("select column_name from duckdb_columns() where table_name = 'dim_contact_attributes'")
    return {name for (name,) in found} - {"contact_id"}


def test_archived_attributes_are_rows_and_no_columns(house):
    """Live ones keep the column names that they had beside them."""
    for number in range(600):
        house.raw.attribute("contact", f"old {number}", archived=True)
    house.raw.attribute("contact", "plan", archived=True, created_at=1)
    house.raw.attribute("contact", "Plan", created_at=2)
    contact(house, "1", **{"old 7": "x", "Plan": "pro", "plan": "gone"})
    assert wide(house, "plan_2") == [("1", "pro")]
    assert shown(house) == {"plan_2"}
    assert house.rows("int_custom_attributes", "attribute, value", "attribute") == [
        ("Plan", "pro"),
        ("old 7", "x"),
        ("plan", "gone"),
    ]


def test_of_live_attributes_with_one_name_the_one_that_fits_the_values_counts(house):
    for name, *kinds in (("tier", "string", "integer"), ("size", "integer", "string"), ("rate", "integer", "float")):
        for number, kind in enumerate(kinds):
            house.raw.attribute("contact", name, kind, id=f"{name}{number}", created_at=number)
    house.raw.attribute("contact", "tier", "boolean", id="9", archived=True)
    contact(house, "1", tier=5, size=5, rate=1)
    contact(house, "2", tier=6, size="large", rate=1.5)
    assert wide(house, "tier, size, rate") == [("1", 5, "5", 1.0), ("2", 6, "large", 1.5)]
    assert shown(house) == {"tier", "size", "rate"}


def test_values_that_do_not_fit_their_type_are_readable_as_text(house):
    """Their column stays theirs when an attribute of that name is declared."""
    for number, name in enumerate(("seats", "born", "seats_text")):
        kind = {"seats": "integer", "born": "date"}.get(name, "string")
        house.raw.attribute("contact", name, kind, created_at=number)
    contact(house, "1", seats=5, seats_text="own", born="1990")
    contact(house, "2", seats="about 30")
    assert wide(house, "seats, seats_text, seats_text_2") == [("1", 5, None, "own"), ("2", None, "about 30", None)]
    assert shown(house) == {"seats", "seats_text", "seats_text_2", "born"}


def test_more_attributes_than_a_row_has_room_for_are_said(house):
    for number in range(450):
        house.raw.attribute("contact", f"a {number:03}")
    contact(house, "1", **{f"a {number:03}": "x" * 30 for number in range(450)})
    report = house.build("+dim_contact_attributes")
    assert [warning for warning in report.warnings if "dim_contact_attributes shows the first 400 of 450" in warning]
    assert len(shown(house)) == 400


def test_attributes_that_cannot_be_read_once_end_the_build(house):
    """The mart keeps the columns that it has: who they are for would miss them without a word."""
    house.raw.attribute("contact", "plan", "integer")
    contact(house, "1", plan=7)
    assert wide(house, "plan") == [("1", 7)]
    house.execute(
        "alter table intercom_raw.data_attributes rename to declared; create sequence intercom_raw.times_read"
    )
    house.execute(
        "create view intercom_raw.data_attributes as select * from intercom_raw.declared "
        "where nextval('intercom_raw.times_read') > 1 or cast(error('out of reach') as boolean)"
    )
    with pytest.raises(DatabaseException, match="out of reach"):
        house.build("+dim_contact_attributes")
    assert wide(house, "plan") == [("1", 7)]

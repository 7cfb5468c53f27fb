"""One form for a value, wherever it comes from; and lists that a listing cuts."""

import pytest

from sources.intercom.resources.contacts import CONTACTS_TABLE, TAGS
from sources.intercom.sweep.comparison import canonical, rows_by_table
from sources.intercom.sweep.entities import CONTACTS
from sources.intercom.sweep.held import Held


@pytest.mark.parametrize(
    ("data_type", "listed", "held"),
    [
        ("text", 5, "5"),
        ("bigint", "5", 5),
        ("bigint", 2**60 + 1, 2**60 + 1),
        ("double", 5, 5.0),
        ("json", {"b": 1.0, "a": [None, "x"]}, '{"a":[null,"x"],"b":1}'),
        ("json", {"n": 2.5}, {"n": 2.5}),
        ("text", None, None),
    ],
)
def test_a_value_as_intercom_sends_it_is_the_value_as_the_column_holds_it(data_type, listed, held):
    assert canonical(data_type, listed) == canonical(data_type, held)


@pytest.mark.parametrize(
    ("data_type", "listed", "held"), [("text", "5", "6"), ("bool", True, False), ("json", {"a": 1}, {"a": "1"})]
)
def test_different_values_stay_different(data_type, listed, held):
    assert canonical(data_type, listed) != canonical(data_type, held)


class Raw:
    """Raw tables in memory."""

    def __init__(self, **tables):
        self._tables = tables

    def rows(self, table, *columns, where=""):
        yield from (tuple(row.get(column) for column in columns) for row in self._tables.get(table, []))


def contact(tag_ids, total_count, **fields):
    tags = {"data": [{"type": "tag", "id": one} for one in tag_ids], "total_count": total_count}
    return {"id": "c", "updated_at": 7, "tags": {**tags, "has_more": total_count > 10}, **fields}


def differing(loaded_tag_ids, loaded_count, listed):
    own_row = {"id": "c", "updated_at": 7, "tags__total_count": loaded_count, "tags__has_more": loaded_count > 10}
    tags = [{"contact_id": "c", "tag_id": one} for one in loaded_tag_ids]
    held = Held.of(Raw(**{CONTACTS_TABLE.name: [own_row], TAGS.table.name: tags}), CONTACTS, 0)
    met = held.met("c", CONTACTS.shown(listed))
    assert (met.updated_at, held.unmet) == (7, [])
    return met.differing


@pytest.mark.parametrize(("column", "value"), [("created_at", "007"), ("has_hard_bounced", 1), ("name", True)])
def test_a_value_that_gets_a_column_of_its_own_is_none_in_its_column(column, value):
    [row] = rows_by_table([(CONTACTS_TABLE, [{"id": "c", column: value}])])["contacts"]
    assert row == {"id": "c"}


FIFTEEN = [str(number) for number in range(15)]


@pytest.mark.parametrize(
    ("loaded", "count", "listed", "differs"),
    [
        (["1", "2"], 2, contact(["2", "1"], 2), set()),
        (["1", "2"], 2, contact(["1", "3"], 2), {"record"}),
        ([], 0, contact(["1"], 1), {"record"}),
        (["1"], 1, contact([], 0), {"record"}),
        (FIFTEEN, 15, contact(FIFTEEN[5:], 15), set()),
        (FIFTEEN, 15, contact([*FIFTEEN[:9], "99"], 15), {"record"}),
        (FIFTEEN, 15, contact(FIFTEEN[:10], 14), {"record"}),
        (["1"], 1, contact(["1"], 1, name="new"), {"record"}),
        (["1"], 1, contact(["1"], 1, opted_in_subscription_types={"total_count": 2}), {"subscriptions"}),
    ],
)
def test_a_list_is_compared_as_far_as_the_contact_shows_it(loaded, count, listed, differs):
    assert differing(loaded, count, listed) == differs


def test_a_record_that_is_not_loaded_was_not_met():
    assert Held.of(Raw(), CONTACTS, 0).met("c", CONTACTS.shown(contact([], 0))) is None

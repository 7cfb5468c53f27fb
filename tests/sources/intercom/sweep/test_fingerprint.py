"""One form for a value, wherever it comes from; and lists that a listing cuts."""

import pytest

from sources.intercom.resources.contacts import CONTACT_TAGS, CONTACTS_TABLE
from sources.intercom.sweep.entities import SWEPT_CONTACTS
from sources.intercom.sweep.fingerprint import canonical, rows_by_table
from sources.intercom.sweep.loaded_records import LoadedRecords
from tests.sources.intercom.sweep.raw import Raw


@pytest.mark.parametrize(
    ("data_type", "listed", "loaded"),
    [
        ("text", 5, "5"),
        ("bigint", "5", 5),
        ("bigint", 2**60 + 1, 2**60 + 1),
        ("double", 5, 5.0),
        ("json", {"b": 1.0, "a": [None, "x"]}, '{"a":[null,"x"],"b":1}'),
        ("json", {"n": 2.5}, {"n": 2.5}),
        ("text", None, None),
        ("text", "", None),
    ],
)
def test_a_value_as_intercom_sends_it_is_the_value_as_the_column_holds_it(data_type, listed, loaded):
    assert canonical(data_type, listed) == canonical(data_type, loaded)


@pytest.mark.parametrize(
    ("data_type", "listed", "loaded"), [("text", "5", "6"), ("bool", True, False), ("json", {"a": 1}, {"a": "1"})]
)
def test_different_values_stay_different(data_type, listed, loaded):
    assert canonical(data_type, listed) != canonical(data_type, loaded)


def contact(tag_ids, total_count, **fields):
    tags = {"data": [{"type": "tag", "id": one} for one in tag_ids], "total_count": total_count}
    return {"id": "c", "updated_at": 7, "tags": {**tags, "has_more": total_count > 10}, **fields}


def differing(loaded_tag_ids, loaded_count, listed):
    own_row = {"id": "c", "updated_at": 7, "tags__total_count": loaded_count, "tags__has_more": loaded_count > 10}
    tags = [{"contact_id": "c", "tag_id": one} for one in loaded_tag_ids]
    loaded = LoadedRecords.of(Raw(**{CONTACTS_TABLE.name: [own_row], CONTACT_TAGS.table.name: tags}), SWEPT_CONTACTS, 0)
    met = loaded.met("c", SWEPT_CONTACTS.shown(listed))
    assert (met.updated_at, loaded.unmet) == (7, [])
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
    assert LoadedRecords.of(Raw(), SWEPT_CONTACTS, 0).met("c", SWEPT_CONTACTS.shown(contact([], 0))) is None

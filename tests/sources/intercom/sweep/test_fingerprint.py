"""One form for a value, wherever it comes from; and lists that a listing cuts."""

import pytest

from sources.intercom.resources.contacts import CONTACT_TAGS, CONTACTS_TABLE, contact_rows
from sources.intercom.resources.cut_lists import lists_with_calls_of_their_own
from sources.intercom.rows.table import REMOVES
from sources.intercom.rows.validation import fitting
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
    before = loaded.compared("c", SWEPT_CONTACTS.shown(listed), SWEPT_CONTACTS.cut(listed))
    assert (before.updated_at, loaded.unlisted) == (7, [])
    return before.differing


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
        (["1", "2"], 3, contact(["1", "2"], 3), set()),
        (["1", "2", "3"], 3, contact(["1", "2"], 3), {"record"}),  # the third tag was archived, and is still counted
        (["1"], 1, contact([], 1), {"record"}),
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
    assert LoadedRecords.of(Raw(), SWEPT_CONTACTS, 0).compared("c", SWEPT_CONTACTS.shown(contact([], 0)), ()) is None


TEN, ADDRESS = FIFTEEN[:10], {"type": "list", "url": "/contacts/c/tags"}
WRAPPED = [
    ({}, TEN, FIFTEEN),
    ({}, TEN, TEN),
    ({}, None, FIFTEEN[:3]),
    ({"data": None}, None, FIFTEEN[:3]),
    ({"total_count": 3}, [], FIFTEEN[:3]),
    ({"total_count": "3", "has_more": False}, FIFTEEN[:3], FIFTEEN[:3]),
    ({"total_count": "15"}, TEN, FIFTEEN),
    ({"has_more": True}, TEN, FIFTEEN),
    ({}, FIFTEEN[:3], FIFTEEN[:3]),
]


@pytest.mark.parametrize(
    ("field", "wrapper", "shown", "in_full"),
    [
        *(("tags", *wrapped) for wrapped in WRAPPED),
        *(("companies", *wrapped) for wrapped in WRAPPED),
        ("companies", {"total_count": 3, "has_more": False}, [], FIFTEEN[:3]),  # of tags, they would be archived
    ],
)
def test_a_list_that_the_contact_may_cut_is_no_difference_once_it_was_read_in_full(field, wrapper, shown, in_full):
    """However Intercom writes the wrapper; but an item that is shown and not loaded is one."""

    def listed(ids):
        items = {} if ids is None else {"data": [{"id": one} for one in ids]}
        return {"id": "c", "updated_at": 7, field: ADDRESS | wrapper | items}

    found = listed(shown)
    assert (field in lists_with_calls_of_their_own(found)) == (field in SWEPT_CONTACTS.cut(found))
    lists = {"id": "c", "tags": [], "companies": [], "notes": [], field: [{"id": one} for one in in_full]}
    tables = {table.name: rows for table, rows in contact_rows([(found, lists)])}
    loaded = Raw(**{name: [row for row in rows if REMOVES not in row] for name, rows in tables.items()})

    def differing(found):
        read = LoadedRecords.of(loaded, SWEPT_CONTACTS, 0)
        shown_rows, _ = fitting(SWEPT_CONTACTS.shown(found))
        return read.compared("c", shown_rows, SWEPT_CONTACTS.cut(found)).differing

    assert not differing(found)
    if shown:
        assert differing(listed([*shown[:-1], "99"])) == {"record"}

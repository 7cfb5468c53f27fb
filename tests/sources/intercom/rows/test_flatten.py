"""From nested records to rows: nothing gets lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.rows.flatten import as_id, counts, distinct, flatten, inner_list

NAMES = st.sampled_from(["name", "plan", "author", "size", "location", "tags", "ideas", "Weird Name"])
LEAVES = st.one_of(
    st.integers(1 - 2**63, 2**63 - 1), st.text(max_size=4), st.booleans(), st.just(1.5), st.just([1, "a"])
)
RECORDS = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=4),
    lambda inner: st.dictionaries(NAMES, st.one_of(LEAVES, inner), max_size=4),
    max_leaves=8,
)


def leaves(record, *above):
    for name, value in record.items():
        if isinstance(value, dict):
            yield from leaves(value, *above, name)
        else:
            yield "__".join((*above, name)), value


@given(RECORDS)
def test_every_leaf_has_its_column(record):
    assert flatten(record) == dict(leaves(record))


@given(RECORDS)
def test_a_flat_row_stays_as_it_is(record):
    row = flatten(record)
    assert flatten(row) == row


@given(st.dictionaries(NAMES, RECORDS, min_size=1))
def test_free_form_fields_stay_whole_and_others_get_out_of_the_way(record):
    free, *others = record
    assert flatten(record, {free}, set(others)) == {free: record[free]}


def test_only_the_named_column_is_free_form():
    record = {"metadata": {"a": 1}, "source": {"metadata": {"a": 1}}}
    assert flatten(record, {"metadata"}) == {"metadata": {"a": 1}, "source__metadata__a": 1}


def test_attributes_of_the_workspaces_own_are_json_wherever_they_stand():
    own = {"Plan": 1, "plan": 2, "id": 3}
    record = {"company": {"id": 7, "custom_attributes": own}, "linked": {"ticket": {"ticket_attributes": own}}}
    assert flatten(record) == {
        "company__id": "7",
        "company__custom_attributes": own,
        "linked__ticket__ticket_attributes": own,
    }


def test_no_field_takes_the_place_of_another():
    assert sorted(flatten({"a__b": 1, "a": {"b": 2}}).values()) == [1, 2]


def test_ids_become_text_wherever_they_stand():
    record = {"id": 7, "owner_id": 8, "author": {"id": "9"}, "team_ids": [1, "2"], "valid": 3, "idle": 4}
    assert flatten(record) == {
        "id": "7",
        "owner_id": "8",
        "author__id": "9",
        "team_ids": ["1", "2"],
        "valid": 3,
        "idle": 4,
    }


def test_nulls_and_empty_objects_leave_no_column():
    assert flatten({"name": None, "plan": {}, "location": {"city": None}}) == {}


@pytest.mark.parametrize("value", [0, False, "", []])
def test_what_is_empty_but_not_null_is_kept(value):
    assert flatten({"read": value}) == {"read": value}


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (12, "12"), ("12", "12"), (None, None), ("", "")])
def test_an_id_is_text_or_nothing(value, text):
    assert as_id(value) == text


@pytest.mark.parametrize(
    "wrapper",
    [
        {"type": "tag.list", "tags": [{"id": "1"}]},
        {"type": "list", "data": [{"id": "1"}]},
        {"type": "list", "admins": [{"id": "1"}]},
        {"admins": None, "tags": [{"id": "1"}]},
        [{"id": "1"}],
    ],
)
def test_a_list_is_found_under_every_name_it_hides_behind(wrapper):
    assert inner_list({"tags": wrapper}, "tags", "admins") == [{"id": "1"}]


@pytest.mark.parametrize("record", [{}, {"tags": None}, {"tags": {}}, {"tags": {"tags": None}}, {"tags": ""}])
def test_a_missing_list_is_an_empty_one(record):
    assert inner_list(record, "tags") == []


@pytest.mark.parametrize("odd", ["none", 5, {"tags": "vip"}, ["vip"], [5]])
def test_what_is_no_list_or_no_object_is_not_taken_for_nothing(odd):
    [item] = inner_list({"tags": odd}, "tags")
    assert item.keys() == {"value"}


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "tag", "id": "1"},
        {"id": 0, "name": "vip"},
        {"type": "tag.list", "tags": None, "items": [{"id": "1"}]},
        {"type": "error.list", "errors": [{"code": "server_error"}]},
        {"0": {"id": "1"}, "1": {"id": "2"}},
    ],
)
def test_an_object_in_the_place_of_a_list_is_an_item_and_not_nothing(odd):
    assert inner_list({"tags": odd}, "tags", "admins") == [odd]


@pytest.mark.parametrize("more", [{}, {"total_count": 3}, {"url": "/contacts/1/tags", "has_more": False}, {"id": None}])
def test_what_lists_say_beside_their_items_is_no_item(more):
    assert inner_list({"tags": {"type": "list", **more}}, "tags") == []


def test_a_null_in_a_list_is_nothing():
    assert inner_list({"tags": [None, {"id": "1"}, None]}, "tags") == [{"id": "1"}]


def test_of_items_with_the_same_id_the_last_counts_and_those_without_stay():
    items = [{"id": 1, "n": 1}, {}, {"id": "1", "n": 2}, {"id": {"odd": 1}}, {}]
    assert distinct(items) == [{"id": "1", "n": 2}, {}, {"id": {"odd": 1}}, {}]
    blank = [{"id": ""}, {"id": " "}, {"id": ""}]
    assert distinct(blank) == blank


def test_objects_in_objects_become_json_where_no_end_is_in_sight():
    record = {"n": 1}
    for _ in range(900):
        record = {"a": record}
    [(column, value)] = flatten(record).items()
    assert (column.count("__"), type(value)) == (20, dict)


def test_counts_are_taken_where_they_are_sent():
    record = {"tags": {"data": [], "total_count": 25, "has_more": True}, "notes": {"total_count": 0}, "companies": None}
    assert counts(record, "tags", "notes", "companies", "missing") == {
        "tags__total_count": 25,
        "tags__has_more": True,
        "notes__total_count": 0,
    }


def test_an_integer_that_no_column_holds_stays_exact_as_text():
    assert flatten({"count": 2**63 - 1, "serial": 2**63, "debt": -(2**70)}) == {
        "count": 2**63 - 1,
        "serial__v_text": "9223372036854775808",
        "debt__v_text": "-1180591620717411303424",
    }

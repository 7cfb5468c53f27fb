"""When two values are the same, and what is told of them when they are not."""

from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.verify.audit.examination.values import QUOTED, is_same, read, told
from sources.intercom import TABLES
from sources.intercom.rows.table import Column

SAME = [
    (1, 1.0),
    ({"a": 1, "b": [1, {"c": None}]}, {"b": [1.0, {"c": None}], "a": 1}),
    ("x", "x"),
    (None, None),
    ([], []),
]
DIFFERENT = [
    (1, True),
    ({"a": 0}, {"a": False}),
    ("1", 1),
    ("", None),
    ([1, 2], [2, 1]),
    ({"a": None}, {}),
    (2**63 - 1, 2**63 - 2),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME)
def test_what_means_the_same_is_the_same(ours, theirs):
    assert is_same(ours, theirs)
    assert is_same(theirs, ours)


@pytest.mark.parametrize(("ours", "theirs"), DIFFERENT)
def test_what_means_something_else_is_not(ours, theirs):
    assert not is_same(ours, theirs)
    assert not is_same(theirs, ours)


def test_json_is_compared_by_what_it_says_and_times_by_their_moment():
    assert read('{"b": 1, "a": [true]}', "json") == {"a": [True], "b": 1}
    assert read("no json", "json") == "no json"
    summer = datetime(2026, 7, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    assert read(summer, "timestamp") == read(datetime(2026, 7, 1, 12), "timestamp") == summer.astimezone(UTC)  # noqa: DTZ001 - some engines answer without a zone


def test_numbers_truths_and_ids_are_told_and_texts_only_measured():
    told_of = partial(told, declared=Column("text", "", "impersonal"))
    assert told_of(True, 5, "open") == ("true", "5")
    assert told_of("12", "13", "admin_assignee_id") == ("12", "13")
    assert told_of("mailto", "mail me", "body") == (
        "text of 6 characters, different from character 5 on",
        "text of 7 characters",
    )
    assert told_of(None, {"name": "Ada"}, "custom_attributes") == ("nothing", "JSON of 15 characters")


@given(st.sampled_from(sorted(TABLES)), st.data())
def test_nothing_is_quoted_of_a_column_that_says_something_of_a_customer(name, data):
    """Nor of one that nobody has declared: a field that Intercom adds, or a value that does not fit its column."""
    columns = TABLES[name].columns
    kept = [column for column in columns if columns[column].personal not in QUOTED] + ["new_id", "phone__v_bigint"]
    column = data.draw(st.sampled_from(kept))
    written = "70177", 70177, {"of": 70177}, datetime(1970, 1, 7, tzinfo=UTC)
    values = [data.draw(st.sampled_from(written)) for _ in "12"]
    said = str(told(*values, column, columns.get(column)))
    assert "70177" not in said
    assert "1970" not in said

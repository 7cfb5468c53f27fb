"""When two values are the same, and what is told of them when they are not."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipelines.verify.audit.examination.values import is_same, read, told

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
    assert told(True, 5, "open") == ("true", "5")
    assert told("12", "13", "admin_assignee_id") == ("12", "13")
    assert told("mailto", "mail me", "body") == (
        "text of 6 characters, different from character 5 on",
        "text of 7 characters",
    )
    assert told(None, {"name": "Ada"}, "custom_attributes") == ("nothing", "JSON of 15 characters")

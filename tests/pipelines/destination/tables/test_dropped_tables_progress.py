"""What is read in full after somebody has dropped something, and what stays known although it is."""

import pytest

from pipelines.destination.tables.dropped_tables_progress import reset_progress
from sources.intercom.incremental.dlt_state import VERSION

FACTS = {"unread": ["7"], "unreadable": {"things 7": {"entity": "things", "id": "7"}}}


@pytest.mark.parametrize("lost", ["tickets", "tickets.title", "ticket_parts.body"])
def test_what_cannot_be_read_stays_named_where_all_is_read_again(lost):
    """Its rows are in another table, and only the state takes them out of it."""
    states = {"tickets": {"watermark": 5, "pass": {"after": 1}, "seen": "", **FACTS}, "contacts": {"watermark": 6}}
    assert reset_progress(states, [lost]) == ["tickets"]
    assert states == {"tickets": {"version": VERSION, **FACTS}, "contacts": {"watermark": 6}}


def test_articles_whose_table_lost_a_column_are_read_again_and_their_absence_is_still_noticed():
    states = {"articles": {"known": {"1": 10, "2": None}, "gone": ["3"]}}
    assert reset_progress(states, ["articles.body"]) == ["articles"]
    assert states == {"articles": {"version": VERSION, "known": {"1": None, "2": None}, "gone": ["3"]}}


def test_of_articles_whose_table_is_gone_none_is_known():
    states = {"articles": {"known": {"1": 10}, "gone": ["3"]}}
    reset_progress(states, ["articles"])
    assert states == {"articles": {"version": VERSION, "gone": ["3"]}}


def test_the_loaded_part_of_a_list_is_known_as_long_as_its_table_is_there():
    states = {"segments": {"answered": ["contact", "company"], "loaded": ["digest"]}}
    reset_progress(states, ["segments.name"])
    assert states == {"segments": {"version": VERSION, "answered": ["contact", "company"]}}
    reset_progress(states, ["segments"])
    assert states == {"segments": {"version": VERSION}}


@pytest.mark.parametrize("lost", ["deleted_records", "deleted_records.deleted_at"])
def test_marks_of_what_is_gone_are_made_again(lost):
    states = {
        "articles": {"known": {"1": 10}, "gone": ["3"]},
        "news_items": {"known": {"5": 10}, "gone": []},
        "contacts": {"watermark": 5},
        "sweep_contacts": {"version": 1, "complete_at": 9},
    }
    assert reset_progress(states, [lost]) == []
    assert states == {
        "articles": {"known": {"1": 10, "3": None}},
        "news_items": {"known": {"5": 10}},
        "contacts": {"watermark": 5},
        "sweep_contacts": {"version": 1},
    }


def test_nothing_is_forgotten_of_what_was_never_read():
    states = {}
    assert reset_progress(states, ["tags", "deleted_records"]) == ["tags"]
    assert states == {}

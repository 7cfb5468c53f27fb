"""Passes over a search: what is read, and what is not read twice."""

import time

import pytest

from sources.intercom.api.errors import RecordsUnread
from tests.support.searches.passes import read_pages, shaped
from tests.support.searches.searchable import NOW
from tests.support.searches.ticket_search import TICKETS, Workspace, chunk, record, run, whole


def test_what_is_seen_whole_is_not_asked_for_and_an_odd_one_costs_only_itself(serve, begin):
    records = [record(str(number), NOW - 100 + number, is_whole=number % 3 > 0) for number in range(9)]
    _, client = serve(Workspace(*records))
    asked, together = [], []

    def complete(found):
        asked.append(found["id"])
        return whole(found)

    def rows(details):
        together.append([one["id"] for one in details])
        if "4" in together[-1]:
            raise ValueError
        return shaped(details)

    reading = begin(client, {})
    pages = read_pages(TICKETS, reading, complete, lambda found: found if found["is_whole"] else None, rows)
    read = []
    with pytest.raises(RecordsUnread, match="id 4"):
        read.extend(one["id"] for page in pages for one in page)
    assert sorted(read) == [str(number) for number in range(9) if number != 4]
    assert sorted(asked) == ["0", "3", "6"]
    assert [ids for ids in together if {"4", "5"}.intersection(ids)] == [["4", "5"], ["4"], ["5"]]
    assert reading.report.count_records == 8


@pytest.mark.parametrize("records", [1, 2, 3, 100])
def test_everything_is_read_once_whatever_the_size_of_a_chunk(serve, begin, old, records):
    _, client = serve(Workspace(*old))
    state = {}
    assert run(begin, client, state, records=records) == [one["id"] for one in old]
    assert state["watermark"] == old[-1]["updated_at"]


def test_a_second_run_without_changes_reads_nothing(serve, begin, old):
    server, client = serve(Workspace(*old))
    state = {}
    run(begin, client, state)
    before = len(server.requests)
    assert run(begin, client, state) == []
    assert len(server.requests) - before == 4


def test_a_change_is_read_and_moves_the_watermark(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    run(begin, client, state)
    workspace.records[0] = record("0", NOW - 50)
    assert run(begin, client, state) == ["0"]
    assert state["watermark"] == NOW - 50


@pytest.mark.parametrize("has_date", [True, False])
def test_a_second_change_in_the_same_second_is_read(serve, begin, has_date):
    workspace = Workspace(record("1", NOW, state="open"), has_date=has_date)
    _, client = serve(workspace)
    state = {}
    run(begin, client, state)
    workspace.records[0] = record("1", NOW, state="closed")
    assert run(begin, client, state) == ["1"]


@pytest.mark.parametrize("has_date", [True, False])
def test_another_record_of_the_watermarks_second_is_read(serve, begin, has_date):
    workspace = Workspace(record("1", NOW - 60), record("2", NOW), has_date=has_date)
    _, client = serve(workspace)
    state = {}
    run(begin, client, state, overlap_seconds=0)
    workspace.records.append(record("3", NOW))
    assert "3" in run(begin, client, state, overlap_seconds=0)


def test_without_a_clock_of_intercoms_the_newest_second_of_each_page_is_read_again(serve, begin, old):
    _, client = serve(Workspace(*old, has_date=False))
    state = {}
    run(begin, client, state)
    assert set(run(begin, client, state)) == {"1", "2", "3", "5", "6"}


def test_a_record_indexed_within_the_overlap_is_read(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    run(begin, client, state, overlap_seconds=900)
    workspace.records.append(record("late", old[-1]["updated_at"] - 900))
    assert run(begin, client, state, overlap_seconds=900) == ["late"]


def test_what_a_stale_index_shows_does_not_replace_the_newer_version_that_is_loaded(serve, begin, old):
    """It is asked for by its id, which is fresh; the others are taken as they are shown."""
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    run(begin, client, state, overlap_seconds=900)
    workspace.records = [one | {"updated_at": one["updated_at"] - 50, "is_stale": True} for one in old[-1:]]
    workspace.records.append(record("late", old[-1]["updated_at"] - 50, is_stale=True))
    reading = begin(client, state, overlap_seconds=900)
    pages = read_pages(
        TICKETS, reading, lambda found: whole(old[-1]), lambda found: found if "is_stale" in found else None
    )
    assert sorted((one["id"], "is_stale" in one) for page in pages for one in page) == [("6", False), ("late", True)]
    assert run(begin, client, state, overlap_seconds=900) == []


def test_a_newer_version_is_read_again_where_both_the_index_and_the_record_were_stale(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    run(begin, client, state, overlap_seconds=900)
    workspace.records = [old[-1] | {"updated_at": old[-1]["updated_at"] - 50}]
    assert run(begin, client, state, overlap_seconds=900) == [old[-1]["id"]]
    workspace.records = old
    assert run(begin, client, state, overlap_seconds=900) == [old[-1]["id"]]


def test_a_record_that_changes_between_two_pages_ends_the_chunk_and_is_read_anew(serve, begin):
    """Two versions in one load package would merge the rows of both."""
    workspace = Workspace(*(record(str(number), NOW - 1_000 + number) for number in range(20)))
    _, client = serve(workspace)
    state = {}
    batches = read_pages(TICKETS, begin(client, state), whole)
    assert [one["id"] for one in next(batches)] == ["0", "1"]
    workspace.records[0] = record("0", NOW - 10, v=2)
    assert [one["id"] for batch in batches for one in batch] == [str(number) for number in range(2, 20)]
    assert "pass" in state
    assert run(begin, client, state) == ["0"]


def test_a_vanished_record_is_counted_and_skipped(serve, begin, old):
    _, client = serve(Workspace(*old))
    reading = begin(client, {})
    assert chunk(reading, complete=lambda one: None if one["id"] == "3" else whole(one)) == [
        "0",
        "1",
        "2",
        "4",
        "5",
        "6",
    ]
    assert (reading.report.count_vanished, reading.report.count_records) == (1, 6)


@pytest.mark.parametrize("is_found", [True, False])
def test_a_record_that_is_marked_as_gone_is_asked_for_by_its_id_when_it_is_listed_again(serve, begin, old, is_found):
    """Unchanged or not: a search may list for a while what is gone, and what was not found for a while is back."""
    workspace = Workspace(*(one | {"is_whole": True} for one in old))
    _, client = serve(workspace)
    state, asked = {}, []
    run(begin, client, state)
    marks = {"records": {"2", "3"}}
    workspace.records[2] = record("2", NOW - 50, is_whole=True)

    def complete(found):
        asked.append(found["id"])
        return whole(found) if is_found or found["id"] not in marks["records"] else None

    reading = begin(client, state, marked=marks, overlap_seconds=1_000)
    pages = read_pages(TICKETS, reading, complete, lambda found: found if "is_whole" in found else None)
    assert sorted(one["id"] for page in pages for one in page) == (["2", "3"] if is_found else [])
    assert set(asked) >= {"2", "3"}
    assert (reading.report.count_rescued, reading.report.count_vanished) == (0, 0)
    assert "vanished" not in state, "what is known to be gone is not asked for once more"


def test_ids_that_change_between_number_and_text_are_one_record(serve, begin):
    workspace = Workspace(*(record(str(number), NOW - 1_000 + number) for number in range(20)))
    _, client = serve(workspace)
    state = {}
    batches = read_pages(TICKETS, begin(client, state), whole)
    next(batches)
    workspace.records[1] = record(1, NOW - 10)
    list(batches)
    assert "pass" in state  # the other version belongs in the next load package


def test_a_record_without_a_change_time_counts_by_its_creation(serve, begin):
    def answer(request):
        return {"tickets": [{"id": "1", "created_at": NOW - 5, "updated_at": None}], "pages": {}}

    _, client = serve(answer)
    state = {}
    assert run(begin, client, state) == ["1"]
    assert state["watermark"] == NOW - 5


@pytest.mark.parametrize("total_count", [None, 0, "1"])
def test_a_total_that_is_missing_or_too_small_changes_nothing(serve, begin, total_count):
    _, client = serve(lambda request: {"tickets": [record("1", NOW)], "pages": {}, "total_count": total_count})
    assert run(begin, client, {}) == ["1"]


def test_a_record_from_the_future_hides_nothing_where_nobody_tells_the_time(serve, begin):
    state, workspace = {}, Workspace(record("ahead", 32_503_680_000), has_date=False)
    _, client = serve(workspace)
    assert run(begin, client, state) == ["ahead"]
    workspace.records.append(record("later", int(time.time()) + 60))
    assert "later" in run(begin, client, state)

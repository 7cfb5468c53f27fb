"""Passes that are cut, interrupted, refused or told nonsense: none loses rows, none goes on for ever."""

import pytest

from sources.intercom.api.errors import IntercomError
from sources.intercom.api.lists.search_endpoint import Search
from sources.intercom.records.single_record import Whole
from tests.support.network.loopback import Reply
from tests.support.searches.chunks import chunks
from tests.support.searches.passes import read_pages
from tests.support.searches.searchable import Searchable

TICKETS = Search("/tickets/search", "tickets")
NOW = 1_772_366_400
DATE = {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}


def whole(record):
    return Whole(record, record.get("updated_at") or 0, None)


def page(*records, following=None):
    pages = {"type": "pages", "next": {"starting_after": following}} if following else {"type": "pages"}
    return Reply({"type": "ticket.list", "tickets": list(records), "pages": pages}, headers=DATE)


def record(record_id, updated_at, **fields):
    return {"id": record_id, "updated_at": updated_at, **fields}


def run(begun):
    """Read chunk after chunk, as a run does, until the pass is over."""
    return [
        detail for reading in chunks(begun) for details in read_pages(TICKETS, reading, whole) for detail in details
    ]


@pytest.mark.parametrize("records", [1, 20_000])
def test_an_empty_page_that_names_a_next_one_neither_loses_what_follows_nor_stops_each_run(serve, begin, records):
    """Whether a run goes on behind it or each load package ends with a page."""
    pages = {None: (record("1", 10), "b"), "b": (None, "c"), "c": (record("2", 20), None)}

    def answer(request):
        if request.body["query"]["value"] >= 20:
            return page()
        found, following = pages[request.starting_after]
        return page(*([found] if found else []), following=following)

    _, client = serve(answer)
    state = {}
    begun = begin(client, state, resource="tickets", records=records)
    assert [one["id"] for one in run(begun)] == ["1", "2"]
    assert (state["watermark"], "pass" in state) == (20, False)


@pytest.mark.parametrize("headers", [DATE, {}])
def test_two_versions_of_a_record_on_one_page_do_not_stop_the_pass(serve, begin, headers):
    def answer(request):
        return Reply(page(record("1", NOW, v=1), record("1", NOW, v=2), record("2", NOW)).content, headers=headers)

    _, client = serve(answer)
    assert run(begin(client))[-2:] == [record("1", NOW, v=2), record("2", NOW)]


def test_two_versions_on_one_page_do_not_stop_a_pass_that_reads_again(serve, begin):
    def answer(request):
        return page(record("1", NOW - 900_000, v=1), record("1", NOW - 900_000, v=2))

    _, client = serve(answer)
    reading = begin(client, {"watermark": NOW - 100}, since=NOW - 1_000_000)
    assert run(reading)[-1]["v"] == 2


def test_reading_again_goes_on_after_a_refused_page_cursor(serve, begin):
    """Otherwise everything between the refused cursor and the old watermark is left out, and the run is green."""

    def answer(request):
        if request.starting_after == "expired":
            return Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, 400)
        floor = request.body["query"]["value"]
        return page(
            *(
                one
                for one in (record("1", 1_000), record("2", 2_000), record("9", 9_000_000))
                if one["updated_at"] > floor
            )
        )

    _, client = serve(answer)
    state = {"watermark": 9_000_000, "pass": {"after": 900, "page_cursor": "expired"}}
    assert [one["id"] for one in run(begin(client, state))] == ["1", "2", "9"]


def test_a_record_indexed_late_is_found_though_the_pass_was_interrupted_before(serve, begin):
    """Run one is stopped near the present; "late" becomes searchable; run two resumes behind it, hours later."""
    shown = {"late": False}

    def answer(request):
        floor, cursor = request.body["query"]["value"], request.starting_after
        all_records = [
            record("first", NOW),
            *([record("late", NOW - 5)] if shown["late"] else []),
            record("next", NOW + 86_400),
        ]
        found = [one for one in sorted(all_records, key=lambda one: one["updated_at"]) if one["updated_at"] > floor]
        found = [one for one in found if cursor is None or one["updated_at"] > int(cursor)]
        following = str(found[0]["updated_at"]) if len(found) > 1 else None
        return page(*found[:1], following=following)

    _, client = serve(answer)
    state = {}
    interrupted = begin(client, state, records=1)
    read = [one for details in read_pages(TICKETS, interrupted, whole) for one in details]
    assert [one["id"] for one in read] == ["first"]
    assert "pass" in state
    shown["late"] = True
    read = run(begin(client, state))
    read += run(begin(client, state))
    assert "late" in {one["id"] for one in read}


def test_a_time_in_the_future_does_not_hide_what_changes_until_then(serve, begin):
    """Neither while others change beside it, nor while nothing else does and it comes alone."""
    records = [record("1", NOW - 5_000), record("odd", NOW + 10 * 86_400)]

    def answer(request):
        return page(*filter(Searchable(records).matches(request.body["query"]), records))

    _, client = serve(answer)
    state = {}
    run(begin(client, state))
    run(begin(client, state))
    records.insert(0, record("2", NOW + 60))
    assert "2" in {one["id"] for one in run(begin(client, state))}


def test_a_record_without_id_is_an_error_of_its_resource(serve, begin):
    _, client = serve(lambda request: page({"updated_at": NOW}))
    with pytest.raises(IntercomError):
        run(begin(client))


def test_an_outage_keeps_the_page_cursor(serve, begin):
    _, client = serve(lambda request: Reply(b"bad gateway", 502))
    state = {"watermark": NOW, "pass": {"after": 5, "page_cursor": "here"}}
    with pytest.raises(IntercomError):
        run(begin(client, state))
    assert state["pass"] == {"after": 5, "page_cursor": "here"}


def test_a_detail_older_than_what_was_found_is_read_again(serve, begin):
    """The search names a change that the detail does not show yet: it must not count as loaded."""
    found = record("1", NOW - 100, v=2)
    _, client = serve(lambda request: page(found, record("2", NOW - 50)))
    state = {}

    def stale(one):
        return Whole(one, one["updated_at"] - 500 * (one["id"] == "1"), NOW)

    reading = begin(client, state)
    list(read_pages(TICKETS, reading, stale))
    assert "1" in {one["id"] for one in run(begin(client, state))}

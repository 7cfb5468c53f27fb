"""Records that cannot be read: they hold up no others, and are read when they can be."""

from contextlib import suppress

import pytest

from sources.intercom.api.errors import BadAnswer, RecordsUnread
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from sources.intercom.records.single_record import fetched
from tests.support.searches.counted_search import OVERLAP_SECONDS, Run, Workspace, run_that_finds_none
from tests.support.searches.passes import read_pages
from tests.support.searches.searchable import NOW, Searchable
from tests.support.searches.ticket_search import TICKETS, record


def test_a_broken_record_does_not_hold_up_the_others_and_is_not_forgotten(serve, begin, ten):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    state = {}
    workspace.broken = {"3"}
    first = Run(begin, client, state, in_detail=True)
    assert set(first.read) == {one["id"] for one in ten} - {"3"}
    assert isinstance(first.error, RecordsUnread)
    assert "id 3" in str(first.error)
    assert "500" in str(first.error)
    again = Run(begin, client, state, in_detail=True)
    assert ("3" in again.read, type(again.error)) == (False, RecordsUnread)
    workspace.broken = set()
    healed = Run(begin, client, state, in_detail=True)
    assert ("3" in healed.read, healed.error, state["unread"]) == (True, None, [])


@pytest.mark.parametrize(
    ("trouble", "counts", "unread"),
    [
        ("its detail fails", [0, 0, 0], ["3"]),
        ("a row of it cannot be loaded", [1, 1, 1], ["3"]),
        ("nothing any more", [1, 0, 0], []),
    ],
)
def test_a_record_that_is_read_at_last_holds_up_nothing_in_its_load_package(serve, begin, ten, trouble, counts, unread):
    """A script without chunks has one load package in each run, and must come to its end in it."""
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    state = {}
    workspace.broken = {"3"}
    Run(begin, client, state, in_detail=True)
    workspace.broken = {"3"} if trouble == "its detail fails" else set()
    parts = [{"body": "without an id"}] if trouble == "a row of it cannot be loaded" else []
    for number, count_read in enumerate(counts):
        workspace.records[3] = record("3", NOW - 90_000 + number)
        workspace.records.append(record(f"later-{number}", NOW - 80_000 + number))
        reading = begin(client, state, overlap_seconds=OVERLAP_SECONDS)
        read = list(ids_in_one_chunk(reading, parts))
        assert "pass" not in state
        assert f"later-{number}" in read
        assert read.count("3") == count_read
    assert state["unread"] == unread


def ids_in_one_chunk(reading, parts):
    """Yield the ids of what one load package gets of a pass, in which the record 3 has `parts`."""

    def detail(found):
        whole = fetched(reading.client, "/tickets", found["id"])
        return whole and whole._replace(detail=whole.detail | {"parts": parts if found["id"] == "3" else []})

    with suppress(RecordsUnread):
        for details in read_pages(TICKETS, reading, detail):
            yield from (one["id"] for one in details)


def test_a_newer_version_than_was_read_at_last_belongs_in_the_next_load_package(serve, begin, ten):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    state = {"unread": ["3"]}
    batches = read_pages(
        TICKETS,
        begin(client, state, overlap_seconds=OVERLAP_SECONDS),
        lambda found: fetched(client, "/tickets", found["id"]),
    )
    assert [one["id"] for one in next(batches)] == ["3"]
    workspace.records[3] = record("3", NOW - 50_000, v=2)
    assert "3" not in [one["id"] for details in batches for one in details]
    assert "pass" in state
    assert "3" in Run(begin, client, state, in_detail=True).read


def test_a_broken_record_that_vanishes_is_no_error_any_more(serve, begin, ten):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    state = {}
    workspace.broken = {"3"}
    Run(begin, client, state, in_detail=True)
    workspace.broken, workspace.gone = set(), {"3"}
    run = Run(begin, client, state, in_detail=True)
    assert (run.error, state["unread"]) == (None, [])
    assert run.report.count_vanished > 0


def test_more_broken_records_than_a_few_are_an_outage_and_the_pass_stays_where_it_is(serve, begin):
    many = [record(str(number), NOW - 100_000 + number) for number in range(MOST_UNREAD + 1)]
    workspace = Workspace(*many)
    _, client = serve(workspace)
    state = {}
    workspace.broken = {one["id"] for one in many}
    assert isinstance(Run(begin, client, state, in_detail=True).error, BadAnswer)
    workspace.broken = set()
    assert set(Run(begin, client, state, in_detail=True).read) == {one["id"] for one in many}


def test_an_outage_among_records_that_are_asked_for_again_loses_none_of_them(serve, begin):
    """Those before it are loaded, and the others are asked for once more."""
    workspace, client, state, _, ids = run_that_finds_none(serve, begin, MOST_UNREAD + 10)
    workspace.gone, workspace.broken = set(), ids - {str(number) for number in range(5)}
    outage = Run(begin, client, state, in_detail=True)
    assert isinstance(outage.error, BadAnswer)
    workspace.broken = set()
    healed = Run(begin, client, state, in_detail=True)
    assert {*outage.read, *healed.read} == ids
    assert healed.error is None


def test_an_outage_among_records_that_have_an_id_by_now_loses_none_of_them(serve, begin):
    many = [record(str(number), NOW - 100_000) for number in range(MOST_UNREAD + 10)]
    workspace = Workspace(*({**one, "id": None} for one in many), record("newest", NOW - 50_000))
    _, client = serve(workspace)
    state = {}
    Run(begin, client, state, in_detail=True)
    workspace.records[: len(many)] = many
    workspace.broken = {one["id"] for one in many}
    assert isinstance(Run(begin, client, state, in_detail=True).error, BadAnswer)
    workspace.broken = set()
    healed = Run(begin, client, state, in_detail=True)
    assert {*healed.read} >= {one["id"] for one in many}
    assert healed.error is None


def test_what_has_no_id_for_a_while_is_loaded_later_however_much_it_is(serve, begin):
    """There is room for so many facts: further moments are looked at again with the last one that has one."""
    most_remembered, count_hidden = 200, 250
    records = [record(str(number), NOW - 100_000 + 10 * number) for number in range(count_hidden)]
    records.append(record("last", NOW - 50_000))  # the overlap reads none of the others again
    searchable = Searchable([{**one, "id": None} if at < count_hidden else one for at, one in enumerate(records)])
    _, client = serve(searchable)
    state = {}
    first = Run(begin, client, state, most_remembered=most_remembered)
    assert (type(first.error), len(state["unreadable"])) == (RecordsUnread, most_remembered)
    searchable.records = records
    later = Run(begin, client, state, most_remembered=most_remembered)
    assert {*first.read, *later.read} == {one["id"] for one in records}
    assert (later.error, state["unreadable"]) == (None, {})

"""Records that no search can show, or that have no id: all others are loaded, and only those are asked for again."""

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.intercom.api.errors import BadAnswer, RecordsUnread
from sources.intercom.api.identity import Identity
from sources.intercom.api.lists.search_endpoint import Search
from sources.intercom.incremental.search.gaps import records_of_span
from sources.intercom.records.single_record import Whole
from tests.support.network.loopback import Reply
from tests.support.searches.passes import read_pages
from tests.support.searches.searchable import NOW, Searchable

DAY_SECONDS = 86_400
SEARCHES = {
    1: Search("/tickets/search", "tickets"),
    DAY_SECONDS: Search("/contacts/search", "tickets", granularity_seconds=90_000),
}


def record(number, updated_at):
    return {"id": str(number), "updated_at": updated_at}


def run(begin, client, state, search, **options):
    """Read one run; return the ids, and the error at its end."""
    identity = Identity(clock_offset_seconds=NOW - time.time())
    reading = begin(client, state, resource="tickets", identity=identity, **options)
    found, error = [], None
    try:
        for details in read_pages(search, reading, lambda one: Whole(one, one["updated_at"], None)):
            found += [detail["id"] for detail in details]
    except RecordsUnread as unread:
        error = unread
    return found, error


@pytest.mark.parametrize("unit_seconds", [1, DAY_SECONDS])
def test_a_search_goes_on_behind_a_record_that_it_cannot_show(serve, begin, unit_seconds):
    records = [record(number, NOW - 9 * DAY_SECONDS + number * 3_600) for number in range(200)]
    listing = Searchable(records, {"77"}, unit_seconds)
    _, client = serve(listing)
    state = {}
    found, error = run(begin, client, state, SEARCHES[unit_seconds])
    assert set(found) == {str(number) for number in range(200)} - {"77"}
    assert "answered 504" in str(error)
    assert (state["watermark"], len(state["unreadable"])) == (records[-1]["updated_at"], 1)
    assert "pass" not in state

    # It is asked for again, and nothing else that is as old.
    [fact_before] = state["unreadable"].values()
    listing.count_calls = 0
    found, error = run(begin, client, state, SEARCHES[unit_seconds])
    [fact] = state["unreadable"].values()
    assert (fact["id"], fact["tries"], fact["first_seen_at"]) == (fact_before["id"], 2, fact_before["first_seen_at"])
    assert error is not None
    assert listing.count_calls < 20

    listing.broken.clear()
    found, error = run(begin, client, state, SEARCHES[unit_seconds])
    assert ("77" in found, error, state["unreadable"]) == (True, None, {})


NUMBERS = st.integers(0, 30)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    times=st.lists(st.integers(0, 12), min_size=1, max_size=25),
    broken=st.sets(NUMBERS, max_size=4),
    unit_seconds=st.sampled_from([1, DAY_SECONDS]),
    scale=st.sampled_from([1, 40_000]),
)
def test_whatever_a_search_cannot_show_the_rest_is_loaded_or_in_a_span_that_is_read_again(
    serve, begin, times, broken, unit_seconds, scale
):
    records = [record(number, NOW - 20 * DAY_SECONDS + at * scale) for number, at in enumerate(times)]
    broken = {str(number) for number in broken if number < len(records)}
    listing = Searchable(records, broken, unit_seconds)
    _, client = serve(listing)
    state = {}
    found, error = run(begin, client, state, SEARCHES[unit_seconds])
    spans = [span for fact in state.get("unreadable", {}).values() for span in fact["spans"]]
    hidden = [one for one in records if one["id"] not in found]
    assert broken <= {one["id"] for one in hidden}
    assert all(any(since <= one["updated_at"] <= until for since, until in spans) for one in hidden)
    assert (error is None) == (not broken)
    listing.broken.clear()
    later, error = run(begin, client, state, SEARCHES[unit_seconds])
    assert {one["id"] for one in hidden} <= set(later)
    assert (error, state.get("unreadable", {})) == (None, {})


@pytest.mark.parametrize("unit_seconds", [1, DAY_SECONDS])
@pytest.mark.parametrize("stray", [{"updated_at": NOW - 500, "name": "nobody"}, [1], None])
def test_a_record_without_an_id_is_looked_for_where_it_was(serve, begin, stray, unit_seconds):
    records = [record(number, NOW - 1_000 * number - 400) for number in range(100)]
    listing = Searchable([*records, stray], unit_seconds=unit_seconds)
    _, client = serve(listing)
    state = {}
    found, error = run(begin, client, state, SEARCHES[unit_seconds])
    assert set(found) == {one["id"] for one in records}
    assert error is not None
    listing.records.append(record("late", NOW - 1))
    found, error = run(begin, client, state, SEARCHES[unit_seconds])
    [fact] = state["unreadable"].values()
    assert ("late" in found, fact["tries"], error is None) == (True, 2, False)
    listing.records.remove(stray)
    listing.records.append(record("it has one now", NOW - 500))
    found, error = run(begin, client, state, SEARCHES[unit_seconds])
    assert ("it has one now" in found, error, state["unreadable"]) == (True, None, {})


def test_a_record_without_an_id_or_time_is_looked_for_where_a_later_chunk_has_met_it(serve, begin):
    """It is the first one behind the page cursor: only what was reached before says where that is."""
    records = [record(number, NOW - 9 * DAY_SECONDS + number) for number in range(150)]
    records += [record(number, NOW - 1_000 + number) for number in range(501, 520)]
    listing = Searchable([*records, None])  # it shows null behind the first page
    _, client = serve(listing)
    state, options = {}, {"records": 150, "overlap_seconds": 10}
    before, _ = run(begin, client, state, SEARCHES[1], **options)
    behind, error = run(begin, client, state, SEARCHES[1], **options)
    assert {*before, *behind} == {one["id"] for one in records}
    for _ in range(2):
        assert error is not None
        _, error = run(begin, client, state, SEARCHES[1], **options)
    listing.records[-1] = record("it has one now", NOW - 500)
    found, error = run(begin, client, state, SEARCHES[1], **options)
    assert ("it has one now" in found, error, state["unreadable"]) == (True, None, {})


@pytest.mark.parametrize("broken", ["0", "77"])
def test_a_gap_of_which_nothing_is_shown_is_an_error(serve, begin, broken):
    """By day, where seconds were asked for, the search would go on with the next one, and the rest would be lost."""
    records = [record(number, NOW - 9 * DAY_SECONDS + number * 3_600) for number in range(200)]
    listing = Searchable(records, {broken}, DAY_SECONDS)
    _, client = serve(listing)
    state = {}
    with pytest.raises(BadAnswer):
        run(begin, client, state, SEARCHES[1])
    listing.broken.clear()
    run(begin, client, state, SEARCHES[1])
    assert "pass" not in state


@pytest.mark.parametrize("broken", ["0", "77"])
def test_a_record_that_can_be_shown_when_it_is_looked_for_is_loaded(serve, begin, broken):
    records = [record(number, NOW - 100_000 + number) for number in range(200)]
    listing = Searchable(records, {broken})

    def answer(request):
        if request.body["sort"]["order"] == "descending":
            listing.broken.clear()
        return listing(request)

    _, client = serve(answer)
    state = {}
    found, error = run(begin, client, state, SEARCHES[1])
    assert (set(found), error) == ({one["id"] for one in records}, None)


def test_an_outage_is_no_gap(serve, begin):
    records = [record(number, NOW - 1_000 + number) for number in range(5)]
    listing = Searchable(records, {one["id"] for one in records})
    _, client = serve(lambda request: Reply(b"<html>", 504))
    state = {}
    with pytest.raises(BadAnswer):
        run(begin, client, state, SEARCHES[1])
    assert state.get("unreadable", {}) == {}
    with suppress(RecordsUnread):
        run(begin, serve(listing)[1], state, SEARCHES[1])
    assert "pass" not in state


@pytest.mark.parametrize(("most", "is_whole"), [(150, False), (300, True), (400, True)])
def test_a_span_is_whole_only_where_it_was_read_to_its_end(serve, begin, most, is_whole):
    """What was not met in a whole span is readable, or gone; of the rest of a span nobody knows."""
    records = [record(number, NOW - 1_000 + number) for number in range(300)]
    _, client = serve(Searchable(records, set(), 1))
    found = records_of_span(SEARCHES[1], client, (NOW - 1_000, NOW), most)
    assert found.is_whole == is_whole


def test_a_span_of_a_search_that_ignores_the_sort_is_not_over_at_the_first_later_record(serve):
    records = [record(number, NOW - number) for number in range(100)]
    first = {"tickets": records[:40], "pages": {"next": {"starting_after": "40"}}, "total_count": 100}
    last = {"tickets": records[40:], "pages": {}, "total_count": 100}
    _, client = serve(lambda request: last if request.starting_after else first)
    found = records_of_span(SEARCHES[1], client, (NOW - 60, NOW - 50))
    assert {"50", "60"} <= set(found.records)

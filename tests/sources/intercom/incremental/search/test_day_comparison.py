"""A search that compares days, where seconds were asked for: the next run sees it, and loses nothing."""

import pytest

from tests.support.network.loopback import Reply
from tests.support.searches.searchable import NOW, Searchable
from tests.support.searches.ticket_search import DAY_SECONDS, chunk, record, run

OVERLAP_SECONDS = 900
MIDNIGHT = NOW - 12 * 3_600


class Workspace(Searchable):
    """Has what is `fresh` from the first search on that has two bounds. `is_newest_first`: the sort is ignored."""

    fresh = ()
    is_newest_first = False

    def __call__(self, request):
        if "AND" in str(request.body):
            self.records += self.fresh
            self.fresh = ()
        if self.is_newest_first:
            request.body["sort"]["order"] = "descending"
        return super().__call__(request)


def again(begin, listing, client, state):
    """Read one more run; return the ids, and how many searches that took."""
    before = listing.count_calls
    return sorted(run(begin, client, state, overlap_seconds=OVERLAP_SECONDS)), listing.count_calls - before


@pytest.fixture
def loaded(serve, begin):
    """Ten records of yesterday, loaded, by a search that compares so many seconds."""

    def start(unit_seconds):
        records = [record(str(number), MIDNIGHT - 20_000 + number * 200) for number in range(10)]
        listing = Workspace(records, unit_seconds=unit_seconds)
        _, client = serve(listing)
        state = {}
        run(begin, client, state, overlap_seconds=OVERLAP_SECONDS)
        return listing, client, state

    return start


def test_what_changes_on_the_day_of_the_watermark_is_read(loaded, begin, caplog):
    listing, client, state = loaded(DAY_SECONDS)
    listing.records.append(record("late", MIDNIGHT - 5_000))
    assert "late" in again(begin, listing, client, state)[0]
    assert caplog.text.count("compares days") == 1
    assert again(begin, listing, client, state) == ([], 1)
    listing.records.append(record("later", MIDNIGHT - 4_000))
    assert again(begin, listing, client, state) == (["later"], 1)
    assert caplog.text.count("compares days") == 1


def test_a_record_before_that_cannot_be_listed_is_no_error_of_a_search_that_does_not_ask_for_it(loaded, begin):
    listing, client, state = loaded(1)
    del listing.records[5:]  # nothing is there of the rest of that day
    listing.broken = {"4"}
    listing.records.append(record("today", MIDNIGHT + 500))
    assert again(begin, listing, client, state)[0] == ["today"]


def test_what_changed_on_that_day_is_read_also_where_the_next_day_has_begun(loaded, begin):
    listing, client, state = loaded(DAY_SECONDS)
    listing.records += [record("late", MIDNIGHT - 5_000), record("today", MIDNIGHT + 500)]
    assert {"late", "today"} <= set(again(begin, listing, client, state)[0])


@pytest.mark.parametrize("unit_seconds", [1, DAY_SECONDS])
def test_a_search_that_ignores_the_sort_is_told_from_one_that_compares_days(loaded, begin, unit_seconds):
    """Its first page has nothing of the watermark's day, because it has the newest of the next one."""
    listing, client, state = loaded(unit_seconds)
    listing.is_newest_first = True
    listing.records.append(record("late", MIDNIGHT - 5_000))
    listing.records += [record(f"today {number}", MIDNIGHT + 500 + number) for number in range(200)]
    found = again(begin, listing, client, state)[0]
    assert {"late", "today 0", "today 199"} <= set(found)
    assert ("granularity_seconds" in state) == (unit_seconds == DAY_SECONDS)


def test_a_search_by_the_second_costs_no_call(loaded, begin):
    listing, client, state = loaded(1)
    assert again(begin, listing, client, state) == ([], 1)
    listing.records.append(record("today", MIDNIGHT + 500))
    assert again(begin, listing, client, state) == (["today"], 1)


def test_where_all_of_the_overlap_is_gone_it_costs_one_call(loaded, begin):
    listing, client, state = loaded(1)
    del listing.records[1:]
    assert again(begin, listing, client, state) == ([], 2)
    listing.fresh = [record("indexed just now", MIDNIGHT - 5)]
    assert again(begin, listing, client, state) == ([], 3)
    assert "granularity_seconds" not in state
    assert again(begin, listing, client, state) == (["indexed just now"], 1)


@pytest.mark.parametrize("is_on_the_way", [False, True])
def test_where_a_page_cursor_is_refused_the_rest_of_the_day_is_not_lost(serve, begin, caplog, is_on_the_way):
    """The search goes on from a moment then, which may be any of the day."""
    times = [MIDNIGHT - 5 * DAY_SECONDS + number * 2_000 for number in range(220)]
    listing = Searchable([record(str(number), at) for number, at in enumerate(times)], unit_seconds=DAY_SECONDS)
    refused = {"150"} if is_on_the_way else set()

    def answer(request):
        if request.starting_after in refused:
            refused.remove(request.starting_after)
            return Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, 400)
        return listing(request)

    _, client = serve(answer)
    state = {}
    options = {"overlap_seconds": OVERLAP_SECONDS, "records": 200 if is_on_the_way else 30}
    first = begin(client, state, **options)
    read = chunk(first)
    first.session.lists.shutdown()  # it has asked for the next page already
    if not is_on_the_way:
        refused.add(state["pass"]["page_cursor"])
    read += run(begin, client, state, **options)
    assert set(read) == {str(number) for number in range(220)}
    assert (refused, caplog.text.count("compares days")) == (set(), 1)


def test_reading_again_on_purpose_leaves_nothing_out_of_the_day_that_it_begins_on(loaded, begin):
    listing, client, state = loaded(DAY_SECONDS)
    listing.records += [record("late", MIDNIGHT - 5_000), record("today", MIDNIGHT + 500)]
    read = run(begin, client, state, overlap_seconds=OVERLAP_SECONDS, since=NOW)
    assert {"late", "today"} <= {*read, *again(begin, listing, client, state)[0]}


def test_a_full_refresh_asks_with_the_same_bounds_from_its_first_page_on(loaded, begin, serve):
    """A page cursor goes with those that it was given for."""
    listing, client, state = loaded(DAY_SECONDS)
    listing.records.append(record("late", MIDNIGHT - 5_000))
    again(begin, listing, client, state)
    server, client = serve(listing)
    begun = {"from_scratch": True, "start_at": MIDNIGHT - DAY_SECONDS, "records": 4}
    assert len(run(begin, client, state, **begun)) == 11
    pages = [one for one in server.requests if one.body["sort"]["order"] == "ascending"]
    assert len({str(one.body["query"]) for one in pages}) == 1

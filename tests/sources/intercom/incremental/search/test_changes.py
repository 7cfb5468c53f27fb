"""Passes over a search: what is read, what is not read twice, and where the next run goes on."""

import time

import pytest

from sources.intercom.api.errors import BadAnswer, PageCursorRefused, RecordsUnread
from sources.intercom.api.lists.search_endpoint import Search
from sources.intercom.api.record import updated_at
from sources.intercom.incremental.entity import Whole
from tests.support.chunks import chunks
from tests.support.loopback import Reply
from tests.support.passes import read_pages, shaped

TICKETS = Search("/tickets/search", "tickets")
CONTACTS = Search("/contacts/search", "data", granularity_seconds=90_000)
NOW = 1_772_366_400
DAY_SECONDS = 86_400
DATE = {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}
PER_PAGE = 2


class Workspace:
    """Answers searches over `records` as Intercom does: by time, in pages, with a page cursor that is a position.

    `has_date`: whether answers tell Intercom's clock, which stands at `now`.
    """

    def __init__(self, *records, has_date=True):
        self.records = list(records)
        self.has_date = has_date
        self.refused = set()

    def __call__(self, request):
        if request.starting_after in self.refused:
            self.refused.remove(request.starting_after)
            return Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, 400)
        found = sorted(self.records, key=lambda one: (one["updated_at"], str(one["id"])))
        found = [one for one in found if one["updated_at"] > request.body["query"]["value"]]
        total_count = len(found)
        if request.starting_after:
            at, _, record_id = request.starting_after.partition("|")
            found = [one for one in found if (one["updated_at"], str(one["id"])) > (int(at), record_id)]
        page = found[:PER_PAGE]
        pages = {"type": "pages"}
        if len(found) > PER_PAGE:
            pages["next"] = {"starting_after": f"{page[-1]['updated_at']}|{page[-1]['id']}"}
        content = {"tickets": page, "pages": pages, "total_count": total_count}
        return Reply(content, headers=DATE if self.has_date else {})


def record(record_id, updated_at, **fields):
    return {"id": record_id, "updated_at": updated_at, **fields}


def whole(found):
    return Whole(found, found.get("updated_at") or 0, None)


def chunk(reading, search=TICKETS, complete=whole):
    """Read one chunk; return the ids."""
    return [detail["id"] for details in read_pages(search, reading, complete) for detail in details]


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


def run(begin, client, state, **options):
    """Read chunk after chunk, as a run does; return the ids."""
    begun = begin(client, state, **options)
    return [record_id for reading in chunks(begun) for record_id in chunk(reading)]


@pytest.fixture
def old():
    """Seven records, some of the same second, long settled."""
    times = [100, 200, 200, 200, 200, 300, 400]
    return [record(str(number), NOW - 10_000 + at) for number, at in enumerate(times)]


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


def test_a_start_date_leaves_out_what_is_older(serve, begin, old):
    _, client = serve(Workspace(*old))
    assert run(begin, client, {}, start_at=NOW - 10_000 + 200) == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("left", ["after a pass", "in its midst"])
def test_a_start_date_moved_back_or_removed_brings_what_it_has_left_out_once(serve, begin, old, caplog, left):
    _, client = serve(Workspace(*old))
    state, settings = {}, {"overlap_seconds": 0, "records": 2}
    if left == "after a pass":
        run(begin, client, state, start_at=NOW - 10_000 + 300, **settings)
    else:
        chunk(begin(client, state, start_at=NOW - 10_000 + 200, **settings))
    assert run(begin, client, state, start_at=NOW - 10_000 + 200, **settings)[-1] == "6"
    assert [message for message in caplog.messages if "start_date" in message] == (
        ["/tickets/search: start_date is earlier than before; everything since then is read"] * (left == "after a pass")
    )
    assert run(begin, client, state, **settings) == [one["id"] for one in old]
    assert run(begin, client, state, **settings) == []


def test_the_filter_of_the_day_rule_brings_more_than_the_start_date_allows(serve, begin, old):
    _, client = serve(Workspace(*old))
    reading = begin(client, {}, start_at=NOW - 10_000 + 300)
    assert chunk(reading, Search("/x", "tickets", granularity_seconds=90_000)) == ["5", "6"]


def test_a_full_refresh_reads_everything_again(serve, begin, old):
    _, client = serve(Workspace(*old))
    state = {}
    run(begin, client, state)
    assert len(run(begin, client, state, from_scratch=True, records=2)) == 7


def test_since_reads_again_from_there_and_leaves_the_watermark(serve, begin, old):
    _, client = serve(Workspace(*old))
    state = {}
    run(begin, client, state)
    again = run(begin, client, state, since=NOW - 10_000 + 200, records=2, overlap_seconds=0)
    assert again == ["1", "2", "3", "4", "5", "6"]
    assert state["watermark"] == old[-1]["updated_at"]
    assert run(begin, client, state, overlap_seconds=0) == []


def test_since_after_the_watermark_leaves_no_gap(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    run(begin, client, state)
    workspace.records.append(record("between", NOW - 3_000))
    assert "between" in run(begin, client, state, since=NOW - 1_000)


def test_since_leaves_nothing_out_where_nothing_was_ever_loaded(serve, begin, old):
    _, client = serve(Workspace(*old))
    assert run(begin, client, {}, since=NOW - 1_000) == [one["id"] for one in old]
    start_at = NOW - 10_000 + 200
    assert run(begin, client, {}, since=NOW - 1_000, start_at=start_at) == [one["id"] for one in old[1:]]


@pytest.mark.parametrize("trouble", ["none", "a refused page cursor", "since a later day"])
def test_since_before_the_start_date_goes_on_in_a_run_that_is_not_told_so(serve, begin, old, trouble, caplog):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    start_at, state = NOW - 10_000 + 300, {}
    run(begin, client, state, start_at=start_at)
    since = NOW - 10_000 + 100
    read = chunk(begin(client, state, since=since, start_at=since, records=2, overlap_seconds=0))
    workspace.refused = {state["pass"]["page_cursor"]} if trouble == "a refused page cursor" else set()
    wish = {"since": NOW - 5_000} if trouble == "since a later day" else {}
    read += run(begin, client, state, start_at=start_at, overlap_seconds=0, **wish)
    assert set(read) == {one["id"] for one in old}
    assert "start_date" not in caplog.text


def test_a_killed_chunk_is_read_again(serve, begin, old):
    """State and rows are committed together, so a killed run keeps the state from before its chunk."""
    _, client = serve(Workspace(*old))
    committed = {}
    chunk(begin(client, committed, records=2))
    lost = {name: (dict(value) if isinstance(value, dict) else value) for name, value in committed.items()}
    chunk(begin(client, lost, records=2))
    assert run(begin, client, committed) == [one["id"] for one in old][2:]


def test_an_expired_page_cursor_leads_back_to_the_watermark(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    first = chunk(begin(client, state, records=2))
    workspace.refused.add(state["pass"]["page_cursor"])
    assert set(first) | set(run(begin, client, state)) == {one["id"] for one in old}


@pytest.mark.parametrize("overlap_seconds", [0, 150])
def test_a_page_cursor_that_expires_while_the_pass_is_read_leads_back_in_the_same_run(
    serve, begin, old, overlap_seconds
):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    workspace.refused = {f"{one['updated_at']}|{one['id']}" for one in old}  # each of them once
    state = {}
    read = run(begin, client, state, overlap_seconds=overlap_seconds)
    assert sorted(read) == sorted(one["id"] for one in old)
    assert (state["watermark"], "pass" in state) == (old[-1]["updated_at"], False)


def test_a_page_cursor_that_is_always_refused_ends_the_resource(serve, begin, old):
    answer = Workspace(*old)
    refusal = Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, 400)
    server, client = serve(lambda request: refusal if request.starting_after else answer(request))
    with pytest.raises(PageCursorRefused):
        run(begin, client, {}, overlap_seconds=10_000)
    assert len(server.requests) < 20


def test_an_error_keeps_what_was_read_before_it(serve, begin, old):
    workspace = Workspace(*old)

    def answer(request):
        return workspace(request) if len(server.requests) < 3 else Reply(b"", 502)

    server, client = serve(answer)
    state = {}
    read = []
    with pytest.raises(BadAnswer):
        read.extend(one["id"] for batch in read_pages(TICKETS, begin(client, state), whole) for one in batch)
    _, well = serve(workspace)
    assert read + run(begin, well, state) == [one["id"] for one in old]


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


def test_an_interrupted_run_goes_on_where_it_was(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    reading = begin(client, state)
    read = []
    for batch in read_pages(TICKETS, reading, whole):
        read += [one["id"] for one in batch]
        reading.session.stop.set()
    assert 2 <= len(read) < 7
    _, unstopped = serve(workspace)
    again = run(begin, unstopped, state)
    assert set(read + again) == {one["id"] for one in old}


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


@pytest.mark.parametrize("zone_hours", [-11, -3.5, 0, 5.75, 13, 14])
@pytest.mark.parametrize("second_of_day", [0, 1, 43_200, 86_399])
@pytest.mark.parametrize("day_seconds", [82_800, 86_400, 90_000])  # with daylight saving beginning and ending
def test_the_day_rule_never_hides_a_contact_at_the_lower_bound(zone_hours, second_of_day, day_seconds):
    """`> v` means: from the start of the day after v's day, in the workspace's zone."""
    midnight = NOW - NOW % DAY_SECONDS - int(zone_hours * 3_600)
    wanted = midnight + min(second_of_day, day_seconds - 1)
    value = CONTACTS.query(wanted)["value"]
    # The day that holds `value` began at midnight or before; the next one begins no more than a day later.
    next_day_starts_at = midnight if value < midnight else midnight + day_seconds
    assert next_day_starts_at <= wanted


@pytest.mark.parametrize("search", [TICKETS, CONTACTS])
def test_a_bound_is_never_negative_and_right_for_both_meanings_of_greater(search):
    assert search.query(0) == {"field": "updated_at", "operator": ">", "value": 0}
    assert search.query(NOW)["value"] <= NOW - 1


@pytest.mark.parametrize("search", [TICKETS, CONTACTS])
def test_versions_are_remembered_for_everything_that_a_pass_brings_again(search):
    earliest = search.query(NOW - 900)["value"]
    assert NOW - search.horizon_seconds(900) <= earliest + 1


@pytest.mark.parametrize("moment", ["2026-03-01T11:00:00Z", -62_135_596_800, True, None, {}, [5], 10**30, 1.5e300, ""])
def test_a_record_whose_time_nobody_can_read_is_loaded_wherever_reading_starts(serve, begin, moment):
    found = record("odd", moment, created_at=5)

    def answer(request):
        return Reply({"tickets": [found, record("1", NOW - 50)], "pages": {}, "total_count": 2}, headers=DATE)

    _, client = serve(answer)
    expected = ["1"] if moment is None else ["odd", "1"]  # created before the start, and never changed
    read = chunk(begin(client, {}, start_at=NOW - DAY_SECONDS), complete=lambda one: Whole(one, updated_at(one), None))
    assert read == expected


def test_a_record_from_the_future_hides_nothing_where_nobody_tells_the_time(serve, begin):
    state, workspace = {}, Workspace(record("ahead", 32_503_680_000), has_date=False)
    _, client = serve(workspace)
    assert run(begin, client, state) == ["ahead"]
    workspace.records.append(record("later", int(time.time()) + 60))
    assert "later" in run(begin, client, state)

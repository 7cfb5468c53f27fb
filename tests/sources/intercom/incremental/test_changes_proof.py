"""What a pass over a search proves: Intercom's count against its own, broken records, the use of the overlap."""

from contextlib import suppress
from itertools import count

import pytest

from sources.intercom.api.completeness.overstated_totals import Excess
from sources.intercom.api.errors import BadAnswer, IncompleteListing, RecordsUnread
from sources.intercom.api.lists.search_endpoint import Search
from sources.intercom.incremental.entity import Whole, fetched
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from tests.support.chunks import chunks
from tests.support.loopback import Reply
from tests.support.passes import read_pages
from tests.support.searchable import Searchable

TICKETS = Search("/tickets/search", "tickets")
NOW = 1_772_366_400
DATE = {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}
OVERLAP_SECONDS = 900


def record(record_id, updated_at, **fields):
    return {"id": record_id, "updated_at": updated_at, **fields}


class Workspace:
    """Answers every search with one page of `records`, as if there were `count_hidden` more.

    The details of `broken` ids answer 500, those of `gone` ids 404, and so do all whose number is in `lost`.
    """

    def __init__(self, *records, count_hidden=0):
        self.records = list(records)
        self.count_hidden = count_hidden
        self.broken = set()
        self.gone = set()
        self.numbers, self.lost = count(1), range(0)  # of calls, each its own

    def __call__(self, request):
        if request.method == "POST":
            found = [one for one in self.records if one["updated_at"] > request.body["query"]["value"]]
            total_count = len(found) + self.count_hidden
            return Reply({"tickets": found, "pages": {}, "total_count": total_count}, headers=DATE)
        if next(self.numbers) in self.lost:
            return Reply({"errors": [{"code": "not_found"}]}, 404)
        identity = request.path.rpartition("/")[2]
        if identity in self.broken:
            return Reply({"errors": [{"code": "server_error", "message": "broken"}]}, 500, DATE)
        found = [one for one in self.records if one["id"] == identity and identity not in self.gone]
        return Reply(found[0], headers=DATE) if found else Reply({"errors": [{"code": "not_found"}]}, 404, DATE)


class Run:
    """One run, chunk after chunk to the end of the pass: the ids read, the report, and the error at the end."""

    def __init__(self, begin, client, state, *, in_detail=False, **options):
        begun = begin(client, state, overlap_seconds=OVERLAP_SECONDS, **options)

        def as_found(found):
            return Whole(found, found["updated_at"], None)

        def detail(found):
            return fetched(begun.client, "/tickets", found["id"])

        self.read, self.error, self.report = [], None, begun.report
        try:
            for reading in chunks(begun):
                for details in read_pages(TICKETS, reading, detail if in_detail else as_found):
                    self.read += [one["id"] for one in details]
        except (BadAnswer, IncompleteListing, RecordsUnread) as error:
            self.error = error


@pytest.fixture
def ten():
    return [record(str(number), NOW - 100_000 + number) for number in range(10)]


def test_a_pass_that_brings_less_than_intercom_counts_is_repeated_and_then_stops(serve, begin, ten):
    workspace = Workspace(*ten, count_hidden=30)
    server, client = serve(workspace)
    state = {}
    run = Run(begin, client, state)
    assert len(server.requests) == 2
    assert len(set(run.read)) == 10
    assert "counts 40 records and listed 10" in str(run.error)
    workspace.count_hidden = 0
    workspace.records += [record(str(number), NOW - 90_000 + number) for number in range(10, 40)]
    assert set(Run(begin, client, state).read) >= {str(number) for number in range(10, 40)}


def test_a_page_that_is_read_in_two_load_packages_counts_once(serve, begin):
    """A record that has changed since its first page ends the load package, and its page is asked for again."""
    many = [record(str(number), NOW - 100_000 + number) for number in range(60)]
    pages = [many[:30], [*many[30:], record("0", NOW - 90_000)]]

    def answer(request):
        number = int(request.body["pagination"].get("starting_after", 0))
        following = {"next": {"starting_after": "1"}} if number == 0 else {}
        return Reply({"tickets": pages[number], "pages": following, "total_count": 80}, headers=DATE)

    _, client = serve(answer)
    assert "counts 80 records and listed 60" in str(Run(begin, client, {}).error)


@pytest.mark.parametrize(("last", "total_count"), [(["1", "1", "2", "3"], 8), ([], 0)], ids=["repeats", "empty"])
def test_records_that_hide_behind_others_are_missed_and_the_window_stays(serve, begin, ten, last, total_count):
    """Six of eight come: once because two come twice, once because a deep page is empty and counts nothing."""
    first = ten[:4] if last else ten[:6]
    second = [ten[int(number)] for number in last] + (ten[4:6] if last else [])
    pages = {None: (first, 8), "c1": (second, total_count)}

    def answer(request):
        records, count = pages[request.body["pagination"].get("starting_after")]
        following = {} if records is second else {"next": {"starting_after": "c1"}}
        return Reply({"tickets": records, "pages": following, "total_count": count}, headers=DATE)

    server, client = serve(answer)
    state = {}
    error = Run(begin, client, state).error
    assert "counts 8 records and listed 6" in str(error)
    assert len(server.requests) == 4
    assert state["pass"]["after"] == 0


@pytest.fixture
def hiding(serve):
    """A workspace of 300 tickets on pages of 50 that never lists two of them, and counts all."""
    many = [record(str(number), NOW - 100_000 + number) for number in range(300)]
    shown = [one for one in many if one["id"] not in {"120", "121"}]

    def answer(request):
        begin, per_page = int(request.starting_after or 0), request.body["pagination"]["per_page"]
        listed = [one for one in shown if one["updated_at"] > request.body["query"]["value"]]
        following = {"next": {"starting_after": str(begin + per_page)}} if begin + per_page < len(listed) else {}
        total_count = len({one["id"] for one in listed}) + 2
        return Reply(
            {"tickets": listed[begin : begin + per_page], "pages": following, "total_count": total_count}, headers=DATE
        )

    server, client = serve(answer)
    return shown, lambda: [request.starting_after for request in server.requests].count(None), client


def test_a_gap_of_less_than_a_hundredth_is_said_at_once(hiding, begin, caplog):
    _, count_passes, client = hiding
    run = Run(begin, client, state := {}, records=50)
    assert (run.error, "pass" in state, count_passes()) == (None, False, 1)
    assert [one.message for one in caplog.records] == [
        "/tickets/search: Intercom counts 300 records but lists 298; those are loaded"
    ]
    assert client.tally.unlisted == 2


def test_records_that_came_twice_in_two_load_packages_hide_others(hiding, begin, caplog):
    """The pass is repeated once and stops; the next run, which finds no more missing, goes on and says what is."""
    shown, count_passes, client = hiding
    shown[120:120] = shown[40:42]  # they come on the first page, and on the third
    state = {}
    run = Run(begin, client, state, records=50)
    assert "Intercom counts 300 records and listed 298, some of them twice (2 times)" in str(run.error)
    assert (count_passes(), state["pass"]["after"]) == (2, 0)
    caplog.clear()
    later = Run(begin, client, state, records=50)
    assert (later.error, count_passes(), state["watermark"]) == (None, 3, NOW - 99_701)
    assert [one.message.partition(": ")[2] for one in caplog.records] == [
        "Intercom counts 300 records but lists 298; those are loaded"
    ]


def test_a_search_that_names_no_number_is_repeated_where_records_came_twice(serve, begin, ten, caplog):
    """As any list is: nothing else would say that others are hidden."""
    pages = {None: (ten, "c1"), "c1": (ten[:1], None)}

    def answer(request):
        records, page_cursor = pages[request.starting_after]
        following = {"next": {"starting_after": page_cursor}} if page_cursor else {}
        return Reply({"tickets": records, "pages": following}, headers=DATE)

    server, client = serve(answer)
    run = Run(begin, client, state := {})
    assert (run.error, "pass" in state, len(server.requests)) == (None, False, 4)
    assert [one.message for one in caplog.records] == [
        "POST /tickets/search: Intercom names no number of records and listed 10, some of them twice (1 times); "
        "the search is read once more",
        "/tickets/search: the list has some records twice (1 times) and names no number; others may be hidden",
    ]


def test_a_record_that_changes_while_pages_are_read_hides_no_other(hiding, begin):
    shown, count_passes, client = hiding
    shown += [record(one["id"], NOW - 50_000) for one in shown[40:42]]
    assert (Run(begin, client, {}, records=50).error, count_passes()) == (None, 1)


def test_a_number_that_stays_too_high_is_remembered_for_what_begins_as_early(serve, begin, ten, caplog):
    server, client = serve(Workspace(*ten, count_hidden=3))
    state = {}
    assert Run(begin, client, state).error is None
    assert Run(begin, client, state, since=0).error is None
    assert [request.body["query"]["value"] for request in server.requests] == [0, 0, 0]
    assert len([one for one in caplog.records if "counts 13 records but lists 10" in one.message]) == 2
    server.requests.clear()
    assert Run(begin, client, state).error is None
    assert len(server.requests) == 2, "as many may be hidden among the new ones"


def test_a_number_that_is_right_again_is_no_longer_known_as_too_high(serve, begin, ten):
    workspace, state = Workspace(*ten, count_hidden=3), {}
    _, client = serve(workspace)
    assert Run(begin, client, state).error is None
    assert Excess(state, "/tickets/search").count == 3
    workspace.count_hidden = 0
    assert Run(begin, client, state, since=0).error is None
    assert Excess(state, "/tickets/search").count == 0


def test_what_was_late_in_the_index_is_read_by_the_repeated_pass(serve, begin, ten):
    late = record("late", NOW - 100_000)
    workspace = Workspace(*ten, count_hidden=1)

    def answer(request):
        reply = workspace(request)
        workspace.records, workspace.count_hidden = [*ten, late], 0
        return reply

    _, client = serve(answer)
    run = Run(begin, client, {})
    assert (run.error, "late" in run.read) == (None, True)


def test_a_count_that_moves_a_little_while_pages_are_read_is_no_error(serve, begin, ten):
    _, client = serve(Workspace(*ten, count_hidden=3))
    run = Run(begin, client, {})
    assert (run.error, set(run.read)) == (None, {one["id"] for one in ten})


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


@pytest.mark.parametrize("count_found", [0, 1, 9])
def test_while_nothing_is_found_no_record_is_taken_for_gone(serve, begin, ten, count_found):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    state = {}
    workspace.lost = range(count_found + 1, 1_000)
    lost = Run(begin, client, state, in_detail=True)
    assert "records that are listed answer 404" in str(lost.error)
    assert lost.read == []
    workspace.lost = range(0)
    assert set(Run(begin, client, state, in_detail=True).read) == {one["id"] for one in ten}


def test_what_is_not_found_for_a_moment_is_read_all_the_same(serve, begin, ten):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    workspace.lost = range(3, 6)
    run = Run(begin, client, {}, in_detail=True)
    assert (len(set(run.read)), run.report.count_vanished) == (10, 0)


@pytest.mark.parametrize("gone", [{"0", "1", "2"}, {str(number) for number in range(9)}])
def test_however_many_records_are_gone_they_are_counted_where_others_are_found(serve, begin, ten, gone):
    workspace = Workspace(*ten)
    workspace.gone = gone
    _, client = serve(workspace)
    run = Run(begin, client, {}, in_detail=True)
    assert (run.error, run.report.count_vanished, len(run.read)) == (None, len(gone), 10 - len(gone))


def test_more_broken_records_than_a_few_are_an_outage_and_the_pass_stays_where_it_is(serve, begin):
    many = [record(str(number), NOW - 100_000 + number) for number in range(MOST_UNREAD + 1)]
    workspace = Workspace(*many)
    _, client = serve(workspace)
    state = {}
    workspace.broken = {one["id"] for one in many}
    assert isinstance(Run(begin, client, state, in_detail=True).error, BadAnswer)
    workspace.broken = set()
    assert set(Run(begin, client, state, in_detail=True).read) == {one["id"] for one in many}


def test_what_only_the_overlap_finds_is_counted_with_its_distance_from_the_watermark(serve, begin, ten):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    state = {}
    Run(begin, client, state)
    workspace.records.append(record("late", state["watermark"] - 45))
    run = Run(begin, client, state)
    assert run.read == ["late"]
    assert (run.report.count_rescued, run.report.rescued_seconds) == (1, 45)
    quiet = Run(begin, client, state)
    assert (quiet.read, quiet.report.count_rescued, quiet.report.rescued_seconds) == ([], 0, None)


def test_new_changes_and_what_is_read_again_for_safety_are_no_rescue(serve, begin, ten):
    """A record of the very last second is read again, because another change may carry the same time."""
    workspace = Workspace(*ten, record("last", NOW))
    _, client = serve(workspace)
    state = {}
    Run(begin, client, state)
    workspace.records.append(record("new", NOW + 5))
    run = Run(begin, client, state)
    assert set(run.read) == {"last", "new"}
    assert run.report.count_rescued == 0


def test_reading_again_on_purpose_is_no_rescue(serve, begin, ten):
    _, client = serve(Workspace(*ten))
    state = {}
    Run(begin, client, state)
    run = Run(begin, client, state, since=NOW - 200_000)
    assert len(run.read) == 10
    assert run.report.count_rescued == 0


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

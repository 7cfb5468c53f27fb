"""What a pass over a search proves: Intercom's count against its own."""

import pytest

from sources.intercom.api.completeness.overstated_totals import Excess
from tests.support.network.loopback import Reply
from tests.support.searches.counted_search import OVERLAP_SECONDS, Run, Workspace
from tests.support.searches.searchable import DATE, NOW
from tests.support.searches.ticket_search import record


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


@pytest.mark.parametrize(("count_new", "gone"), [(1, ()), (2, ("1",))], ids=["a new one", "two new ones and one gone"])
def test_a_record_that_is_new_on_the_last_page_does_not_fill_a_gap(serve, begin, ten, count_new, gone):
    """One of eight is left out for one that comes twice, and by then others are new or gone: the numbers agree."""
    by_now = [one for one in ten[: 8 + count_new] if one["id"] not in gone]
    pages = iter([(ten[:4], 8), ([ten[3], *by_now[5 - len(gone) :]], 9), (by_now, 9)])

    def answer(request):
        records, count = next(pages)
        following = {"next": {"starting_after": "c1"}} if count == 8 else {}
        return Reply({"tickets": records, "pages": following, "total_count": count}, headers=DATE)

    server, client = serve(answer)
    run = Run(begin, client, state := {})
    assert (run.error, "pass" in state) == (None, False)
    assert set(run.read) == {one["id"] for one in ten[: 8 + count_new]}
    assert [request.starting_after for request in server.requests] == [None, "c1", None]


def test_a_record_that_comes_twice_has_only_its_neighbours_read_again(serve, begin):
    many = [record(str(number), NOW - 100_000 + 100 * number) for number in range(90)]
    pages = {None: (many[:30], "1"), "1": (many[30:60], "2"), "2": ([many[59], *many[60:]], None)}

    def answer(request):
        after = request.body["query"]["value"]
        listed, following = pages[request.starting_after] if not after else (many[50:], None)
        pages_of = {"next": {"starting_after": following}} if following else {}
        return Reply({"tickets": listed, "pages": pages_of, "total_count": 40 if after else 90}, headers=DATE)

    server, client = serve(answer)
    assert Run(begin, client, state := {}).error is None
    assert "pass" not in state
    assert server.requests[3].body["query"]["value"] == many[59]["updated_at"] - OVERLAP_SECONDS - 1
    assert len(server.requests) == 4


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
    assert run.report.tally.unlisted == 2


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

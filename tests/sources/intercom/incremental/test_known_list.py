"""Lists that every sync compares whole: what vanished is marked, whatever kind of sync notices it."""

import copy
import time
from contextlib import nullcontext, suppress

import pytest

from sources.intercom.api.errors import BadAnswer, IncompleteListing, RecordsUnread
from sources.intercom.api.identity import Identity
from sources.intercom.incremental.dlt_state import doubt
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from sources.intercom.resources import RESOURCES
from sources.intercom.rows.deleted_records import DELETED_RECORDS
from sources.intercom.rows.table import REMOVES
from tests.support.network.loopback import GATEWAY_NOT_FOUND, NOT_FOUND, Reply

NEWS = RESOURCES["news_items"]
DENIED = Reply({"type": "error.list", "errors": [{"code": "forbidden"}]}, 403)


class Workspace:
    """Lists news items, and gives each by its own call: 500 for the `broken`, and `missing` where there is none.

    `finds_nothing`: for some minutes all of these calls answer like that.
    """

    def __init__(self, *ids):
        self.ids, self.broken, self.missing, self.finds_nothing = list(ids), set(), NOT_FOUND, False

    def __call__(self, request):
        record_id = request.path.removeprefix("/news/news_items").strip("/")
        if not record_id:
            return {"type": "list", "data": [{"id": one, "updated_at": 1} for one in self.ids], "pages": {}}
        if record_id in self.broken:
            return Reply({"type": "error.list", "errors": []}, 500)
        return {"id": record_id} if record_id in self.ids and not self.finds_nothing else self.missing


def read(reading):
    """Return the ids of the rows, and those of the marks."""
    [tables] = NEWS.read(reading)
    found = {table.name: [row["id"] for row in rows] for table, rows in tables}
    return found["news_items"], found[DELETED_RECORDS.name]


def test_a_full_refresh_reads_all_again_and_still_notices_what_vanished(serve, begin):
    workspace, state = Workspace("1", "2", "3"), {}
    _, client = serve(workspace)
    assert read(begin(client, state, resource="news_items")) == (["1", "2", "3"], [])
    workspace.ids.remove("2")
    assert read(begin(client, state, resource="news_items", from_scratch=True)) == (["1", "3"], ["2"])
    assert read(begin(client, state, resource="news_items")) == ([], [])


def test_marks_that_the_state_knows_nothing_of_are_taken_away(serve, begin):
    """They were loaded, and the state of before was put back."""
    workspace, state = Workspace("1", "2", "3"), {}
    _, client = serve(workspace)
    read(begin(client, state, resource="news_items"))
    before = copy.deepcopy(state)
    workspace.ids.remove("2")
    assert read(begin(client, state, resource="news_items")) == ([], ["2"])
    doubt(before)
    workspace.ids.insert(1, "2")
    [tables] = NEWS.read(begin(client, before, resource="news_items"))
    marks = {table.name: rows for table, rows in tables}[DELETED_RECORDS.name]
    assert ("2", True) in {(mark["id"], mark[REMOVES]) for mark in marks}
    assert read(begin(client, before, resource="news_items")) == ([], [])


@pytest.mark.parametrize(("since", "again"), [(0, ["1", "2", "3"]), (1, ["1", "2", "3"]), (2, [])])
def test_what_has_changed_since_a_date_is_read_again(serve, begin, since, again):
    workspace, state = Workspace("1", "2", "3", "4"), {}
    _, client = serve(workspace)
    read(begin(client, state, resource="news_items"))
    workspace.ids.remove("4")
    assert read(begin(client, state, resource="news_items", since=since)) == (again, ["4"])


def test_what_changed_in_the_second_in_which_it_was_read_is_read_once_more(serve, begin):
    """Another change may carry the same `updated_at`."""
    now, state = 1_772_366_400, {}

    def answer(request):
        news = {"id": "1", "updated_at": now}
        return news if request.path.endswith("/1") else {"type": "list", "data": [news], "pages": {}}

    _, client = serve(answer)
    for seconds_later, ids in ((0, ["1"]), (60, ["1"]), (120, [])):
        identity = Identity(clock_offset_seconds=now + seconds_later - time.time())
        assert read(begin(client, state, resource="news_items", identity=identity))[0] == ids


def test_an_article_whose_own_call_fails_holds_up_no_other_and_is_read_when_it_can_be_again(serve, begin):
    broken, state = {"2"}, {}

    def answer(request):
        record_id = request.path.removeprefix("/articles").strip("/")
        if record_id in broken:
            return Reply({"type": "error.list", "errors": [{"code": "server_error"}]}, 500)
        article = {"updated_at": 1}
        return article | {"id": record_id} if record_id else {"data": [article | {"id": one} for one in "123"]}

    _, client = serve(answer)
    for expected in (["1", "3"], []):
        batches = RESOURCES["articles"].read(begin(client, state, resource="articles"))
        assert [row["id"] for _, rows in next(batches) for row in rows] == expected
        with pytest.raises(RecordsUnread, match=r"id 2\).*500"):
            next(batches)
    broken.clear()
    [tables] = RESOURCES["articles"].read(begin(client, state, resource="articles"))
    assert [row["id"] for _, rows in tables for row in rows] == ["2"]
    assert not state.get("unread")


@pytest.mark.parametrize("is_listed", [True, False])
def test_more_articles_that_cannot_be_read_than_a_few_are_an_outage(serve, begin, is_listed):
    """Whether they are new, or known and no longer listed."""
    articles = [{"id": str(number), "updated_at": 1} for number in range(400)]
    state = {"known": {} if is_listed else {article["id"]: 1 for article in articles}}
    known, listed = len(state["known"]), articles if is_listed else articles[:1]

    def answer(request):
        return {"data": listed} if request.path == "/articles" else Reply({"type": "error.list", "errors": []}, 500)

    server, client = serve(answer)
    with pytest.raises(BadAnswer):
        list(RESOURCES["articles"].read(begin(client, state, resource="articles")))
    assert len(state["known"]) == known
    asked = {request.path for request in server.requests} - {"/articles"}
    # On a busy machine many are asked for before the error of the first few is looked at; never all.
    assert MOST_UNREAD < len(asked) < len(articles) / 2


@pytest.mark.parametrize("moment", ["2026-03-01T12:00:00Z", -5, True, {"at": 5}, 10**30])
def test_a_record_whose_time_nobody_can_read_is_read_every_time(serve, begin, moment):
    """An unknown time is no sign that nothing has changed; the moment of its creation says nothing of that."""
    state, title = {}, "first"
    _, client = serve(
        lambda request: (
            ({"data": [found]} if request.path == "/news/news_items" else found)
            if (found := {"id": "1", "created_at": 7, "updated_at": moment, "title": title})
            else None
        )
    )
    assert read(begin(client, state, resource="news_items")) == (["1"], [])
    title = "second"
    assert read(begin(client, state, resource="news_items")) == (["1"], [])


def test_one_that_is_not_listed_and_cannot_be_asked_for_holds_up_no_other(serve, begin):
    """Nobody knows whether it is gone: it is asked for again, and marked once it is."""
    workspace, state = Workspace("1", "2", "3"), {}
    _, client = serve(workspace)
    read(begin(client, state, resource="news_items"))
    workspace.ids, workspace.broken = ["1", "4"], {"2"}
    for ids, marks in ((["4"], ["3"]), ([], [])):
        reading = begin(client, state, resource="news_items")
        batches = NEWS.read(reading)
        found = {table.name: [row["id"] for row in rows] for table, rows in next(batches)}
        assert (found["news_items"], found[DELETED_RECORDS.name]) == (ids, marks)
        with pytest.raises(RecordsUnread, match="id 2"):
            next(batches)
        assert "2" in state["known"]
    workspace.broken = set()
    assert read(begin(client, state, resource="news_items")) == ([], ["2"])
    assert (state["unread"], "2" in state["known"]) == ([], False)


def test_one_that_was_unlisted_and_could_not_be_asked_for_is_fine_once_it_is_listed_as_loaded(serve, begin):
    workspace, state = Workspace("1", "2"), {}
    _, client = serve(workspace)
    read(begin(client, state, resource="news_items"))
    workspace.ids, workspace.broken = ["1"], {"2"}
    with pytest.raises(RecordsUnread, match="id 2"):
        list(NEWS.read(begin(client, state, resource="news_items")))
    workspace.ids = ["1", "2"]
    assert read(begin(client, state, resource="news_items")) == ([], [])
    assert (state["unread"], "2" in state["known"]) == ([], True)


@pytest.mark.parametrize("answer", [GATEWAY_NOT_FOUND, DENIED])
def test_what_a_gateway_does_not_find_or_the_token_may_not_read_is_not_gone(serve, begin, answer):
    workspace, state = Workspace("1", "2"), {}
    _, client = serve(workspace)
    read(begin(client, state, resource="news_items"))
    workspace.ids, workspace.missing = ["1"], answer
    batches = NEWS.read(begin(client, state, resource="news_items"))
    assert [rows for _, rows in next(batches)] == [[], []]
    with pytest.raises(RecordsUnread, match="id 2"):
        next(batches)
    workspace.missing = NOT_FOUND
    assert read(begin(client, state, resource="news_items")) == ([], ["2"])


def test_where_listed_ones_are_not_found_either_nothing_is_gone(serve, begin):
    workspace, state = Workspace(*"123456"), {}
    _, client = serve(workspace)
    read(begin(client, state, resource="news_items"))
    workspace.ids, workspace.finds_nothing = ["1", "2"], True
    with pytest.raises(IncompleteListing, match="listed answer 404, such as 2"):
        list(NEWS.read(begin(client, state, resource="news_items")))
    workspace.finds_nothing = False
    assert read(begin(client, state, resource="news_items")) == ([], ["3", "4", "5", "6"])


def test_records_that_fail_in_every_run_do_not_keep_a_deleted_one(serve, begin):
    ids, state = [*"12345"], {}

    def answer(request):
        record_id = request.path.removeprefix("/articles").strip("/")
        if not record_id:
            return {"data": [{"id": one, "updated_at": 1} for one in ids]}
        return {"id": record_id, "updated_at": 1} if record_id in ids and record_id in "45" else NOT_FOUND

    _, client = serve(answer)
    for expected in ((["4", "5"], []), ([], ["4"])):
        batches = RESOURCES["articles"].read(begin(client, state, resource="articles"))
        assert tuple([row["id"] for row in rows] for _, rows in next(batches)) == expected
        with pytest.raises(RecordsUnread, match="id 1, 2, 3"):
            next(batches)
        ids[:] = "1235"


@pytest.mark.parametrize("is_back", [True, False])
def test_a_list_that_has_lost_everything_is_believed_once_that_has_lasted(serve, begin, is_back):
    workspace, state, now = Workspace(*"123456"), {}, 1_772_366_400
    _, client = serve(workspace)

    def at(seconds):
        identity = Identity(clock_offset_seconds=now + seconds - time.time())
        return begin(client, state, resource="news_items", identity=identity)

    read(at(0))
    workspace.ids = []
    for minutes in (0, 10):
        batches = NEWS.read(at(minutes * 60))
        assert [rows for _, rows in next(batches)] == [[], []]
        with pytest.raises(RecordsUnread, match="GET /news/news_items: nothing is listed, but 6 records are loaded"):
            next(batches)
    if is_back:
        workspace.ids = list("123456")
    assert read(at(3_700)) == ([], [] if is_back else list("123456"))
    assert (state["unreadable"], len(state["known"])) == ({}, 6 if is_back else 0)


@pytest.mark.parametrize("count_listed_again", [1, 2])
@pytest.mark.parametrize("answer", [NOT_FOUND, Reply({"errors": [{"code": "server_error"}]}, 500)])
def test_a_listing_that_shows_a_deleted_article_once_more_does_not_bring_it_back(
    serve, begin, answer, count_listed_again
):
    """One that is loaded again is back; the row of any other would have no mark for ever."""
    state, there, listings = {}, {"1", "2"}, []

    def answered(request):
        record_id = request.path.removeprefix("/articles").strip("/")
        if record_id:
            return {"id": record_id, "updated_at": 1} if record_id in there else answer
        return {"data": [{"id": one, "updated_at": 1} for one in (listings.pop(0) if listings else sorted(there))]}

    def marks():
        found = []
        with suppress(RecordsUnread):
            for [(_, _), (_, rows)] in RESOURCES["articles"].read(begin(client, state, resource="articles")):
                found += [(row["id"], row.get(REMOVES, False)) for row in rows]
        return found

    _, client = serve(answered)
    assert marks() == []
    there, answer_then, answer = {"1"}, answer, NOT_FOUND
    assert marks() == [("2", False)]
    answer, listings = answer_then, ["12"] * count_listed_again
    assert marks() == []
    assert marks() == []
    there, listings = {"1", "2"}, []
    assert marks() == [("2", True)]
    assert state["gone"] == []


@pytest.mark.parametrize("is_listed", [True, False])
def test_an_article_that_is_not_found_has_vanished_only_where_it_is_listed_no_more(serve, begin, is_listed):
    listings = []

    def answer(request):
        record_id = request.path.removeprefix("/articles").strip("/")
        if not record_id:
            listings.append(request)
            ids = "12" if is_listed or len(listings) == 1 else "1"
            return {"type": "list", "data": [{"id": one, "updated_at": 1} for one in ids], "pages": {}}
        return NOT_FOUND if record_id == "2" else {"id": "1", "updated_at": 1}

    _, client = serve(answer)
    state = {}
    reading = begin(client, state, resource="articles")
    batches = RESOURCES["articles"].read(reading)
    [(_, rows), _] = next(batches)
    assert [row["id"] for row in rows] == ["1"]
    assert reading.report.count_vanished == (not is_listed)
    with pytest.raises(RecordsUnread, match="id 2") if is_listed else nullcontext():
        list(batches)

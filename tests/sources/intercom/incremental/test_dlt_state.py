"""State of the first releases, as they wrote it: the next run goes on from it, and reads nothing again."""

import base64
import struct

import pytest

from sources.intercom.api.identity import Identity
from sources.intercom.incremental.dlt_state import VERSION, VERSION_WITH_VISITORS_PASS, SearchState, StateTooNew, opened
from sources.intercom.reading.reading import is_unfinished
from sources.intercom.resources import RESOURCES
from tests.support.network.loopback import NOT_FOUND, Reply

NEWS = "/news/news_items"
AT = 1_772_366_400
DATE = {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}
SEEN = base64.b64encode(struct.pack(">q8s", AT, b"a digest")).decode()
OVERLAP_SECONDS = 900

IDLE_SEARCH = {"watermark": AT, "seen": SEEN, "unsettled": ""}
SEARCH_GOING_ON = {
    **IDLE_SEARCH,
    "pass": {
        "after": AT - 5_000,
        "known_to": AT - 4_100,
        "count_listed": 300,
        "reached": AT - 2_000,
        "page_cursor": "c2",
        "is_fresh": False,
    },
    "unread": [],
}
SEARCH_READ_AGAIN = {"watermark": AT, "again_from": AT - 7_000, "seen": SEEN, "unsettled": ""}


def search(after, page_cursor=None):
    """What a search asks first: `after` as the filter has it, and the place."""
    return ("POST", after - 1, page_cursor)


def asked(request):
    if request.method == "POST":
        return (request.method, request.body["query"]["value"], request.starting_after)
    return (request.method, request.query.get("starting_after"), request.query.get("created_at_after"))


def nothing(request):
    """The last page of any listing, without records."""
    key = "tickets" if "tickets" in request.path else "activity_logs" if "activity" in request.path else "data"
    return Reply({"type": "list", key: [], "conversations": [], "pages": {"type": "pages"}}, headers=DATE)


@pytest.mark.parametrize(
    ("resource", "state", "first"),
    [
        ("conversations", IDLE_SEARCH, search(AT - OVERLAP_SECONDS)),
        ("conversations", SEARCH_GOING_ON, search(AT - 5_000, "c2")),
        ("tickets", SEARCH_READ_AGAIN, search(AT - 7_000)),
        ("tickets", {"pass": {"after": 5, "start_at": 5}}, search(5)),
        ("contacts", IDLE_SEARCH, search(AT - OVERLAP_SECONDS - 90_000)),
        ("activity_logs", {"read_until": AT}, ("GET", None, str(AT - 86_400 - 1))),
        ("activity_logs", {"read_until": AT, "pass": {"after": AT - 50}}, ("GET", None, str(AT - 51))),
        ("contact_segments", {"pass": {"begun_at": AT, "count_listed": 150, "page_cursor": "p2"}}, ("GET", "p2", None)),
        ("data_events", {"complete_at": AT, "unread": []}, ("GET", None, None)),
    ],
)
def test_the_first_request_continues_where_the_former_version_ended(serve, begin, resource, state, first):
    server, client = serve(nothing)
    ours = Identity()
    identity = Identity(clock_offset_seconds=AT + 600 - ours.now())
    reading = begin(client, state, resource=resource, identity=identity)
    list(RESOURCES[resource].read(reading))
    assert asked(server.requests[0]) == first
    assert state["version"] == VERSION
    assert not is_unfinished(state)
    assert state.get("watermark", AT) == AT


def test_what_an_earlier_version_has_seen_is_not_read_again(serve, begin):
    record = {"id": "1", "updated_at": AT - 10}
    page = {"type": "ticket.list", "tickets": [record], "pages": {"type": "pages"}, "total_count": 1}
    server, client = serve(lambda request: Reply(page if request.method == "POST" else record, headers=DATE))
    state = {}
    list(RESOURCES["tickets"].read(begin(client, state, resource="tickets")))
    del state["version"]  # what is left is what the former version wrote
    again = begin(client, state, resource="tickets")
    list(RESOURCES["tickets"].read(again))
    assert [request.method for request in server.requests] == ["POST", "GET", "POST"]
    assert again.report.count_repeated == 1


def test_known_records_of_an_earlier_version_are_not_read_again_and_their_absence_is_noticed(serve, begin):
    def answer(request):
        if request.path == NEWS:
            return {"data": [{"id": "1", "updated_at": 5}, {"id": "3", "updated_at": 7}]}
        return {"id": "1", "updated_at": 5} if request.path == f"{NEWS}/1" else NOT_FOUND

    server, client = serve(answer)
    state = {"known": {"1": 5, "2": 6}, "gone": ["3"]}
    [[(_, rows), (_, marks)]] = RESOURCES["news_items"].read(begin(client, state, resource="news_items"))
    assert [row["id"] for row in rows] == ["3"]
    assert {mark["id"] for mark in marks} == {"2", "3"}  # 2 is gone, and 3 there again
    assert [request.path for request in server.requests] == [NEWS, f"{NEWS}/2", f"{NEWS}/1"]
    assert state == {"known": {"1": 5, "3": 7}, "gone": ["2"], "version": VERSION}


def test_an_export_of_an_earlier_version_is_young_enough(serve, begin):
    server, client = serve(nothing)
    ours = Identity()
    identity = Identity(clock_offset_seconds=AT - ours.now())
    state = {"exported_until": AT - 60, "kinds": ["receipts"]}
    assert (
        list(RESOURCES["content_export"].read(begin(client, state, resource="content_export", identity=identity))) == []
    )
    assert server.requests == []


def test_state_of_a_later_version_is_refused_and_left_as_it_is():
    later = VERSION_WITH_VISITORS_PASS + 1
    state = {"version": later, "watermark": 5}
    with pytest.raises(StateTooNew, match=r"version 3.*Upgrade"):
        opened(state, SearchState)
    assert state == {"version": later, "watermark": 5}

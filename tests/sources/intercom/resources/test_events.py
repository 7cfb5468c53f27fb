"""Events of contacts: from where on they are asked for."""

import time

import pytest

from sources.intercom.api.errors import IncompleteListing, RecordsUnread
from sources.intercom.incremental.dlt_state import MOST_VANISHED
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from sources.intercom.reading.unreadable_state import MOST_REMEMBERED
from sources.intercom.resources import RESOURCES
from tests.support.network.loopback import NOT_FOUND, Reply
from tests.support.searches.chunks import next_chunk

EVENTS = RESOURCES["data_events"]
COMPLETE_AT = 1_772_366_400
DAY_SECONDS = 86_400
OVERLAP_SECONDS = 7 * DAY_SECONDS
CONTACTS = [{"id": f"c{number}", "updated_at": 5} for number in range(3)]


@pytest.mark.parametrize("going_on", [{}, {"pass": {"page_cursor": "2", "begun_at": COMPLETE_AT}}])
@pytest.mark.parametrize("days_before", [0, 30])
def test_since_asks_every_contact_from_there_but_leaves_no_gap(serve, begin, going_on, days_before):
    asked = {}

    def answer(request):
        if request.path == "/contacts":
            return {"type": "list", "data": CONTACTS[int(request.query.get("starting_after", 0)) :], "pages": {}}
        asked[request.query["intercom_user_id"]] = int(request.query["since"])
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    since = COMPLETE_AT - days_before * DAY_SECONDS
    state = {"complete_at": COMPLETE_AT, **going_on}
    list(EVENTS.read(begin(client, state, resource="data_events", since=since)))
    assert asked == dict.fromkeys(("c0", "c1", "c2"), min(since, COMPLETE_AT - OVERLAP_SECONDS) * 1_000)


def test_all_events_are_asked_of_a_contact_that_could_not_be_read_before(serve, begin):
    """The last whole pass has left it out, so that its moment says nothing of this contact."""
    asked = []

    def answer(request):
        if request.path == "/contacts":
            return {"type": "list", "data": CONTACTS, "pages": {}}
        if request.query["intercom_user_id"] == "c1":
            asked.append(request.query.get("since"))
            if len(asked) == 1:
                return Reply({"errors": [{"code": "parameter_invalid"}]}, 400)
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    state = {"complete_at": COMPLETE_AT}
    with pytest.raises(RecordsUnread):
        list(EVENTS.read(begin(client, state, resource="data_events")))
    for _ in range(2):
        state["complete_at"] = COMPLETE_AT + DAY_SECONDS
        list(EVENTS.read(begin(client, state, resource="data_events")))
    assert asked == [
        str((COMPLETE_AT - OVERLAP_SECONDS) * 1_000),
        None,
        str((COMPLETE_AT + DAY_SECONDS - OVERLAP_SECONDS) * 1_000),
    ]


class Replicas:
    """Three contacts, of which some answer 404 for a while, or are no longer listed; notes who was asked from when."""

    def __init__(self):
        self.missing, self.unlisted, self.asked = set(), set(), []

    def __call__(self, request):
        if request.path == "/contacts":
            listed = [contact for contact in CONTACTS if contact["id"] not in self.unlisted]
            return {"type": "list", "data": listed, "pages": {}}
        contact_id = request.query.get("intercom_user_id") or request.path.rpartition("/")[2]
        if contact_id in self.missing | self.unlisted:
            return NOT_FOUND
        if request.path != "/events":
            return {"id": contact_id}
        self.asked.append((contact_id, request.query.get("since")))
        event = {"id": f"of {contact_id}", "event_name": "did", "created_at": 5}
        return {"type": "event.list", "events": [event]}

    def run(self, begin, client, state):
        """Return the contacts whose events a run loads, and how many it says have vanished."""
        self.asked.clear()
        reading = begin(client, state, resource="data_events")
        rows = [row for tables in EVENTS.read(reading) for _, page in tables for row in page]
        return sorted(row["contact_id"] for row in rows), reading.report.count_vanished


@pytest.mark.parametrize("count_runs", [1, 2, 3])
def test_all_events_are_asked_of_a_listed_contact_that_was_not_found_before(serve, begin, count_runs):
    """One of several replicas may lack it for long; the passes in between say nothing of this contact."""
    replicas = Replicas()
    _, client = serve(replicas)
    state = {}
    replicas.missing = {"c1"}
    for _ in range(count_runs):
        assert replicas.run(begin, client, state) == (["c0", "c2"], 1)
        state["complete_at"] = COMPLETE_AT
    replicas.missing = set()
    assert replicas.run(begin, client, state) == (["c0", "c1", "c2"], 0)
    assert ("c1", None) in replicas.asked
    state["complete_at"] = COMPLETE_AT
    replicas.run(begin, client, state)
    assert ("c1", None) not in replicas.asked


def test_a_contact_that_is_not_listed_any_more_is_forgotten(serve, begin):
    replicas = Replicas()
    server, client = serve(replicas)
    state = {}
    replicas.missing = {"c1"}
    replicas.run(begin, client, state)
    replicas.unlisted = {"c1"}
    count_before = len(server.requests)
    assert replicas.run(begin, client, state) == (["c0", "c2"], 0)
    assert (len(server.requests) - count_before, "missing" in state) == (3, False)


def test_a_missing_contact_is_asked_for_before_the_pass_only_where_it_goes_on_behind_it(serve, begin):
    replicas = Replicas()
    server, client = serve(replicas)
    replicas.missing = {"c1"}
    replicas.run(begin, client, state := {})
    count_before = len(server.requests)
    replicas.run(begin, client, state)
    assert len(server.requests) - count_before == count_before, "as many as the first run needed"
    state["pass"] = {"page_cursor": "behind it", "begun_at": COMPLETE_AT}
    replicas.missing, replicas.unlisted = set(), set()
    replicas.run(begin, client, state)
    assert replicas.asked[0] == ("c1", None)


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_a_pass_with_more_vanished_contacts_than_are_remembered_is_no_whole_one(serve, begin, caplog, is_forgotten):
    """Those that were missing before, and are not listed any more, had taken the room of the other."""
    replicas = Replicas()
    _, client = serve(replicas)
    ids = {f"v{number}": False for number in range(MOST_VANISHED - 1)}
    state = {"missing": dict(ids)}
    replicas.missing = {"c1", "c2"} if is_forgotten else {"c1"}
    replicas.run(begin, client, state)
    assert state["missing"] == {"c1": False}
    assert ("complete_at" in state) != is_forgotten
    assert (f"more than {MOST_VANISHED:,} contacts" in caplog.text) == is_forgotten


def test_since_goes_on_in_a_run_that_is_not_told_so(serve, begin):
    asked = []

    def answer(request):
        if request.path == "/contacts":
            start = int(request.query.get("starting_after", 0))
            pages = {"next": {"starting_after": str(start + 1)}} if start < 2 else {}
            return {"type": "list", "data": CONTACTS[start : start + 1], "pages": pages}
        asked.append((request.query["intercom_user_id"], int(request.query["since"])))
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    since, state = COMPLETE_AT - 30 * DAY_SECONDS, {"complete_at": COMPLETE_AT}
    list(EVENTS.read(begin(client, state, resource="data_events", since=since, records=1)))
    while "pass" in state:
        list(EVENTS.read(begin(client, state, resource="data_events", records=1)))
    assert asked == [(contact["id"], since * 1_000) for contact in CONTACTS]


@pytest.mark.parametrize("count_runs", [1, 2])
def test_a_pass_of_several_runs_says_that_the_next_one_reads_as_much_again(serve, begin, caplog, count_runs):
    def answer(request):
        if request.path == "/contacts":
            start = int(request.query.get("starting_after", 0))
            pages = {"next": {"starting_after": str(start + 1)}} if start < 1 else {}
            return {"type": "list", "data": CONTACTS[start : start + 1], "pages": pages}
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    state = {}
    for _ in range(count_runs):
        list(EVENTS.read(begin(client, state, resource="data_events", records=2 // count_runs)))
    assert ("pass" in state, "complete_at" in state) == (False, count_runs == 1)
    assert ("data_events: all contacts were read, but in several runs" in caplog.text) == (count_runs == 2)


def test_a_clock_of_intercoms_that_runs_ahead_once_hides_no_event(serve, begin):
    asked = []

    def answer(request):
        if request.path == "/contacts":
            ahead = {"Date": "Fri, 01 Mar 2999 12:00:00 GMT"}
            return Reply({"type": "list", "data": CONTACTS[:1], "pages": {}}, headers=ahead)
        asked.append(int(request.query.get("since", 0)))
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    state = {}
    for _ in range(2):
        list(EVENTS.read(begin(client, state, resource="data_events")))
    assert asked[0] < asked[1] <= (time.time() - OVERLAP_SECONDS) * 1_000


def test_events_that_come_again_under_ever_new_addresses_end(serve, begin):
    def answer(request):
        if request.path == "/contacts":
            return {"type": "list", "data": CONTACTS[:1], "pages": {}}
        before = int(request.query.get("before", 10_000)) - 1
        events = [{"id": f"e{before % 2}", "event_name": "seen", "created_at": 5}]
        return {"type": "event.list", "events": events, "pages": {"next": f"https://a.example/events?before={before}"}}

    server, client = serve(answer)
    with pytest.raises(RecordsUnread):
        list(EVENTS.read(begin(client, {}, resource="data_events")))
    assert len(server.requests) < 1_000


def test_what_a_hidden_contact_did_is_asked_for_once_it_is_listed(serve, begin, caplog):
    """A pass may be short of a few contacts: of those nothing was read, whatever it has read of the others."""
    shown, asked = CONTACTS[:2], []

    def answer(request):
        if request.path == "/contacts":
            return {"type": "list", "data": shown, "pages": {}, "total_count": 3}
        asked.append((request.query["intercom_user_id"], request.query.get("since")))
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    state = {}
    list(EVENTS.read(reading := begin(client, state, resource="data_events")))
    assert "/contacts: Intercom counts 3 records but lists 2" in caplog.text
    assert "counts more contacts than it lists (1 more), and may have left some out; the next pass" in caplog.text
    assert reading.report.tally.unlisted == 1
    shown = CONTACTS
    asked.clear()
    list(EVENTS.read(begin(client, state, resource="data_events")))
    assert sorted(asked) == [("c0", None), ("c1", None), ("c2", None)]  # contacts are asked for side by side


def test_since_is_kept_until_everybody_was_asked(serve, begin):
    """A pass may be short of a few contacts; the next one asks them from there on, although nobody says so again."""
    shown, asked = CONTACTS[:2], []

    def answer(request):
        if request.path == "/contacts":
            return {"type": "list", "data": shown, "pages": {}, "total_count": 3}
        asked.append((request.query["intercom_user_id"], int(request.query["since"])))
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    since, state = COMPLETE_AT - 30 * DAY_SECONDS, {"complete_at": COMPLETE_AT}
    list(EVENTS.read(begin(client, state, resource="data_events", since=since)))
    shown = CONTACTS
    asked.clear()
    list(EVENTS.read(begin(client, state, resource="data_events")))
    assert sorted(asked) == [(contact["id"], since * 1_000) for contact in CONTACTS]
    assert "since" not in state


def test_a_contact_that_there_was_no_room_to_remember_is_asked_for_everything(serve, begin):
    """It comes in the first load package, and the pass ends in the second, which knows of no lack of room."""
    asked, broken = [], {"c0"}

    def answer(request):
        if request.path == "/contacts":
            start = int(request.query.get("starting_after", 0))
            following = {"next": {"starting_after": "1"}} if start == 0 else {}
            return {"type": "list", "data": CONTACTS[start : start + 1], "pages": following, "total_count": 2}
        if request.path == "/contacts/c0":
            return CONTACTS[0]
        if request.query["intercom_user_id"] in broken:
            return NOT_FOUND
        asked.append((request.query["intercom_user_id"], request.query.get("since")))
        return {"type": "event.list", "events": []}

    def run():
        reading = begin(client, state, resource="data_events", records=1)
        list(EVENTS.read(reading))
        list(EVENTS.read(next_chunk(reading)))

    _, client = serve(answer)
    facts = {"entity": "data_events", "record_id": None, "reason": "no id", "first_seen_at": 1, "tries": 1}
    places = [f"place {number}" for number in range(MOST_REMEMBERED)]
    state = {"unreadable": {at: {**facts, "id": at, "is_undelivered": False} for at in places}}
    with pytest.raises(RecordsUnread, match="1 or more listed records"):
        run()
    broken.clear()
    asked.clear()
    run()
    assert asked == [("c0", None), ("c1", None)]
    assert "complete_at" in state


def test_contacts_that_come_again_from_load_package_to_load_package_end(serve, begin):
    """Each package lists one page of two that lead to one another, so that none meets a page cursor twice."""

    def answer(request):
        if request.path == "/contacts":
            number = int(request.query.get("starting_after", 0))
            following = {"next": {"starting_after": str(1 - number)}}
            return {"type": "list", "data": CONTACTS[number : number + 1], "pages": following, "total_count": 2}
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    reading = begin(client, state := {}, resource="data_events", records=1)

    def run():
        for _ in range(500):
            list(EVENTS.read(next_chunk(reading)))

    with pytest.raises(IncompleteListing, match="no new record"):
        run()
    assert "pass" not in state


def test_events_without_a_key_are_named_by_their_contact_and_are_no_outage(serve, begin):
    """One more contact that Intercom cannot deliver is one, however many have events that cannot be loaded."""
    keyless = [f"k{number}" for number in range(MOST_UNREAD + 1)]

    def answer(request):
        if request.path == "/contacts":
            return {"type": "list", "data": [{"id": one} for one in (*keyless, "broken")], "pages": {}}
        if request.query["intercom_user_id"] == "broken":
            return Reply({"errors": [{"code": "parameter_invalid"}]}, 400)
        return {"type": "event.list", "events": [{"event_name": "did", "created_at": 5}, {"created_at": 6}]}

    _, client = serve(answer)
    reading = begin(client, state := {}, resource="data_events")
    with pytest.raises(RecordsUnread, match="22 listed records"):
        list(EVENTS.read(reading))
    named = {row["id"] for row in reading.unreadable.rows()}
    assert named == {"broken", *(f"{one}, place 2" for one in keyless)}
    assert "complete_at" in state

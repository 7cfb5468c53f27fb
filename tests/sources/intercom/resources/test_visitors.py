"""Visitors: looked up one by one."""

import hashlib
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from sources.intercom.api.errors import BadAnswer, RecordsUnread
from sources.intercom.incremental.dlt_state import reset
from sources.intercom.privacy.guard import Guard
from sources.intercom.privacy.rules import Privacy
from sources.intercom.reading.chunk_budget import Chunk
from sources.intercom.reading.reading import is_unfinished
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from sources.intercom.resources import RESOURCES, visitors
from sources.intercom.resources.visitors import NOT_KNOWN, pseudonyms_in
from sources.intercom.rows.table import REMOVES
from tests.support.network.loopback import GATEWAY_NOT_FOUND, Reply

VISITORS = RESOURCES["visitors"]
HASH_KEY = "sixteen characters and more"
ADDRESS = "ada@example.com"  # a user id that says who it is


class Workspace:
    """Looks visitors up; `refused`: user id -> status."""

    def __init__(self, **refused):
        self.refused = refused
        self.asked = []

    def __call__(self, request):
        user_id = request.query["user_id"]
        self.asked.append(user_id)
        if user_id in self.refused:
            return Reply({"type": "error.list", "errors": [{"code": "not_found"}]}, self.refused[user_id])
        return {"type": "visitor", "id": None if user_id == "odd" else f"v-{user_id}", "user_id": user_id}


def read(reading):
    """Read to the end; return the ids, and the error that tells what is missing."""
    batches, ids = VISITORS.read(reading), []
    try:
        for tables in batches:
            ids += [row["id"] for _, rows in tables for row in rows]
    except RecordsUnread as error:
        return ids, str(error)
    return ids, None


def mark(state, user_id, hash_key=""):
    """Return what stands for a user id in the state of visitors."""
    return pseudonyms_in(state, hash_key).of(user_id)


@pytest.mark.parametrize(("refused", "status"), [(ADDRESS, 500), (ADDRESS, 400), ("odd", 200)])
def test_a_visitor_who_is_refused_holds_up_no_other_and_is_asked_for_again(serve, begin, refused, status):
    workspace = Workspace(unknown=404) if status == 200 else Workspace(unknown=404, **{refused: status})
    _, client = serve(workspace)
    state = {}
    reading = begin(client, state, resource="visitors", people={"a", refused, "unknown", "z"})
    ids, error = read(reading)
    assert (sorted(ids), reading.report.count_records) == (["v-a", "v-z"], 2)
    assert mark(state, refused) in error
    assert refused not in f"{error} {state}"
    assert (state["unread"], "looked_up_at" in state) == ([mark(state, refused)], True)


def test_one_who_was_refused_is_named_until_an_answer_comes(serve, begin):
    workspace = Workspace(**{ADDRESS: 500})
    _, client = serve(workspace)
    state = {}
    read(begin(client, state, resource="visitors", people={ADDRESS}))
    _, error = read(begin(client, state, resource="visitors", people={"z"}))
    assert f"{mark(state, ADDRESS)}: {NOT_KNOWN}" in error, "a script asks nobody whom it has not met"
    workspace.refused = {}
    assert read(begin(client, state, resource="visitors", people={ADDRESS})) == ([f"v-{ADDRESS}"], None)
    assert state["unread"] == []


def test_one_who_was_refused_and_is_not_in_the_database_any_more_is_forgotten(serve, begin):
    _, client = serve(Workspace(**{ADDRESS: 500}))
    state = {}
    read(begin(client, state, resource="visitors", people={ADDRESS}))
    assert read(begin(client, state, resource="visitors", people={"z"}, has_all_people=True)) == (["v-z"], None)
    assert state["unread"] == []


@pytest.mark.parametrize("keys", [("",), (HASH_KEY,), ("", HASH_KEY)])
def test_what_stands_for_a_user_id_has_a_key_also_where_an_earlier_version_had_none(serve, begin, keys):
    """Whoever knows how it is made would find a user id by counting; since when it is unread stays."""
    _, client = serve(Workspace(**{"7345": 500}))
    earlier = hashlib.blake2b(b"7345", digest_size=8).hexdigest()
    fact = {"entity": "visitors", "id": earlier, "record_id": earlier, "reason": "-", "first_seen_at": 5, "tries": 3}
    state = {"unread": [earlier], "unreadable": {f"visitors {earlier}": fact | {"is_undelivered": True}}}
    for tries, hash_key in enumerate(keys, 4):
        for people in ({"z"}, {"7345"}):
            guard = Guard(Privacy(hash_key=hash_key))
            reading = begin(client, state, resource="visitors", people=people, guard=guard)
            before = state["unread"]
            read(reading)
            rows = {row["id"]: REMOVES in row for row in reading.unreadable.rows()}
            assert rows == {**dict.fromkeys(before, True), state["unread"][0]: False}
        now = mark(state, "7345", hash_key)
        assert state["unread"] == [now]
        assert not any(one in str(state) for one in (earlier, HASH_KEY))
        [(name, kept)] = state["unreadable"].items()
        assert (name, kept["id"], kept["first_seen_at"], kept["tries"]) == (f"visitors {now}", now, 5, 2 * tries - 3)
    assert pseudonyms_in(state, "another key of a person") is None or not hash_key
    reset(state)
    assert mark(state, "7345", hash_key) == now


@pytest.mark.parametrize("is_whole_run", [False, True])
def test_people_are_looked_up_in_load_packages_of_a_run(serve, begin, monkeypatch, is_whole_run):
    """A script's run is one package: the next run would not know whom this one has met."""
    monkeypatch.setattr(visitors, "PEOPLE_AT_ONCE", 3)
    workspace = Workspace(p5=400)
    _, client = serve(workspace)
    people, state = {f"p{number}" for number in range(10)}, {}
    first = begin(client, state, resource="visitors", people=people)
    ids, errors, packages = [], [], 0
    while not packages or is_unfinished(state):
        chunk = Chunk.of_a_run(4) if is_whole_run else Chunk(4, rows=10**9, seconds=60)
        found, error = read(replace(first, chunk=chunk))
        ids += found
        errors.append(error)
        packages += 1
    assert packages == (1 if is_whole_run else 2)
    assert sorted(ids) == sorted(f"v-{one}" for one in people - {"p5"})
    assert sorted(workspace.asked) == sorted(people)
    assert (errors[:-1], state["unread"]) == ([None] * (packages - 1), [mark(state, "p5")])
    assert "looked_up_at" in state


def test_who_was_met_since_a_run_was_cut_off_is_looked_up_whatever_a_package_takes(serve, begin, monkeypatch):
    """They come before the place that the run had reached, and are more than one package takes."""
    monkeypatch.setattr(visitors, "PEOPLE_AT_ONCE", 1)
    workspace = Workspace()
    _, client = serve(workspace)
    people, state = {f"p{number}" for number in range(20)}, {}
    read(begin(client, state, resource="visitors", people={"p0"}))
    state["pass"] = {"after": sorted(mark(state, one) for one in people)[-2], "met_until": 1.0}
    workspace.asked.clear()
    reading = begin(client, state, resource="visitors", people=people)
    while is_unfinished(state):
        read(replace(reading, chunk=Chunk(2, rows=10**9, seconds=60)))
    assert sorted(workspace.asked) == sorted(people)


def test_a_version_that_knows_no_pass_of_visitors_leaves_one_alone(serve, begin, monkeypatch):
    """It would look up everybody again, package after package."""
    monkeypatch.setattr(visitors, "PEOPLE_AT_ONCE", 1)
    _, client = serve(Workspace())
    state = {}
    reading = begin(client, state, resource="visitors", people={"a", "b", "c"})
    read(replace(reading, chunk=Chunk(1, rows=10**9, seconds=60)))
    assert (is_unfinished(state), state["version"]) == (True, 2)
    read(replace(reading, chunk=Chunk(5, rows=10**9, seconds=60)))
    assert (is_unfinished(state), state["version"]) == (False, 1)


def test_a_new_order_of_people_begins_their_pass_anew(serve, begin):
    _, client = serve(Workspace())
    state = {}
    read(begin(client, state, resource="visitors", people={"a"}))
    state["pass"] = {"after": "f" * 32, "met_until": 1.0}
    guard = Guard(Privacy(hash_key=HASH_KEY))
    reading = begin(client, state, resource="visitors", people={"a", "z"}, guard=guard)
    batches = VISITORS.read(reading)
    next(batches)
    next(batches, None)
    assert "pass" not in state


def test_many_refused_visitors_are_an_outage(serve, begin):
    people = {f"p{number}" for number in range(MOST_UNREAD + 1)}
    _, client = serve(Workspace(**dict.fromkeys(people, 500)))
    state = {}
    with pytest.raises(BadAnswer):
        read(begin(client, state, resource="visitors", people=people))
    assert "looked_up_at" not in state


def test_a_404_of_a_gateway_says_nothing_of_a_visitor(serve, begin):
    _, client = serve(lambda request: GATEWAY_NOT_FOUND)
    state = {}
    ids, error = read(begin(client, state, resource="visitors", people={"a"}))
    assert (ids, state["unread"]) == ([], [mark(state, "a")])
    assert "answered 404" in error


def test_people_who_are_still_met_by_a_resource_that_has_failed_hold_up_nobody(serve, begin):
    """Its requests that are under way go on for a moment."""
    _, client = serve(Workspace())
    reading = begin(client, {}, resource="visitors", people={str(number) for number in range(20_000)})
    reading.session.stop.set()  # nobody has to be asked
    has_ended = Event()

    def meet():
        for number in itertools.count(20_000):
            if has_ended.is_set():
                return
            reading.session.people.add(str(number))

    with ThreadPoolExecutor(1) as threads:
        meeting = threads.submit(meet)
        try:
            assert list(VISITORS.read(reading)) == []
        finally:
            has_ended.set()
        meeting.result()

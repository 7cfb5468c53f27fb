"""Records that Intercom cannot deliver, or that cannot be loaded: a sweep names them and goes on."""

from functools import partial

import pytest

from sources.intercom.api.errors import BadAnswer, IntercomError, RecordsUnread
from sources.intercom.privacy.forgotten_people import Forgotten
from sources.intercom.privacy.guard import Guard
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from sources.intercom.resources.contacts import contact_rows
from sources.intercom.resources.conversations import conversation_rows
from sources.intercom.rows.table import REMOVES
from sources.intercom.rows.validation import fitting
from sources.intercom.sweep import merges
from sources.intercom.sweep.entities import SWEPT_CONTACTS, SWEPT_CONVERSATIONS
from sources.intercom.sweep.sweep_task import Task
from tests.sources.intercom.sweep.raw import Raw
from tests.support.network.loopback import NOT_FOUND, Reply

WATERMARK = 1_772_366_400
LOADED = [{"id": str(number), "created_at": 1, "updated_at": 100 + number, "title": "old"} for number in range(6)]
NOT_ALLOWED = Reply({"errors": [{"code": "unauthorized"}]}, 401)
EMPTY_TAG = {"type": "tag", "id": None, "name": "no id"}


class Workspace:
    """Lists `records`, of one kind; the calls for the `broken` ids answer 500, and for others that are not there 404.

    `lists`: what `/contacts/{id}/<name>` answers, by name. A search shows all but the `older` ids, and still those of
    `gone`.
    """

    def __init__(self, records, broken=(), lists=None, gone=()):
        self.records, self.broken, self.lists, self.older = list(records), set(broken), lists or {}, set()
        self.gone = list(gone)

    def __call__(self, request):
        _, kind, identity, *of_list = request.path.split("/")
        if identity == "search":
            shown = [one for one in [*self.records, *self.gone] if one["id"] not in self.older]
            return {kind: shown, "data": shown, "pages": {}, "total_count": len(shown)}
        if identity in self.broken:
            return Reply({"errors": [{"code": "server_error"}]}, 500)
        if of_list:
            return {"type": "list", "data": self.lists.get(of_list[0], [])}
        found = [one for one in self.records if one["id"] == identity]
        return found[0] if found else NOT_FOUND


def raw_of(records, rows_of=conversation_rows, **others):
    """Return the raw tables as a sync of `records` has left them."""
    tables = dict(others)
    for record in records:
        for table, rows in fitting(rows_of([record]))[0]:
            tables.setdefault(table.name, []).extend(row for row in rows if REMOVES not in row)
    return Raw(**tables)


class Sweep:
    """One sweep: `rows` by table, the ids `marked` as gone, what it `found`, and the `error` at its end."""

    def __init__(self, begin, client, raw, state, *, swept=SWEPT_CONVERSATIONS, unread=(), beside=(), since=0, gone=()):
        states = {swept.name: {"watermark": WATERMARK, "unread": list(unread)}, **{name: {} for name in beside}}
        task = Task(swept, raw, states, None, since)
        marked = {swept.name: set(gone)}
        reading = begin(client, state, resource=f"sweep_{swept.name}", overlap_seconds=0, marked=marked)
        self.rows, self.error = {}, None
        try:
            for tables in task.read(reading):
                for table, rows in tables:
                    self.rows.setdefault(table.name, []).extend(rows)
            reading.unreadable.check()
        except (RecordsUnread, BadAnswer) as error:
            self.error = error
        self.marked = {row["id"] for row in self.rows.get("deleted_records", ())}
        self.found, self.unread = reading.report.found, state.get("unread", [])


@pytest.fixture
def sweep(begin):
    return partial(Sweep, begin)


def test_what_every_sync_asks_for_again_is_not_missed(serve, sweep):
    listed = [LOADED[0], LOADED[1] | {"updated_at": 1_000}]
    _, client = serve(Workspace(listed, broken={"1"}))
    done = sweep(client, raw_of(LOADED[:3]), {}, unread=["1"])
    assert (done.error, done.found["newer"], done.found["missed"], done.marked) == (None, 1, 0, {"2"})


@pytest.mark.parametrize("change", [{"title": "new"}, {"updated_at": 1_000}])
def test_a_record_that_cannot_be_delivered_is_named_until_it_can(serve, sweep, change):
    listed = [LOADED[0], LOADED[1] | change, *LOADED[3:]]
    workspace = Workspace(listed, broken={"1"})
    _, client = serve(workspace)
    state = {}
    for _ in range(2):
        done = sweep(client, raw_of(LOADED), state)
        assert "id 1" in str(done.error)
        assert (done.unread, done.marked) == (["1"], {"2"})
    workspace.broken = set()
    done = sweep(client, raw_of(LOADED), state)
    assert (done.error, done.unread, [row["id"] for row in done.rows["conversations"]]) == (None, [], ["1"])


def test_what_a_whole_sweep_could_not_read_is_asked_for_by_those_of_young_records(serve, sweep):
    """Whether it was loaded before or not; what is gone by then, the next whole one marks."""
    changed, new = LOADED[1] | {"title": "new"}, LOADED[1] | {"id": "n"}
    workspace, state = Workspace([LOADED[0], changed, LOADED[2] | {"title": "new"}, new], broken="12n"), {}
    server, client = serve(workspace)
    assert "id 1, 2, n" in str(sweep(client, raw_of(LOADED[:3]), state).error)
    workspace.older, workspace.broken = set("012n"), {"1"}
    workspace.records = [one for one in workspace.records if one["id"] != "2"]
    done = sweep(client, raw_of([]), state, since=1_000)
    assert (done.unread, [row["id"] for row in done.rows["conversations"]], done.marked) == (["1"], ["n"], set())
    workspace.broken = set()
    done = sweep(client, raw_of([]), state, since=1_000)
    assert (done.error, [row["title"] for row in done.rows["conversations"]]) == (None, ["new"])
    server.requests.clear()
    assert sweep(client, raw_of([]), state, since=1_000).error is None
    assert [request.path for request in server.requests] == ["/conversations/search"]


@pytest.mark.parametrize("updated_at", [101, 1_000, WATERMARK + 1])
@pytest.mark.parametrize("swept", [SWEPT_CONTACTS, SWEPT_CONVERSATIONS], ids=lambda swept: swept.name)
def test_a_marked_record_is_back_only_when_its_own_call_finds_it(serve, sweep, swept, updated_at):
    """A stale listing still shows what is gone."""
    records = [record | {"updated_at": updated_at} for record in LOADED[1:3]]
    _, client = serve(Workspace([LOADED[0], records[0]], gone=records[1:]))
    raw = raw_of([(one, one) for one in LOADED[:3]], contact_rows) if swept is SWEPT_CONTACTS else raw_of(LOADED[:3])
    done = sweep(client, raw, {}, swept=swept, gone=["1", "2"])
    assert [row["id"] for row in done.rows[swept.name]] == ["1"]
    assert (done.error, done.found["returned"], done.marked) == (None, 1, set())


@pytest.mark.parametrize("is_listed", [True, False])
@pytest.mark.parametrize("swept", [SWEPT_CONTACTS, SWEPT_CONVERSATIONS], ids=lambda swept: swept.name)
def test_a_marked_record_that_cannot_be_delivered_is_named_until_it_is_gone(serve, sweep, swept, is_listed):
    workspace = Workspace(LOADED[:1], broken={"1"}, gone=LOADED[1:2])
    _, client = serve(workspace)
    raw = raw_of([(one, one) for one in LOADED[:2]], contact_rows) if swept is SWEPT_CONTACTS else raw_of(LOADED[:2])
    state = {}
    done = sweep(client, raw, state, swept=swept, gone=["1"])
    assert ("id 1" in str(done.error), done.unread, done.rows.get(swept.name)) == (True, ["1"], None)
    workspace.broken, workspace.gone = set(), workspace.gone if is_listed else []
    done = sweep(client, raw, state, swept=swept, gone=["1"])
    assert (done.error, done.unread, done.found["returned"], done.marked) == (None, [], 0, set())


def test_of_a_missing_record_that_cannot_be_delivered_nobody_knows_whether_it_is_gone(serve, sweep):
    workspace = Workspace(LOADED[2:], broken={"1"})
    _, client = serve(workspace)
    state = {}
    done = sweep(client, raw_of(LOADED), state)
    assert "id 1" in str(done.error)
    assert (done.unread, done.marked) == (["1"], {"0"})
    workspace.broken = set()
    done = sweep(client, raw_of(LOADED), state)
    assert (done.error, done.unread, done.marked) == (None, [], {"0", "1"})


def test_more_records_that_cannot_be_delivered_than_a_few_are_an_outage_that_marks_nothing(serve, sweep):
    many = [LOADED[0] | {"id": f"m{number}"} for number in range(MOST_UNREAD + 1)]
    _, client = serve(Workspace(LOADED, broken={one["id"] for one in many}))
    done = sweep(client, raw_of([*LOADED, *many]), {})
    assert isinstance(done.error, BadAnswer)
    assert done.marked == set()


def test_what_is_listed_without_an_id_keeps_no_gone_record_from_being_marked(serve, sweep):
    """Intercom counts it, and it may be what seems unlisted and is there."""
    unlisted = [LOADED[0] | {"id": f"u{number}"} for number in range(7)]
    workspace = Workspace([*LOADED[1:], *unlisted, *(LOADED[0] | {"id": None} for _ in unlisted)])
    workspace.older = {one["id"] for one in unlisted}
    _, client = serve(workspace)
    done = sweep(client, raw_of([*LOADED, *unlisted]), {})
    assert (done.marked, done.found["unlisted"], "7 listed records" in str(done.error)) == ({"0"}, 7, True)


def test_what_is_only_compared_is_not_held_back(serve, begin):
    """A sweep that loads nothing would say that it has held back rows of forgotten people."""
    records = [LOADED[0] | {"contacts": {"contacts": [{"type": "contact", "id": "ada"}]}, "source": {"body": "secret"}}]
    _, client = serve(Workspace(records))
    guard = Guard(forgotten=Forgotten.of([("contacts", "ada")]))
    reading = begin(client, {}, resource="sweep_conversations", guard=guard)
    rows_of_tables = guard.passed(conversation_rows(records))
    loaded = Raw(**{table.name: [row for row in rows if REMOVES not in row] for table, rows in rows_of_tables})
    assert guard.forgotten.count_held_back.total() == 1
    for _ in Task(SWEPT_CONVERSATIONS, loaded, {"conversations": {}}, None).read(reading):
        pass
    assert (reading.report.count_repeated, guard.forgotten.count_held_back.total()) == (1, 1)


def test_what_a_sweep_could_not_load_is_named_by_the_next_ones_too(serve, sweep):
    odd = LOADED[1] | {"title": "new", "tags": {"tags": [EMPTY_TAG]}}
    workspace = Workspace([LOADED[0], odd])
    _, client = serve(workspace)
    state = {}
    assert "tag_id is missing" in str(sweep(client, raw_of(LOADED[:2]), state).error)
    for _ in range(2):  # it is loaded now, but for the tag
        assert "tag_id is missing" in str(sweep(client, raw_of([LOADED[0], odd]), state).error)
    workspace.records[1] = odd | {"tags": {"tags": [EMPTY_TAG | {"id": "7"}]}}
    done = sweep(client, raw_of([LOADED[0], odd]), state)
    assert (done.error, [row["tag_id"] for row in done.rows["conversation_tags"]]) == (None, ["7"])


def test_what_could_not_be_loaded_and_is_gone_is_named_no_more(serve, sweep):
    workspace = Workspace([LOADED[0], {"id": "odd", "created_at": 1, "updated_at": 5, "tags": {"tags": [EMPTY_TAG]}}])
    _, client = serve(workspace)
    state = {}
    assert "tag_id is missing" in str(sweep(client, raw_of(LOADED[:1]), state).error)
    workspace.records.pop()
    assert sweep(client, raw_of(LOADED[:1]), state).error is None


def test_a_list_beside_a_record_is_loaded_as_far_as_it_can_be(serve, sweep):
    contact = {"id": "c", "created_at": 1, "updated_at": 5, "name": "new"}
    before = contact | {"name": "old"}
    workspace = Workspace([contact], lists={"segments": [{"id": "s"}, {"id": None}]})
    _, client = serve(workspace)
    raw = raw_of([(before, before)], contact_rows)
    done = sweep(client, raw, {}, swept=SWEPT_CONTACTS, beside=["contact_segments"])
    assert done.rows["contact_segments"] == [{"contact_id": "c", "segment_id": "s"}]
    assert "segment_id is missing" in str(done.error)


@pytest.mark.parametrize(
    ("changed", "read"),
    [({"name": "new"}, "segments"), ({"opted_in_subscription_types": {"total_count": 1}}, "subscriptions")],
)
def test_of_the_lists_beside_a_record_only_those_are_read_that_its_change_may_concern(serve, sweep, changed, read):
    before = {"id": "c", "created_at": 1, "updated_at": 5}
    server, client = serve(Workspace([before | changed], lists={"segments": [{"id": "s"}], "subscriptions": []}))
    raw = raw_of([(before, before)], contact_rows)
    sweep(client, raw, {}, swept=SWEPT_CONTACTS, beside=["contact_segments", "contact_subscriptions"])
    assert [one.path for one in server.requests][1:] == [f"/contacts/c/{read}"]


def test_a_conversation_that_cannot_be_delivered_hides_a_merge_but_no_deletion(serve, sweep):
    people = [{"id": one, "created_at": 1, "updated_at": 5} for one in "ab"]
    workspace, state = Workspace(people[:1], broken={"7"}), {}
    _, client = serve(workspace)
    talks = [{"contact_id": "b", "conversation_id": "7"}]
    raw = raw_of([(one, one) for one in people], contact_rows, conversation_contacts=talks)
    done = sweep(client, raw, state, swept=SWEPT_CONTACTS)
    assert (type(done.error), done.marked) == (RecordsUnread, {"b"})
    assert "who took its place, if anybody, conversation 7 may tell" in str(done.error)
    workspace.broken = set()
    assert sweep(client, raw, state, swept=SWEPT_CONTACTS).error is None


def test_an_empty_text_is_no_change_where_the_destination_has_none(serve, sweep):
    """PostgreSQL is loaded by CSV, where an empty text and no text are the same."""
    _, client = serve(Workspace([LOADED[0] | {"title": ""}]))
    done = sweep(client, raw_of([LOADED[0] | {"title": None}]), {})
    assert (done.found["silent"], done.error) == (0, None)


def test_a_merge_that_an_interrupted_sweep_has_explained_is_marked(serve, begin):
    """What could not be read of it by an earlier sweep is forgotten at the same moment."""
    talk = {"id": "talk", "updated_at": 100, "created_at": 1, "contacts": {"contacts": [{"id": "new"}]}}
    new = {"id": "new", "updated_at": 100, "created_at": 1}
    workspace = Workspace([new, talk])
    workspace.older = {"talk"}
    _, client = serve(workspace)
    raw = Raw(contacts=[new], conversation_contacts=[{"conversation_id": "talk", "contact_id": "old"}])
    state = {"unread": ["old"]}
    reading = begin(client, state, resource="sweep_contacts", overlap_seconds=0, marked={"contacts": {"old"}})
    marks = []
    for tables in Task(SWEPT_CONTACTS, raw, {"contacts": {"watermark": WATERMARK}}, None).read(reading):
        for table, rows in tables:
            marks += [row for row in rows if table.name == "deleted_records"]
            if table.name == "conversations" and rows:
                client.stop.set()
    assert client.stop.is_set()
    assert state["unread"] == []
    assert [(row["id"], row["reason"], row["merged_into_id"]) for row in marks] == [("old", "merged", "new")]


@pytest.mark.parametrize("is_failing", [False, True])
def test_of_a_sweep_that_ends_among_the_merges_those_are_marked_that_were_explained(
    serve, begin, monkeypatch, is_failing
):
    """What explained them is loaded, and may not say so once more; all else is left to the next sweep."""
    monkeypatch.setattr(merges, "CONVERSATIONS_AT_ONCE", 1)
    new, old = {"id": "new", "updated_at": 100, "created_at": 1}, {"updated_at": 100, "created_at": 1}
    people = ["a", "b", "c", "d", "e", "f"]
    talks = [{"id": f"of_{one}", **old, "contacts": {"contacts": [{"id": "new"}]}} for one in people]
    workspace = Workspace([new, *talks])
    workspace.older = {talk["id"] for talk in talks}
    _, client = serve(lambda request: NOT_ALLOWED if is_failing and request.path.endswith("_f") else workspace(request))
    links = [{"conversation_id": f"of_{one}", "contact_id": one} for one in people]
    raw = Raw(contacts=[new, *({"id": one, **old} for one in people)], conversation_contacts=links)
    reading = begin(client, {}, resource="sweep_contacts", overlap_seconds=0)
    marks, read, errors = [], [], []
    try:
        for tables in Task(SWEPT_CONTACTS, raw, {"contacts": {"watermark": WATERMARK}}, None).read(reading):
            for table, rows in tables:
                marks += [row for row in rows if table.name == "deleted_records"]
                read += [row["id"].removeprefix("of_") for row in rows if table.name == "conversations"]
            if read and not is_failing:
                client.stop.set()
    except IntercomError as error:
        errors.append(error)
    assert read == (people[:5] if is_failing else ["a"])
    assert [(row["id"], row["merged_into_id"]) for row in marks] == [(one, "new") for one in read]
    assert len(errors) == is_failing

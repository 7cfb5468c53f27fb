"""Lists that cost a call per contact: complete, in order, and continued where a chunk ended."""

from itertools import count

import pytest

from sources.intercom.api.errors import BadAnswer, IncompleteListing, RecordsUnread
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from sources.intercom.resources.contact_lists import CONTACT_SEGMENTS, CONTACT_SUBSCRIPTIONS
from sources.intercom.rows.table import REMOVES
from tests.support.network.loopback import GATEWAY_NOT_FOUND, NOT_FOUND, Reply
from tests.support.searches.chunks import chunks

CONTACTS = [{"id": f"c{number}"} for number in range(6)]
PER_PAGE = 2


class Workspace:
    """Lists `contacts` in pages of two; `items` by contact id, 404 for those in `gone`, 500 for those in `broken`.

    Those `without_lists` are there, but their lists are not. From the call `lost_from` on to `lost_to`, whatever is
    asked for but the listing is not found.
    """

    def __init__(self, items=None, gone=(), refused=(), contacts=CONTACTS):
        self.items, self.gone, self.refused, self.contacts = items or {}, set(gone), dict(refused), contacts
        self.broken, self.without_lists = set(), set()
        self.numbers, self.lost_from, self.lost_to = count(1), 10**9, 10**9  # of calls, each its own

    def __call__(self, request):
        if request.path == "/contacts":
            return self._contacts(request.query.get("starting_after"))
        if self.lost_from <= next(self.numbers) < self.lost_to:
            return NOT_FOUND
        _, _, contact_id, *of_list = request.path.split("/")
        if contact_id in self.gone or (of_list and contact_id in self.without_lists):
            return NOT_FOUND
        if not of_list:
            return {"type": "contact", "id": contact_id}
        if contact_id in self.broken:
            return Reply({"type": "error.list", "errors": [{"code": "server_error"}]}, 500)
        return {"type": "list", "data": self.items.get(contact_id, [])}

    def _contacts(self, page_cursor):
        if page_cursor in self.refused:
            return Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, self.refused[page_cursor])
        start = int(page_cursor or 0)
        end = start + PER_PAGE
        pages = {"next": {"starting_after": str(end)}} if end < len(self.contacts) else {}
        total_count = len(self.contacts)
        return {"type": "list", "data": self.contacts[start:end], "pages": pages, "total_count": total_count}


def read(resource, reading):
    """Read one chunk; return the rows."""
    return [row for tables in resource.read(reading) for _, rows in tables for row in rows]


def run(resource, begin, client, state, into=None, **options):
    """Read chunk after chunk of one run to the end of the pass; return the rows, which stand in `into` at once."""
    rows = [] if into is None else into
    begun = begin(client, state, resource=resource.name, **options)
    for reading in chunks(begun):
        for tables in resource.read(reading):
            rows += [row for _, own in tables for row in own]
    return rows


def test_every_contact_is_asked_and_an_empty_list_empties(serve, begin):
    _, client = serve(Workspace({"c1": [{"id": 7, "name": "big"}, {"id": "7"}, {"id": 8}]}))
    rows = run(CONTACT_SEGMENTS, begin, client, {})
    assert [row for row in rows if row["contact_id"] == "c1"] == [
        {"contact_id": "c1", "segment_id": "7"},
        {"contact_id": "c1", "segment_id": "8"},
    ]
    assert [row["contact_id"] for row in rows if REMOVES in row] == ["c0", "c2", "c3", "c4", "c5"]


def test_a_choice_about_a_subscription_keeps_its_fields(serve, begin):
    choice = {"type": "subscription", "id": 3, "consent_type": "opt_in", "default_translation": {"name": "News"}}
    _, client = serve(Workspace({"c0": [choice]}))
    assert run(CONTACT_SUBSCRIPTIONS, begin, client, {})[0] == {
        "contact_id": "c0",
        "subscription_type_id": "3",
        "type": "subscription",
        "consent_type": "opt_in",
        "default_translation__name": "News",
    }


def test_the_next_chunk_goes_on_after_the_last(serve, begin):
    _, client = serve(Workspace())
    state = {}
    assert {row["contact_id"] for row in read(CONTACT_SEGMENTS, begin(client, state, records=1))} == {"c0", "c1"}
    assert state["pass"]["page_cursor"] == "2"
    assert {row["contact_id"] for row in run(CONTACT_SEGMENTS, begin, client, state)} == {"c2", "c3", "c4", "c5"}
    assert "pass" not in state


def test_a_contact_that_vanished_is_counted(serve, begin):
    _, client = serve(Workspace(gone={"c2"}))
    reading = begin(client, resource="contact_segments")
    assert "c2" not in {row["contact_id"] for row in read(CONTACT_SEGMENTS, reading)}
    assert (reading.report.count_vanished, reading.report.count_records) == (1, 5)


@pytest.mark.parametrize("status", [400, 500])
def test_an_expired_page_cursor_begins_again(serve, begin, status):
    """Bad cursors have been answered with 500 as well."""
    workspace = Workspace(refused={"old": status})
    _, client = serve(workspace)
    state = {"pass": {"page_cursor": "old"}}
    assert len({row["contact_id"] for row in run(CONTACT_SEGMENTS, begin, client, state)}) == len(CONTACTS)


def test_a_full_refresh_begins_again(serve, begin):
    _, client = serve(Workspace())
    rows = run(CONTACT_SEGMENTS, begin, client, {"pass": {"page_cursor": "4"}}, from_scratch=True)
    assert len(rows) == len(CONTACTS)


@pytest.mark.parametrize("records", [2, 100])
def test_a_listing_that_ends_early_is_an_error_and_starts_over_in_the_next_run(serve, begin, records):
    workspace = Workspace()

    def answer(request):
        content = workspace(request)
        if isinstance(content, dict) and "pages" in content and request.path == "/contacts":
            return content | {"total_count": len(CONTACTS) + 50}
        return content

    _, client = serve(answer)
    state = {}
    with pytest.raises(IncompleteListing, match=f"counts {len(CONTACTS) + 50} records and listed {len(CONTACTS)}"):
        run(CONTACT_SEGMENTS, begin, client, state, records=records)
    assert "pass" not in state
    assert "complete_at" not in state


def test_contacts_that_are_listed_twice_may_hide_others_although_the_numbers_agree(serve, begin, caplog):
    workspace, hidden = Workspace(), CONTACTS[2]

    def answer(request):
        content = workspace(request)
        if request.path == "/contacts" and hidden in content["data"]:
            content["data"] = [CONTACTS[1] if one is hidden else one for one in content["data"]]
            content["total_count"] = len(CONTACTS) - 1  # until another one has come in
        return content

    _, client = serve(answer)
    state = {}
    rows = run(CONTACT_SEGMENTS, begin, client, state, records=2)
    assert hidden["id"] not in {row["contact_id"] for row in rows}
    assert "complete_at" not in state
    assert "has listed contacts twice (1 times)" in caplog.text


@pytest.mark.parametrize("records", [1, 100])
def test_a_contact_whose_own_call_fails_holds_up_nobody_and_is_not_forgotten(serve, begin, records):
    workspace = Workspace({"c3": [{"id": 7}]})
    _, client = serve(workspace)
    workspace.broken = {"c3"}
    state = {}
    for _ in range(2):
        rows = []
        with pytest.raises(RecordsUnread, match="id c3"):
            run(CONTACT_SEGMENTS, begin, client, state, records=records, into=rows)
        assert {row["contact_id"] for row in rows} == {"c0", "c1", "c2", "c4", "c5"}
        assert (state["unread"], "pass" in state) == (["c3"], False)
    workspace.broken = set()
    rows = run(CONTACT_SEGMENTS, begin, client, state, records=records)
    assert {"contact_id": "c3", "segment_id": "7"} in rows
    assert state["unread"] == []


def test_a_contact_that_could_not_be_read_and_vanishes_is_no_error_any_more(serve, begin):
    state = {"unread": ["c3", "merged away"]}
    _, client = serve(Workspace(gone={"c3", "merged away"}))
    run(CONTACT_SEGMENTS, begin, client, state)
    assert state["unread"] == []


def test_more_contacts_that_cannot_be_read_than_a_few_are_an_outage_and_the_pass_stays_where_it_is(serve, begin):
    workspace = Workspace(contacts=[{"id": f"c{number}"} for number in range(2 * MOST_UNREAD)])
    _, client = serve(workspace)
    workspace.broken = {contact["id"] for contact in workspace.contacts}
    state = {}
    with pytest.raises(BadAnswer):
        run(CONTACT_SEGMENTS, begin, client, state, records=10 * MOST_UNREAD)
    assert state["pass"]["page_cursor"] == str(MOST_UNREAD)
    workspace.broken = set()
    rows = run(CONTACT_SEGMENTS, begin, client, state)
    assert {row["contact_id"] for row in rows} == {contact["id"] for contact in workspace.contacts}


def test_a_contact_without_an_id_stays_named_and_holds_back_what_is_read_of_all(serve, begin):
    """Once it has an id, as much of it is to be read as of a contact that nobody has met before."""
    workspace = Workspace(contacts=[{"name": "nobody"}, *CONTACTS])
    _, client = serve(workspace)
    state = {}
    killed = begin(client, state, resource=CONTACT_SEGMENTS.name, records=1)
    read(CONTACT_SEGMENTS, killed)
    killed.unreadable.take_strays()
    assert "page_cursor" in state["pass"]
    for _ in range(2):
        with pytest.raises(RecordsUnread, match="its id is missing"):
            run(CONTACT_SEGMENTS, begin, client, state, records=1)
        assert state["unreadable"]
        assert "complete_at" not in state
    workspace.contacts = CONTACTS
    run(CONTACT_SEGMENTS, begin, client, state, records=1)
    assert not state["unreadable"]
    assert "complete_at" in state


def test_contacts_without_an_id_in_several_load_packages_are_named_by_their_places_in_the_listing(serve, begin):
    workspace = Workspace(contacts=[*CONTACTS[:2], {"name": "nobody"}, *CONTACTS[2:4], {"name": "no other"}])
    _, client = serve(workspace)
    state = {}
    for _ in range(2):
        with pytest.raises(RecordsUnread, match="2 listed records"):
            run(CONTACT_SEGMENTS, begin, client, state, records=3)
        assert [fact["id"] for fact in state["unreadable"].values()] == [
            "GET /contacts, place 3",
            "GET /contacts, place 6",
        ]


@pytest.mark.parametrize("count_found", range(5))
def test_while_nothing_is_found_no_contact_is_taken_for_gone(serve, begin, count_found):
    """The short pages are such that all contacts of one are missing, whichever calls are answered first."""
    workspace = Workspace({contact["id"]: [{"id": 7}] for contact in CONTACTS})
    _, client = serve(workspace)
    workspace.lost_from = count_found + 1
    state, rows = {}, []
    with pytest.raises(IncompleteListing, match="records that are listed answer 404"):
        run(CONTACT_SEGMENTS, begin, client, state, into=rows)
    assert "complete_at" not in state
    workspace.lost_from = 10**9
    run(CONTACT_SEGMENTS, begin, client, state, into=rows)
    assert {row["contact_id"] for row in rows} == {contact["id"] for contact in CONTACTS}


def test_what_is_not_found_for_a_moment_is_read_all_the_same(serve, begin):
    workspace = Workspace({contact["id"]: [{"id": 7}] for contact in CONTACTS}, contacts=CONTACTS[:1])
    workspace.lost_from, workspace.lost_to = 1, 3
    _, client = serve(workspace)
    reading = begin(client, resource=CONTACT_SEGMENTS.name)
    assert read(CONTACT_SEGMENTS, reading) == [{"contact_id": "c0", "segment_id": "7"}]
    assert (reading.report.count_vanished, reading.report.count_records) == (0, 1)


def test_contacts_that_exist_without_their_lists_are_not_gone_and_hold_up_no_other(serve, begin):
    """Intercom says so of each by a code of its own; what is loaded of them stays."""
    workspace = Workspace(contacts=[{"id": f"c{number}"} for number in range(2 * MOST_UNREAD)])
    workspace.without_lists = {f"c{number}" for number in range(2, MOST_UNREAD + 7)}
    _, client = serve(workspace)
    state = {}
    for _ in range(2):
        rows = []
        with pytest.raises(RecordsUnread, match=r"id c2, .*the contact exists, but GET /contacts/.* answered 404"):
            run(CONTACT_SEGMENTS, begin, client, state, into=rows)
        assert {row["contact_id"] for row in rows} == {
            one["id"] for one in workspace.contacts
        } - workspace.without_lists
        assert set(state["unread"]) == workspace.without_lists
        assert "pass" not in state
    workspace.without_lists = set()
    run(CONTACT_SEGMENTS, begin, client, state)
    assert state["unread"] == []


def test_more_contacts_without_their_lists_than_are_named_hold_up_no_other(serve, begin):
    workspace = Workspace(contacts=[{"id": f"c{number}"} for number in range(20)])
    workspace.without_lists, workspace.broken = {f"c{number}" for number in range(2, 12)}, {"c14"}
    _, client = serve(workspace)
    state = {}
    for _ in range(2):
        rows = []
        with pytest.raises(RecordsUnread, match="5 or more listed records"):
            run(CONTACT_SEGMENTS, begin, client, state, into=rows, most_remembered=5)
        unread = {"c14"} | workspace.without_lists
        assert {row["contact_id"] for row in rows} == {one["id"] for one in workspace.contacts} - unread
        assert ("pass" in state, "complete_at" in state) == (False, False), "nothing is proven of those not remembered"


def test_lists_that_a_gateway_does_not_find_are_an_outage(serve, begin):
    contacts = [{"id": f"c{number}"} for number in range(2 * MOST_UNREAD)]

    def answer(request):
        if request.path.endswith("/segments"):
            return GATEWAY_NOT_FOUND
        return {"data": contacts, "total_count": len(contacts)} if request.path == "/contacts" else {"id": "c"}

    _, client = serve(answer)
    state = {}
    with pytest.raises(BadAnswer, match="Something before Intercom answered"):
        run(CONTACT_SEGMENTS, begin, client, state)
    assert len(state["unread"]) == MOST_UNREAD


@pytest.mark.parametrize("is_taken_up", [False, True])
def test_a_contact_that_moves_while_the_listing_is_read_hides_no_other(serve, begin, caplog, is_taken_up):
    """One that comes twice counts once, whichever load package it came with; a pass of two runs is not all of now."""
    _, client = serve(Workspace(contacts=[*CONTACTS[:4], CONTACTS[0]]))
    state = {}
    if is_taken_up:
        read(CONTACT_SEGMENTS, begin(client, state, resource=CONTACT_SEGMENTS.name, records=1))
    run(CONTACT_SEGMENTS, begin, client, state, records=2)
    assert "pass" not in state
    assert "complete_at" not in state
    assert ("come with the next run" in caplog.text) == is_taken_up

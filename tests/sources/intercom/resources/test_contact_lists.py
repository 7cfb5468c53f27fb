"""Lists that cost a call per contact: complete, in order, and continued where a chunk ended."""

import pytest

from sources.intercom.errors import IncompleteListing
from sources.intercom.resources.contact_lists import CONTACT_SEGMENTS, CONTACT_SUBSCRIPTIONS
from sources.intercom.table import REMOVES
from tests.sources.intercom.loopback import Reply

CONTACTS = [{"id": f"c{number}"} for number in range(6)]
PER_PAGE = 2


class Workspace:
    """Lists `CONTACTS` in pages of two; `items` by contact id, 404 for those in `gone`."""

    def __init__(self, items=None, gone=(), refused=()):
        self.items, self.gone, self.refused = items or {}, set(gone), dict(refused)

    def __call__(self, request):
        if request.path == "/contacts":
            return self._contacts(request.query.get("starting_after"))
        contact_id = request.path.split("/")[2]
        if contact_id in self.gone:
            return Reply({"type": "error.list", "errors": [{"code": "not_found"}]}, 404)
        return {"type": "list", "data": self.items.get(contact_id, [])}

    def _contacts(self, page_cursor):
        if page_cursor in self.refused:
            return Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, self.refused[page_cursor])
        start = int(page_cursor or 0)
        end = start + PER_PAGE
        pages = {"next": {"starting_after": str(end)}} if end < len(CONTACTS) else {}
        return {"type": "list", "data": CONTACTS[start:end], "pages": pages, "total_count": len(CONTACTS)}


def read(resource, reading):
    """Read one chunk; return the rows."""
    return [row for tables in resource.read(reading) for _, rows in tables for row in rows]


def run(resource, begin, client, state, **options):
    rows = []
    for _ in range(10):
        rows += read(resource, begin(client, state, resource=resource.name, **options))
        if "pass" not in state:
            return rows
    pytest.fail("the pass does not come to an end")


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

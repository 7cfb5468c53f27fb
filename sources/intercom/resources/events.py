"""Data events of contacts and their summaries: one call per contact and page, so they are read only when asked for."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from ..api.call import Call
from ..api.completeness.repeated_pages import RepetitionGuard
from ..api.day import DAY_SECONDS
from ..api.http.client import Client
from ..api.lists.list_answer import records_in, total_count_in
from ..api.lists.next_page import next_params
from ..api.record import Record, is_id, is_older
from ..incremental.dlt_state import ContactPass, PerContactState, looked_at
from ..incremental.per_contact import per_contact
from ..reading.reading import Reading
from ..reading.unreadable_state import unread_ids
from ..rows.flatten import as_id, distinct, flatten, objects_of
from ..rows.table import Row, Table, integer, json, text, unix_seconds

PATH = "/events"
CALL = Call("GET", PATH)
OVERLAP_SECONDS = 7 * DAY_SECONDS  # the sender of an event sets its time, and may send it days later
MILLISECONDS = 1_000

DATA_EVENTS_TABLE = Table(
    name="data_events",
    one_row="something that a contact did; Intercom lists the last 90 days, older rows stay here",
    key=("id",),
    is_of_one_person=True,
    columns=text(
        "impersonal",
        id="Intercom's id, else contact, name and time",
        type="always event",
        event_name="what was done",
    )
    | text("contact_id", contact_id="contacts.id")
    | text("user_id", user_id="your own id of the person")
    | text("email", email="e-mail address")
    | text("detail", intercom_user_id="contacts.id, as the event names it")
    | unix_seconds(created_at="when it was done")
    | json("detail", metadata="facts of the event; each event name has its own"),
)
DATA_EVENT_SUMMARIES_TABLE = Table(
    name="data_event_summaries",
    one_row="how often a contact did something, older than 90 days too",
    key=("contact_id", "name"),
    is_of_one_person=True,
    columns=text(
        "impersonal",
        name="what was done",
        first="first time, ISO 8601",
        last="last time, ISO 8601",
        description="description of the event",
    )
    | text("contact_id", contact_id="contacts.id")
    | integer(count="how often"),
    replaced="parent",
)


def events_of(reading: Reading, contact: Record) -> list[Row]:
    """Return the rows of a contact's events since the last whole reading, with a week's overlap.

    One time for all contacts is enough: every event that was there when that reading began has been read. Events may be
    sent to Intercom days after they happened; a contact that changed since may have older ones too, by being new or by
    a merge, and one that could not be read or found was left out: of the latter two all 90 days are read.
    """
    contact_id = str(contact["id"])
    since = None
    state = looked_at(reading.state, PerContactState)
    is_left_out = contact_id in unread_ids(state) or contact_id in state.get("missing", {})
    if (complete_at := state.get("complete_at")) is not None and not is_left_out:
        read_until = int(complete_at) - OVERLAP_SECONDS
        if is_older(contact, read_until):
            going_on: ContactPass = state.get("pass", {})
            wished = (state.get("since", read_until), going_on.get("since", read_until))
            since = min(read_until, *wished) * MILLISECONDS
    events = objects_of([event for page in _pages(reading.client, contact_id, since) for event in page])
    reading.session.people.update(str(event["user_id"]) for event in events if event.get("user_id"))
    return [_event_row(contact_id, event) for event in events]


def _pages(client: Client, contact_id: str, since: int | None) -> Iterator[list[Record]]:
    """Yield pages of a contact's events, newest first; `pages.next` is a URL whose `before` is in milliseconds."""
    params: dict[str, Any] = {"type": "user", "intercom_user_id": contact_id, "since": since}
    guard = RepetitionGuard(CALL, client.bounds.max_pages)
    while True:
        answer = client.get(PATH, **params)
        events = records_in(answer.data, "events", CALL)
        yield events
        following = next_params(answer.data.get("pages"), CALL)
        if not events or not following:
            return
        guard.check(events, urlencode(sorted(following.items())), total_count_in(answer.data))
        params = dict(following)


def _event_row(contact_id: str, event: Record) -> Row:
    """Make a data event's row. Imported events have no id; Intercom keeps one per person, name and second."""
    name, at = event.get("event_name"), event.get("created_at")
    key = event.get("id")
    if not is_id(key):
        key = f"{contact_id}:{name}:{at}" if isinstance(name, str) and isinstance(at, int) else None
    return flatten(event, {"metadata"}) | {"contact_id": contact_id, "id": as_id(key)}


def summaries_of(reading: Reading, contact: Record) -> list[Row]:
    """Return the rows of a contact's event summaries."""
    contact_id = str(contact["id"])
    answer = reading.client.get(PATH, type="user", intercom_user_id=contact_id, summary="true")
    summaries = objects_of(records_in(answer.data, "events", CALL))
    rows = [flatten(event) | {"contact_id": contact_id} for event in distinct(summaries, "name")]
    return DATA_EVENT_SUMMARIES_TABLE.of_parent(contact_id, rows)


EVENTS = (
    per_contact("data_events", DATA_EVENTS_TABLE, events_of, str(CALL), is_since_last=True),
    per_contact("data_event_summaries", DATA_EVENT_SUMMARIES_TABLE, summaries_of, str(CALL)),
)

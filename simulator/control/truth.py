"""The whole workspace as NDJSON: what a complete and faithful copy of it must contain."""

from collections.abc import AsyncIterator, Callable, Iterator

import orjson

from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.contact_lists import chosen_subscriptions, member_segments
from simulator.workspace.news import live_items

CHUNK_LINES = 200


async def truth_lines(workspace: Workspace, only: str | None = None) -> AsyncIterator[bytes]:
    """Yield the truth in lines `{"entity", "record"}`, with `"gone"` for records that can no longer be read.

    `"into"` names the contact that took the place of a merged one.
    """
    lines: list[bytes] = []
    for line in _lines(workspace):
        if only not in {None, line["entity"]}:
            continue
        lines.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        if len(lines) == CHUNK_LINES:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)


def _lines(workspace: Workspace) -> Iterator[Record]:
    yield {"entity": "workspace", "record": workspace.app}
    for attribute in workspace.data_attributes:
        yield {"entity": "data_attributes", "record": attribute}
    for store in workspace.stores:
        whole = WHOLE.get(store.name, _as_stored)
        for record in list(store):
            yield {"entity": store.name, "record": whole(workspace, record)}
        for reason, record in list(store.gone.values()):
            survivor_id = workspace.survivors.get(record["id"]) if store is workspace.contacts else None
            into = {} if survivor_id is None else {"into": survivor_id}
            yield {"entity": store.name, "gone": reason, **into, "record": record}
    yield from _newsfeed_items(workspace)
    yield from _events(workspace)
    yield from _messages(workspace)


def _newsfeed_items(workspace: Workspace) -> Iterator[Record]:
    for feed in workspace.newsfeeds:
        for item in live_items(list(workspace.news_items), feed):
            yield {"entity": "newsfeed_items", "record": {"newsfeed_id": feed["id"], **item}}


def _events(workspace: Workspace) -> Iterator[Record]:
    now = workspace.clock.now()
    for contact_id in workspace.events.contact_ids():
        if contact_id not in workspace.contacts.records:
            continue  # nobody can ask for the events of a contact that is gone
        listed = [event for _, event in workspace.events.listed(contact_id, now, None, None)][::-1]
        events = workspace.events.of(contact_id)
        for event in events[: len(events) - len(listed)]:
            yield {"entity": "data_events", "gone": "expired", "record": event}
        for event in listed:
            yield {"entity": "data_events", "record": event}
        for summary in workspace.events.summaries(contact_id):
            yield {"entity": "data_event_summaries", "record": {"contact_id": contact_id, **summary}}


def _messages(workspace: Workspace) -> Iterator[Record]:
    for receipt in list(workspace.mailing.receipts.values()):
        yield {"entity": "message_receipts", "record": receipt}
    for kind, rows in workspace.mailing.reactions.items():
        for row in list(rows):
            yield {"entity": f"message_{kind}", "record": row}


def _whole_contact(workspace: Workspace, contact: Record) -> Record:
    return {
        **contact,
        "segments": {"type": "list", "data": member_segments(workspace, contact)},
        "subscriptions": {"type": "list", "data": chosen_subscriptions(workspace, contact)},
    }


def _as_stored(_: Workspace, record: Record) -> Record:
    return record


WHOLE: dict[str, Callable[[Workspace, Record], Record]] = {"contacts": _whole_contact}
"""How an entity's stored form becomes its full form, where the two differ."""

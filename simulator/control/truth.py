"""The whole workspace as NDJSON: what a complete and faithful copy of it must contain."""

from collections.abc import Callable, Iterator

import orjson

from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.contact_lists import chosen_subscriptions, member_segments
from simulator.workspace.store import Store

CHUNK_LINES = 200
STORES = (
    "admins",
    "teams",
    "tags",
    "segments",
    "subscription_types",
    "ticket_types",
    "contacts",
    "companies",
    "conversations",
    "tickets",
)


def truth_lines(workspace: Workspace, only: str | None = None) -> Iterator[bytes]:
    """Chunks of lines `{"entity", "record"}`, with `"gone"` beside records that can no longer be read."""
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
    for name in STORES:
        store: Store = getattr(workspace, name)
        whole = WHOLE.get(name, _as_stored)
        for record in list(store):
            yield {"entity": name, "record": whole(workspace, record)}
        for reason, record in list(store.gone.values()):
            yield {"entity": name, "gone": reason, "record": record}


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

"""A workspace from recorded records: a folder of NDJSON files, one per entity."""

import codecs
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from simulator.clock import Clock
from simulator.generate.administration.staff import add_bots
from simulator.options import Options, check
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.contact_lists import LIST_PATHS, empty_lists
from simulator.workspace.conversation_rules.statistics import Close
from simulator.workspace.data_export.mailing import REACTIONS

SUFFIXES = {".ndjson", ".jsonl"}
ID_KINDS = {
    "admins": "admin",
    "teams": "team",
    "tags": "tag",
    "subscription_types": "subscription",
    "ticket_types": "ticket_type",
    "articles": "article",
    "news_items": "news_item",
    "conversations": "conversation",
    "tickets": "conversation",
}
"""Entity -> the series its new ids come from, which must go on after the recorded ones."""
Times = Mapping[str, tuple[str, ...]]  # entity -> its fields of unix seconds by which it is listed


def fill_from_folder(options: Options, clock: Clock) -> Workspace:
    """Return the recorded workspace of the folder `options.fill_from`.

    A file is named for its entity as the truth names it (`contacts.ndjson`); a line is one record as the API shows
    it alone, or a line of the truth, whose entity wins over the file's name. Raises ValueError for a line that is no
    record, or one that nobody could ask for.
    """
    workspace = Workspace(clock, options)
    times = {store.name: store.time_fields for store in workspace.stores}
    records = _records(Path(options.fill_from), times)
    workspace.describe(id_code=f"rec{options.seed:05d}", name="Recorded workspace")
    workspace.app.update((records.get("workspace") or [{}])[0])
    for store in workspace.stores:
        found = [_stored(store.name, record) for record in records.get(store.name, [])]
        store.fill(found)
        _reserve(workspace, store.name, found)
    workspace.data_attributes = records.get("data_attributes", [])
    add_bots(workspace)
    _connect(workspace)
    for event in records.get("data_events", []):
        workspace.events.add(event["intercom_user_id"], event)
    for receipt in records.get("message_receipts", []):
        workspace.mailing.send(receipt)
    for kind in REACTIONS:
        workspace.mailing.reactions[kind] = records.get(f"message_{kind}", [])
    for series in ("part", "note", "source", "receipt", "ticket", "contact_number", "company_number"):
        workspace.reserve_ids(series, 900_000_000)
    return workspace


def _records(folder: Path, times: Times) -> dict[str, list[Record]]:
    records: dict[str, list[Record]] = {}
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    if not files:
        raise ValueError(f"no NDJSON file in {folder}")
    for path in files:
        for entity, record in _lines(path, times):
            records.setdefault(entity, []).append(record)
    return records


def _lines(path: Path, times: Times) -> Iterator[tuple[str, Record]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                entity, record = _read(line, path.stem)
                if "gone" not in record:
                    _check(entity, record, times)
                    yield entity, record
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error


def _read(line: bytes, entity: str) -> tuple[str, Record]:
    """Return the entity and the record of a recorded line; of one that is gone, the line of the truth that says so."""
    told = orjson.loads(line.removeprefix(codecs.BOM_UTF8))
    if not isinstance(told, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - as for whatever else is wrong with a line
    if "gone" in told or not isinstance(told.get("record"), dict):
        return entity, told
    return str(told.get("entity", entity)), told["record"]


def _check(entity: str, record: Record, times: Times) -> None:
    """Raise ValueError for a recorded line that nobody could ask for, or a workspace in no time zone.

    A record's id becomes a text, as it is in addresses.
    """
    if entity == "workspace" and "timezone" in record:
        check("timezone", record["timezone"])
    if entity in times:
        identity = record.get("id")
        if type(identity) not in {int, str} or not str(identity).strip():
            raise ValueError(f"a record of {entity} without an id")
        record["id"] = str(identity)
    if entity == "data_events" and not isinstance(record.get("intercom_user_id"), str):
        raise ValueError("an event without the intercom_user_id of its contact")
    for name in times.get(entity, ("created_at",) if entity == "data_events" else ()):
        if type(record.get(name)) is not int:
            raise ValueError(f"{name} of a record of {entity} is no number of unix seconds")


def _stored(entity: str, record: Record) -> Record:
    if entity == "contacts":
        lists = empty_lists(record["id"])
        for name in LIST_PATHS:
            record[name] = record.get(name) or lists[name]
            record[name].update(total_count=_count_of(name, record[name]), has_more=False)
        segments = (record.get("segments") or lists["segments"])["data"]
        record["segments"] = {"type": "list", "data": [{"type": "segment", "id": item["id"]} for item in segments]}
        record.pop("subscriptions", None)
        record.setdefault("custom_attributes", {})
    if entity == "companies":
        record.setdefault("tags", {"type": "tag.list", "tags": []})
        record.setdefault("segments", {"type": "segment.list", "segments": []})
    if entity == "conversations":
        empty = {"type": "conversation_part.list", "conversation_parts": [], "total_count": 0}
        record.setdefault("conversation_parts", empty)
    if entity == "tickets":
        record.setdefault("ticket_parts", {"type": "ticket_part.list", "ticket_parts": [], "total_count": 0})
    if entity == "ticket_types":
        record.setdefault("ticket_type_attributes", {"type": "list", "data": []})
    return record


def _count_of(name: str, listing: Record) -> int:
    """Return how many items a recorded list counts: of tags that are shown whole also the archived ones, as in life."""
    counted, shown = listing.get("total_count"), len(listing["data"])
    is_whole = name == "tags" and listing.get("has_more") is False
    return max(counted, shown) if is_whole and type(counted) is int else shown


def _reserve(workspace: Workspace, entity: str, records: list[Record]) -> None:
    numbers = [int(record["id"]) for record in records if record["id"].isascii() and record["id"].isdigit()]
    if entity in ID_KINDS and numbers:
        workspace.reserve_ids(ID_KINDS[entity], max(numbers))


def _connect(workspace: Workspace) -> None:
    workspace.contacts_of_company = {company["id"]: set() for company in workspace.companies}
    for contact in workspace.contacts:
        for name, store in (
            ("segments", workspace.segments),
            ("opted_in_subscription_types", workspace.subscription_types),
            ("opted_out_subscription_types", workspace.subscription_types),
        ):
            kept = [item for item in contact[name]["data"] if item["id"] in store.records]
            contact[name].update(data=kept, **({} if name == "segments" else {"total_count": len(kept)}))
        known = [item for item in contact["companies"]["data"] if item["id"] in workspace.contacts_of_company]
        contact["companies"].update(data=known, total_count=len(known))
        for item in known:
            workspace.contacts_of_company[item["id"]].add(contact["id"])
        for note in contact["notes"]["data"]:
            workspace.contact_of_note[note["id"]] = contact["id"]
    for conversation in workspace.conversations:
        if unseen := _unseen_closes(conversation):
            workspace.unseen_closes[conversation["id"]] = unseen
    by_id = {ticket_type["id"]: ticket_type for ticket_type in workspace.ticket_types}
    for ticket in workspace.tickets:
        if of_type := ticket.get("ticket_type"):
            ticket["ticket_type"] = by_id.get(of_type["id"], of_type)


def _unseen_closes(conversation: Record) -> list[Close]:
    """Return the closes that a recorded conversation's statistics know and none of its parts shows, if it has all."""
    statistics, parts = conversation.get("statistics"), conversation["conversation_parts"]
    if not statistics or len(parts["conversation_parts"]) + 1 != statistics.get("count_conversation_parts"):
        return []
    seen = {part["created_at"] for part in parts["conversation_parts"] if part["part_type"] == "close"}
    known = {statistics.get("first_close_at"), statistics.get("last_close_at")} - {None, *seen}
    closer_id = statistics.get("last_closed_by_id")
    return [Close(at, str(closer_id) if closer_id and at == max(known) else None) for at in sorted(known)]

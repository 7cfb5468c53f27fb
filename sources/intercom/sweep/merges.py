"""Contacts that are gone because they were merged: who took their place in their conversations.

API 2.10 does not report merges. The evidence is a conversation that listed the gone contact and now lists another one
instead, or one that the gone contact wrote in and that lists only others, if nobody was ever added or removed.
"""

import logging
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..api.errors import IntercomError
from ..api.lists.batches import in_batches
from ..api.lists.list_answer import total_count_in
from ..api.record import Record
from ..reading.reading import Reading
from ..reading.unreadable_records import MOST_UNREAD
from ..records.attempts import Unreadable, account, each_attempted
from ..records.single_record import Whole
from ..resources import conversations
from ..resources.contacts import CONTACTS_TABLE
from ..rows.deleted_records import DELETED_RECORDS, merged_into
from ..rows.flatten import inner_list
from ..rows.table import Row, Rows
from .loaded_records import RawTableReader

logger = logging.getLogger(__name__)

MOST_CONVERSATIONS = 3  # of each contact
IDS_AT_ONCE = 500
CONVERSATIONS_AT_ONCE = 150  # each is read in full
PARTICIPANT_PARTS = frozenset({"participant_added", "participant_removed"})
WHERE_NAMED = (
    ("conversation_contacts", "contact_id", "conversation_id"),
    ("conversations", "source__author__id", "id"),
    ("conversation_parts", "author__id", "conversation_id"),
)


@dataclass(frozen=True)
class Talk:
    """A conversation that may tell of merges: of which gone contacts, and what is loaded of it."""

    conversation_id: str
    contact_ids: list[str]
    contacts_before: set[str]
    updated_before: int


@dataclass
class Evidence:
    """What conversations have told of contacts: who may be the survivor of each, and which said nothing.

    `survivors`: whom all conversations agree on that were read; `unread`: one that cannot be, of each contact.
    `is_whole`: all were examined; `failure`: why not.
    """

    survivors: dict[str, set[str]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    is_whole: bool = True
    failure: IntercomError | None = None

    def add(self, talk: Talk, now: Record) -> None:
        """Add what a conversation tells as it is `now`."""
        for contact_id in talk.contact_ids:
            if candidates := successors(contact_id, talk.contacts_before, talk.updated_before, now):
                self.survivors[contact_id] = self.survivors.get(contact_id, candidates) & candidates

    def lacks(self, talk: Talk) -> None:
        """Note that a conversation cannot be read."""
        for contact_id in talk.contact_ids:
            self.unread[contact_id] = min(talk.conversation_id, self.unread.get(contact_id, talk.conversation_id))

    @property
    def survivor_of(self) -> dict[str, str]:
        """Merged contact -> the survivor, where its conversations agree on one."""
        return {one: next(iter(agreed)) for one, agreed in self.survivors.items() if len(agreed) == 1}


def find_survivors(reading: Reading, raw: RawTableReader, contact_ids: list[str]) -> Generator[Rows, None, Evidence]:
    """Yield conversations that may tell who took the place of contacts; return what they tell.

    If the run is interrupted or fails meanwhile, the survivors that were found are to be marked all the same: once the
    conversation is loaded that told of one, it may not tell so any more. A contact whose conversations cannot be read
    is noted as unreadable, so that the next sweep examines it once more, and any other that was examined is forgotten
    as such: its mark has to follow.
    """
    evidence = Evidence()
    try:
        yield from _read(reading, raw, _contacts_by_conversation(raw, contact_ids), evidence)
    except IntercomError as error:
        evidence.failure = error
    evidence.is_whole = evidence.failure is None and not reading.session.stop.is_set()
    survivor_of = evidence.survivor_of
    for contact_id in contact_ids if evidence.is_whole else survivor_of:
        silent = None if contact_id in survivor_of else evidence.unread.get(contact_id)
        reason = f"who took its place, if anybody, conversation {silent} may tell, which cannot be read"
        account(reading.unreadable, CONTACTS_TABLE.name, contact_id, Unreadable(reason) if silent else None)
    return evidence


def _contacts_by_conversation(raw: RawTableReader, contact_ids: Collection[str]) -> dict[str, list[str]]:
    """Find a few conversations of each contact that may be merged; those that still list it come first."""
    of_contact: dict[str, list[str]] = {}
    for ids in in_batches(contact_ids, IDS_AT_ONCE):
        for table, person, conversation in WHERE_NAMED:
            for contact_id, conversation_id in raw.select(table, person, conversation, where=_among(person, ids)):
                found = of_contact.setdefault(str(contact_id), [])
                if len(found) < MOST_CONVERSATIONS and str(conversation_id) not in found:
                    found.append(str(conversation_id))
    of_conversation: dict[str, list[str]] = {}
    for contact_id, found in of_contact.items():
        for conversation_id in found:
            of_conversation.setdefault(conversation_id, []).append(contact_id)
    return of_conversation


def _talks(raw: RawTableReader, of_conversation: Mapping[str, list[str]]) -> Iterator[list[Talk]]:
    """Yield conversations with what is loaded of them, some at once."""
    for ids in in_batches(of_conversation, CONVERSATIONS_AT_ONCE):
        updated = raw.select("conversations", "id", "updated_at", where=_among("id", ids))
        updated_before = {str(one): int(at or 0) for one, at in updated}
        contacts_before: dict[str, set[str]] = {}
        where = _among("conversation_id", ids)
        for one, contact_id in raw.select("conversation_contacts", "conversation_id", "contact_id", where=where):
            contacts_before.setdefault(str(one), set()).add(str(contact_id))
        yield [
            Talk(one, of_conversation[one], contacts_before.get(one, set()), updated_before.get(one, 0)) for one in ids
        ]


def _read(
    reading: Reading, raw: RawTableReader, of_conversation: Mapping[str, list[str]], evidence: Evidence
) -> Iterator[Rows]:
    """Read conversations once, add to the `evidence` what they tell of merges, and yield their rows, batch by batch.

    Gone ones are left out. If so many cannot be read that it is an outage, the error of one is raised.
    """
    conversation = conversations.CONVERSATION

    def whole(talk: Talk) -> Whole[Record] | None:
        return conversation.whole(reading.client, talk.conversation_id)

    count_unread = 0
    for _, results in each_attempted(reading.session, _talks(raw, of_conversation), list, whole):
        found = []
        for talk, result in results:
            if isinstance(result, Whole):
                evidence.add(talk, result.detail)
                found.append(result.detail)
            elif result is not None:
                evidence.lacks(talk)
                logger.warning("conversation %s says nothing of a merge: %s", talk.conversation_id, result.reason)
                count_unread += 1
                if result.error is not None and count_unread > MOST_UNREAD:
                    raise result.error
        yield reading.unreadable.rows_of(found, conversations.conversation_rows)


def merge_marks(
    raw: RawTableReader, survivor_of: Mapping[str, str], listed: Collection[str], noticed_at: float
) -> dict[str, Row]:
    """Return the marks of merged contacts by id, also of those whose survivor was merged since they were marked.

    Contacts that are back, which are `listed`, have none.
    """
    where = f"entity = '{CONTACTS_TABLE.name}' AND reason = 'merged'"
    marked = raw.select(DELETED_RECORDS.name, "id", "merged_into_id", "noticed_at", where=where)
    former = {str(one): (str(into), int(at or 0)) for one, into, at in marked if str(one) not in listed}
    ends = resolved({one: into for one, (into, _) in former.items()} | dict(survivor_of))
    marks = {one: merged_into(CONTACTS_TABLE, one, ends[one], noticed_at) for one in survivor_of}
    moved_on = {one: at for one, (into, at) in former.items() if ends[one] != into}
    return marks | {one: merged_into(CONTACTS_TABLE, one, ends[one], at) for one, at in moved_on.items()}


def successors(contact_id: str, before: set[str], before_at: int, conversation: Record) -> set[str]:
    """Return who may have replaced a merged contact in a conversation; empty where that is no evidence.

    `before`: the contacts of the conversation as it was loaded, with its `updated_at` then.
    """
    now = {str(person.get("id")) for person in inner_list(conversation, "contacts")}
    if contact_id in now:
        return set()
    # If the list was loaded with the gone contact, only what happened since can have changed it otherwise.
    since = before_at if contact_id in before else -1
    parts = inner_list(conversation, "conversation_parts")
    times = [(str(part.get("part_type")), at if isinstance(at := part.get("created_at"), int) else 0) for part in parts]
    if any(at > since for part_type, at in times if part_type in PARTICIPANT_PARTS):
        return set()
    # A long conversation shows its newest parts only: who was added or removed before them, nobody can tell.
    wrapper = conversation.get("conversation_parts")
    count_parts = total_count_in(wrapper) if isinstance(wrapper, dict) else None
    if (count_parts or 0) > len(parts) and all(at > since for _, at in times):
        return set()
    if contact_id not in before:
        return now
    # Of several that are gone, one may have been merged into the new one, and another into one that was there before.
    new = now - before
    return now if new and len(before - now) > 1 else new


def resolved(survivor_of: Mapping[str, str]) -> dict[str, str]:
    """Return each merged contact with the last survivor of its chain: a into b, b into c makes a into c."""
    ends = {}
    for contact_id, following in survivor_of.items():
        met = {contact_id}
        survivor_id = following
        while survivor_id in survivor_of and survivor_id not in met:
            met.add(survivor_id)
            survivor_id = survivor_of[survivor_id]
        ends[contact_id] = survivor_id
    return ends


def _among(column: str, ids: Iterable[str]) -> str:
    quoted = ", ".join("'" + one.replace("'", "''") + "'" for one in ids)
    return f"{column} IN ({quoted})"

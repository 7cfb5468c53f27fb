"""Contacts that are gone because they were merged: who took their place in their conversations.

API 2.10 does not report merges. The evidence is a conversation that listed the gone contact and now lists another one
instead, or one that the gone contact wrote in and that lists only others, if nobody was ever added or removed.
"""

import logging
from collections.abc import Collection, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

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
PARTICIPANT_PARTS = frozenset({"participant_added", "participant_removed"})
WHERE_NAMED = (
    ("conversation_contacts", "contact_id", "conversation_id"),
    ("conversations", "source__author__id", "id"),
    ("conversation_parts", "author__id", "conversation_id"),
)


@dataclass
class Talks:
    """Conversations that may tell of a merge: those of gone contacts, which to read again, and their loaded rows."""

    of_contact: dict[str, list[str]] = field(default_factory=dict)
    contacts_before: dict[str, set[str]] = field(default_factory=dict)
    updated_before: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: RawTableReader, contact_ids: Collection[str]) -> "Talks":
        """Find a few conversations of each contact that may be merged; those that still list it come first."""
        talks = cls()
        for ids in in_batches(contact_ids, IDS_AT_ONCE):
            for table, person, conversation in WHERE_NAMED:
                for contact_id, conversation_id in raw.select(table, person, conversation, where=_among(person, ids)):
                    found = talks.of_contact.setdefault(str(contact_id), [])
                    if len(found) < MOST_CONVERSATIONS and str(conversation_id) not in found:
                        found.append(str(conversation_id))
        for ids in in_batches(talks.conversation_ids, IDS_AT_ONCE):
            for conversation_id, at in raw.select("conversations", "id", "updated_at", where=_among("id", ids)):
                talks.updated_before[str(conversation_id)] = int(at or 0)
            links = raw.select(
                "conversation_contacts", "conversation_id", "contact_id", where=_among("conversation_id", ids)
            )
            for conversation_id, contact_id in links:
                talks.contacts_before.setdefault(str(conversation_id), set()).add(str(contact_id))
        return talks

    @property
    def conversation_ids(self) -> list[str]:
        """Every conversation that may tell of a merge, once."""
        return list(dict.fromkeys(one for found in self.of_contact.values() for one in found))


def find_survivors(
    reading: Reading, raw: RawTableReader, contact_ids: list[str]
) -> Generator[Rows, None, dict[str, str] | None]:
    """Yield conversations that may tell who took the place of contacts; return merged contact -> the survivor.

    A contact whose conversations cannot be read is noted as unreadable, so that the next sweep examines it once more,
    and any other is forgotten as such: its mark has to follow. None: interrupted before that, nothing has changed.
    """
    if not contact_ids:
        return {}
    talks = Talks.of(raw, contact_ids)
    now, unread = read_conversations(reading, talks.conversation_ids)
    if reading.session.stop.is_set():
        return None
    yield reading.unreadable.rows_of(now.values(), conversations.conversation_rows)
    survivor_of = agreed_survivors(talks, now)
    for contact_id in contact_ids:
        silent = () if contact_id in survivor_of else unread.intersection(talks.of_contact.get(contact_id, ()))
        reason = (
            f"who took its place, if anybody, conversation {min(silent, default='')} may tell, which cannot be read"
        )
        account(reading.unreadable, CONTACTS_TABLE.name, contact_id, Unreadable(reason) if silent else None)
    return survivor_of


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


def read_conversations(reading: Reading, conversation_ids: list[str]) -> tuple[dict[str, Record], set[str]]:
    """Return in full what conversations may tell of a merge, and ids of unreadable ones; gone ones are left out.

    If so many cannot be read that it is an outage, the error of one is raised.
    """
    found: dict[str, Record] = {}
    unread: set[str] = set()
    whole = partial(conversations.CONVERSATION.whole, reading.client)
    for _, results in each_attempted(reading.session, in_batches(conversation_ids, IDS_AT_ONCE), list, whole):
        for conversation_id, result in results:
            if isinstance(result, Whole):
                found[conversation_id] = result.detail
            elif result is not None:
                unread.add(conversation_id)
                logger.warning("conversation %s says nothing of a merge: %s", conversation_id, result.reason)
                if result.error is not None and len(unread) > MOST_UNREAD:
                    raise result.error
    return found, unread


def agreed_survivors(talks: Talks, now: Mapping[str, Record]) -> dict[str, str]:
    """Return merged contact -> the survivor, where its conversations, as they are `now`, agree on one."""
    found = {}
    for contact_id, conversation_ids in talks.of_contact.items():
        evidence = [
            successors(contact_id, talks.contacts_before.get(one, set()), talks.updated_before.get(one, 0), now[one])
            for one in conversation_ids
            if one in now
        ]
        in_its_place = [candidates for candidates in evidence if candidates]
        agreed = set.intersection(*in_its_place) if in_its_place else set()
        if len(agreed) == 1:
            found[contact_id] = agreed.pop()
    return found


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
    return now - before if contact_id in before else now


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

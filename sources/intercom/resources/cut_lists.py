"""The lists of a contact that the contact object may cut (tags, companies, notes): what each has in full."""

import logging

from ..api.errors import NotFound
from ..api.http.client import Client
from ..api.lists.list_answer import total_count_in
from ..api.lists.pagination import listed
from ..api.record import Record, identity_of, path_of
from ..records.single_record import Whole, fetched
from ..rows.flatten import as_id, inner_list, objects_of

logger = logging.getLogger(__name__)

# The contact as Intercom shows it, and what `complete_lists` returns; the contact again where it shows its lists whole.
ContactAndLists = tuple[Record, Record]

# The contact object shows at most the first of each, and only their ids.
CUT_LISTS = ("tags", "companies", "notes")
SHOWN_ITEMS = 10


def with_lists(client: Client, contact: Whole[Record]) -> Whole[ContactAndLists] | None:
    """Return a contact with its complete lists, without missing ones; None if it has vanished itself.

    Items that Intercom counts in a list that is empty, or is not found, are counted as not listed.
    """
    missing: set[str] = set()
    try:
        lists = complete_lists(client, contact.detail)
    except NotFound as error:
        contact_id = str(as_id(contact.detail["id"]))
        if fetched(client, "/contacts", contact_id) is None:
            return None
        lists = complete_lists(client, contact.detail, missing)
        logger.warning("contact %s exists, but one of its lists does not; it is loaded without (%s)", contact_id, error)
    unlisted = sum(
        max(_count_expected(contact.detail, field) - len(lists[field]), 0)
        for field in CUT_LISTS
        if field in missing or not lists[field]
    )
    client.tally.unlisted += unlisted  # what `+=` calls may let other threads count in between
    return Whole((contact.detail, lists), contact.updated_at, contact.read_at)


def complete_lists(client: Client, contact: Record, missing: set[str] | None = None) -> Record:
    """Return the contact's id and its tags, companies and notes in full.

    A list that the contact object cuts is read by a call of its own. So are notes, if there are any, because the
    contact object shows only their ids. A list that is not found is added to `missing`, and has what the contact shows
    of it; without a set to be added to, NotFound is raised.
    """
    lists: Record = {"id": contact["id"]}
    for field in CUT_LISTS:
        items = inner_list(contact, field)
        if _has_a_call_of_its_own(contact, field, items):
            try:
                items = _items_of(client, contact, field)
            except NotFound:
                if missing is None:
                    raise
                missing.add(field)
                items = [] if field == "notes" else items
        lists[field] = items
    return lists


def _items_of(client: Client, contact: Record, field: str) -> list[Record]:
    """Return the items of a contact's list by a call of its own.

    If they are fewer than expected, or none of those that are counted, the list is read once more.
    """
    items = _listed_items(client, contact, field)
    if len(items) < _count_expected(contact, field) or (not items and _count_of(contact, field)):
        try:
            items |= _listed_items(client, contact, field)
        except NotFound:
            if not items:
                raise
    return list(items.values())


def _listed_items(client: Client, contact: Record, field: str) -> dict[object, Record]:
    pages = listed(client, f"{path_of('/contacts', contact['id'])}/{field}", field)
    return {identity_of(item): item for page in pages for item in objects_of(page.records)}


def _count_expected(contact: Record, field: str) -> int:
    """Return how many items a list should have: archived tags are not in theirs, but in the contact's count."""
    return len(inner_list(contact, field)) if field == "tags" else _count_of(contact, field)


def _count_of(contact: Record, field: str) -> int:
    """Return how many items of a list the contact counts, or at least shows."""
    wrapper = contact.get(field)
    counted = total_count_in(wrapper) if isinstance(wrapper, dict) else None
    return max(counted or 0, len(inner_list(contact, field)))


def lists_with_calls_of_their_own(contact: Record) -> list[str]:
    """Return the contact's lists that it does not show whole: those that are cut, and any notes."""
    return [name for name in CUT_LISTS if _has_a_call_of_its_own(contact, name, inner_list(contact, name))]


def cut_lists(contact: Record) -> frozenset[str]:
    """Return the lists of which the contact object may leave out some items; of notes it shows the ids.

    Archived tags are counted and in no list: where fewer than ten are shown, and no more are said to be, all are. It
    is assumed that the call of that list has no more; if it had, each sweep would read the contact again.
    """
    return frozenset(
        name
        for name in CUT_LISTS
        if _is_cut(contact, name, inner_list(contact, name))
        and not (name == "tags" and _shows_all_but_archived(contact[name]))
    )


def _shows_all_but_archived(wrapper: Record) -> bool:
    shown = wrapper.get("data")
    return isinstance(shown, list) and len(shown) < SHOWN_ITEMS and wrapper.get("has_more") is False


def _has_a_call_of_its_own(contact: Record, field: str, shown: list[Record]) -> bool:
    return (field == "notes" and bool(shown)) or _is_cut(contact, field, shown)


def _is_cut(contact: Record, field: str, shown: list[Record]) -> bool:
    """Return True if the contact object may leave out something of a list: a URL alone is no empty list."""
    wrapper = contact.get(field)
    if not isinstance(wrapper, dict):
        return False
    if (total_count := total_count_in(wrapper)) is not None or wrapper.get("has_more"):
        return bool(wrapper.get("has_more")) or (total_count or 0) > len(shown)
    is_full = len(shown) == SHOWN_ITEMS and wrapper.get("has_more") is None
    return is_full or (not shown and bool(wrapper.get("url")) and not isinstance(wrapper.get("data"), list))

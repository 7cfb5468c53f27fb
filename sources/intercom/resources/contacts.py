"""Contacts: found by search on `updated_at` (by calendar day), with their lists complete."""

import logging

from ..api.errors import NotFound
from ..api.http.client import Client
from ..api.lists.list_answer import total_count_in
from ..api.lists.pagination import listed
from ..api.lists.search_endpoint import Search
from ..api.record import Record, identity_of, path_of, updated_at
from ..incremental.entity import Entity, Whole, fetched
from ..incremental.searched_list import searched_list
from ..rows.flatten import as_id, counts, distinct, flatten, inner_list, objects_of, with_avatar
from ..rows.linked_records import TAGGING_COLUMNS, Link
from ..rows.table import Row, Rows, Table, integer, json, text, truth, unix_seconds

# The contact as Intercom shows it, and what `complete_lists` returns; the contact again where it shows its lists whole.
ContactAndLists = tuple[Record, Record]

logger = logging.getLogger(__name__)

SEARCH = Search("/contacts/search", "data", granularity_seconds=90_000, records_ahead=18_000)

# The contact object shows at most the first of each, and only their ids.
CUT_LISTS = ("tags", "companies", "notes")
SHOWN_ITEMS = 10
REFERENCE = {"id", "type", "url"}  # the fields of a contact that is only named
COUNTED_LISTS = (*CUT_LISTS, "opted_in_subscription_types", "opted_out_subscription_types")
_FREE_FORM = frozenset({"custom_attributes"})
_LISTS = frozenset({*COUNTED_LISTS, "social_profiles"})


def _device(system: str) -> dict[str, str]:
    return {
        f"{system}_app_name": "app's name",
        f"{system}_app_version": "app's version",
        f"{system}_device": "device",
        f"{system}_os_version": "version of the operating system",
        f"{system}_sdk_version": "version of Intercom's SDK",
    }


CONTACTS_TABLE = Table(
    name="contacts",
    one_row="a contact: a user or a lead",
    key=("id",),
    is_of_one_person=True,
    columns=text(
        "impersonal",
        type="always contact",
        workspace_id="the workspace's id code",
        role="user or lead",
        avatar__type="always avatar",
        owner_id="admins.id of the owner",
        location__type="always location",
    )
    | text("contact_id", id="Intercom's id")
    | text("user_id", external_id="your own id of the person")
    | text("email", email="e-mail address")
    | text("phone", phone="phone number", formatted_phone="phone number, formatted")
    | text("name", name="name")
    | text(
        "detail",
        email_domain="domain of the e-mail address",
        avatar__image_url="picture",
        language_override="language set for the person",
        browser="browser",
        browser_version="browser's version",
        browser_language="browser's language",
        os="operating system",
        location__country="country",
        location__region="region",
        location__city="city",
        location__country_code="country code",
        location__continent_code="continent code",
        utm_campaign="UTM campaign",
        utm_content="UTM content",
        utm_medium="UTM medium",
        utm_source="UTM source",
        utm_term="UTM term",
        referrer="page that led to the first visit",
        **_device("android"),
        **_device("ios"),
    )
    | unix_seconds(
        created_at="when Intercom first knew the person",
        updated_at="last change",
        signed_up_at="when you say that the person signed up; milliseconds and years before 1970 occur",
        last_seen_at="last seen",
        last_replied_at="last reply",
        last_contacted_at="last message to the person",
        last_email_opened_at="last e-mail opened",
        last_email_clicked_at="last e-mail clicked",
        android_last_seen_at="last seen in the Android app",
        ios_last_seen_at="last seen in the iOS app",
    )
    | truth(
        has_hard_bounced="an e-mail bounced for good",
        marked_email_as_spam="marked an e-mail as spam",
        unsubscribed_from_emails="wants no e-mails",
        unsubscribed_from_sms="wants no SMS",
        sms_consent="agreed to SMS",
        enabled_push_messaging="accepts push messages",
        **{f"{field}__has_more": f"the contact object shows only some of its {field}" for field in COUNTED_LISTS},
    )
    | integer(**{f"{field}__total_count": f"number of {field}" for field in COUNTED_LISTS})
    | json("detail", custom_attributes="your own attributes; the same name may hold another type in the next contact"),
)
CONTACT_TAGS = Link.of(
    CONTACTS_TABLE,
    "contact",
    "tags",
    "a tag on a contact; who tagged, when, and the tag's name are known only for contacts with more than 10 tags",
    text("impersonal", tag_id="tags.id") | TAGGING_COLUMNS,
)
CONTACT_COMPANIES = Link.of(
    CONTACTS_TABLE,
    "contact",
    "companies",
    "a contact's membership in a company",
    text("impersonal", company_id="companies.id"),
    only_ids=True,
)
CONTACT_NOTES = Table(
    name="contact_notes",
    one_row="a note that a teammate wrote about a contact",
    key=("contact_id", "id"),
    columns=text("contact_id", contact_id="contacts.id")
    | text(
        "impersonal",
        id="the note's id",
        type="always note",
        author__type="always admin",
        author__id="admins.id",
        author__name="author's name",
        author__email="author's e-mail address",
    )
    | text("written", body="the note, HTML")
    | unix_seconds(created_at="when it was written"),
    replaced="parent",
    is_of_one_person=True,
)
CONTACT_SOCIAL_PROFILES = Table(
    name="contact_social_profiles",
    one_row="a social profile of a contact",
    key=("contact_id", "position"),
    columns=text("contact_id", contact_id="contacts.id")
    | text("impersonal", type="always social_profile", name="network")
    | text("detail", url="address")
    | integer(position="place in the contact's list, from 0"),
    replaced="parent",
    is_of_one_person=True,
)


def whole_contact(client: Client, contact_id: str) -> Whole[ContactAndLists] | None:
    """Return the contact as its own call gives it, and its complete lists."""
    contact = fetched(client, "/contacts", contact_id)
    return None if contact is None else with_lists(client, contact)


def _as_listed(contact: Record) -> ContactAndLists | None:
    return None if _is_reference(contact) or lists_with_calls_of_their_own(contact) else (contact, contact)


def _with_lists(client: Client, contact: Record) -> Whole[ContactAndLists] | None:
    if _is_reference(contact):
        return whole_contact(client, str(as_id(contact["id"])))
    return with_lists(client, Whole(contact, updated_at(contact), None))


def _is_reference(contact: Record) -> bool:
    """Return True if a listed contact shows nothing of itself: taken for whole, it would empty all columns."""
    return contact.keys() <= REFERENCE


def with_lists(client: Client, contact: Whole[Record]) -> Whole[ContactAndLists] | None:
    """Return a contact with its complete lists, without missing ones; None if it has vanished itself."""
    try:
        lists = complete_lists(client, contact.detail)
    except NotFound as error:
        contact_id = str(as_id(contact.detail["id"]))
        if fetched(client, "/contacts", contact_id) is None:
            return None
        lists = complete_lists(client, contact.detail, without_missing=True)
        logger.warning("contact %s exists, but one of its lists does not; it is loaded without (%s)", contact_id, error)
    return Whole((contact.detail, lists), contact.updated_at, contact.read_at)


def complete_lists(client: Client, contact: Record, *, without_missing: bool = False) -> Record:
    """Return the contact's id and its tags, companies and notes in full.

    A list that the contact object cuts is read by a call of its own. So are notes, if there are any, because the
    contact object shows only their ids. `without_missing`: of a list that is not found only what the contact shows is
    returned, and what lacks is said, instead of NotFound.
    """
    lists: Record = {"id": contact["id"]}
    for field in CUT_LISTS:
        items = inner_list(contact, field)
        if _has_a_call_of_its_own(contact, field, items):
            try:
                items = _items_of(client, contact, field)
            except NotFound:
                if not without_missing:
                    raise
                items = [] if field == "notes" else items
                client.tally.unlisted += _count_of(contact, field) - len(items)
        lists[field] = items
    return lists


def _items_of(client: Client, contact: Record, field: str) -> list[Record]:
    """Return the items of a contact's list by a call of its own.

    If they are fewer than the contact counts or shows, the list is read once more. What is still missing is archived,
    or has gone meanwhile; only of a list that stays empty it is said.
    """
    path = f"{path_of('/contacts', contact['id'])}/{field}"
    count = _count_of(contact, field)
    items: dict[object, Record] = {}
    for _ in range(2):
        for page in listed(client, path, field):
            items |= {identity_of(item): item for item in objects_of(page.records)}
        if len(items) >= count:
            break
    if not items:
        client.tally.unlisted += count
    return list(items.values())


def _count_of(contact: Record, field: str) -> int:
    """Return how many items of a list the contact counts, or at least shows."""
    wrapper = contact.get(field)
    counted = total_count_in(wrapper) if isinstance(wrapper, dict) else None
    return max(counted or 0, len(inner_list(contact, field)))


def lists_with_calls_of_their_own(contact: Record) -> list[str]:
    """Return the contact's lists that it does not show whole: those that are cut, and any notes."""
    return [name for name in CUT_LISTS if _has_a_call_of_its_own(contact, name, inner_list(contact, name))]


def cut_lists(contact: Record) -> frozenset[str]:
    """Return the lists of which the contact object may leave out some items; of notes it shows the ids."""
    return frozenset(name for name in CUT_LISTS if _is_cut(contact, name, inner_list(contact, name)))


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


def contact_rows(contacts: list[ContactAndLists]) -> Rows:
    """Return the rows of contacts, each given with its complete lists."""
    lists = [contact_lists for _, contact_lists in contacts]
    return [
        (CONTACTS_TABLE, [_row(contact) for contact, _ in contacts]),
        *CONTACT_TAGS.rows_of(lists),
        *CONTACT_COMPANIES.rows_of(lists),
        (CONTACT_NOTES, [row for contact_lists in lists for row in _note_rows(contact_lists)]),
        (CONTACT_SOCIAL_PROFILES, [row for contact, _ in contacts for row in _social_profile_rows(contact)]),
    ]


def _row(contact: Record) -> Row:
    row = flatten(with_avatar(contact), _FREE_FORM, _LISTS)
    row |= counts(contact, *COUNTED_LISTS)
    return row


def _note_rows(contact: Record) -> list[Row]:
    contact_id = str(as_id(contact["id"]))
    notes = distinct(inner_list(contact, "notes"))  # pages may repeat one
    rows = [flatten(note, without={"contact"}) | {"contact_id": contact_id} for note in notes]
    return CONTACT_NOTES.of_parent(contact_id, rows)


def _social_profile_rows(contact: Record) -> list[Row]:
    contact_id = str(as_id(contact["id"]))
    profiles = inner_list(contact, "social_profiles")
    rows = [
        flatten(profile) | {"contact_id": contact_id, "position": position} for position, profile in enumerate(profiles)
    ]
    return CONTACT_SOCIAL_PROFILES.of_parent(contact_id, rows)


CONTACT = Entity(
    (CONTACTS_TABLE, CONTACT_TAGS.table, CONTACT_COMPANIES.table, CONTACT_NOTES, CONTACT_SOCIAL_PROFILES),
    whole_contact,
    contact_rows,
    as_listed=_as_listed,
    rest=_with_lists,
)
CONTACTS = searched_list(
    SEARCH,
    CONTACT,
    "GET /contacts/{contact_id}/tags",
    "GET /contacts/{id}/companies",
    "GET /contacts/{id}/notes",
    calls=lambda contact: len(lists_with_calls_of_their_own(contact)),
)

"""Contacts: found by search on `updated_at` (by calendar day), with their lists complete."""

from ..api.day import BY_DAY_SECONDS
from ..api.http.client import Client
from ..api.lists.search_endpoint import Search
from ..api.record import Record, updated_at
from ..incremental.searched_list import searched_list
from ..records.entity import Entity
from ..records.single_record import Whole, fetched
from ..rows.flatten import as_id, counts, distinct, flatten, inner_list, with_avatar
from ..rows.linked_records import TAGGING_COLUMNS, Link
from ..rows.table import Row, Rows, Table, integer, json, text, truth, unix_seconds
from .cut_lists import CUT_LISTS, ContactAndLists, lists_with_calls_of_their_own, with_lists

SEARCH = Search("/contacts/search", "data", granularity_seconds=BY_DAY_SECONDS, records_ahead=18_000)

REFERENCE = {"id", "type", "url", "updated_at"}  # the fields of a contact that is only named
SUBSCRIPTION_LISTS = {"opted_in_subscription_types": "opted in to", "opted_out_subscription_types": "opted out of"}
COUNTED_LISTS = (*CUT_LISTS, *SUBSCRIPTION_LISTS)
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
    | json(
        "impersonal",
        **{
            f"{field}__data": f"subscription_types that the person {way}, by id: the first ten; null if none"
            for field, way in SUBSCRIPTION_LISTS.items()
        },
    )
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
        author__job_title="author's job title",
        author__avatar__type="always avatar",
        author__avatar__image_url="author's picture",
    )
    | truth(
        author__away_mode_enabled="author was away when the note was read",
        author__away_mode_reassign="author's conversations were reassigned while away",
        author__has_inbox_seat="author may work in the inbox",
    )
    | json("impersonal", author__team_ids="teams.id of the author's teams")
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
    for field in SUBSCRIPTION_LISTS:
        if items := inner_list(contact, field):  # in an order that a sweep can compare
            row[f"{field}__data"] = sorted(items, key=lambda item: str(item.get("id")))
    return row


def _note_rows(contact: Record) -> list[Row]:
    contact_id = str(as_id(contact["id"]))
    notes = distinct(inner_list(contact, "notes"))  # pages may repeat one
    rows = [flatten(_with_picture(note), without={"contact"}) | {"contact_id": contact_id} for note in notes]
    return CONTACT_NOTES.of_parent(contact_id, rows)


def _with_picture(note: Record) -> Record:
    """Return a note whose author's picture is an object, as that of a contact and of a teammate is."""
    author = note.get("author")
    return note | {"author": with_avatar(author)} if isinstance(author, dict) else note


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

"""The fields of each search: their kind, and where their value is in a record."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.record import Record
from simulator.workspace.conversation_rules.outcomes import rated_at

STRING, INTEGER, DATE, BOOLEAN = "string", "integer", "date", "boolean"
Read = Callable[[Record], object]
"""Gives a field's value, or a list of values when a record has several."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a search can name; `is_multiple` ones (tags, people) match when any value does.

    `is_ordered`: a text of digits that is compared and sorted as a number.
    """

    name: str
    kind: str
    read: Read
    is_multiple: bool = False
    is_ordered: bool = False


def at_path(path: str) -> Read:
    """Return a function that reads a search field at a dotted path; None if anything on it is missing."""
    keys = path.split(".")
    if len(keys) == 1:
        return lambda record: record.get(path)

    def read(record: Record) -> object:
        value: object = record
        for key in keys:
            if not isinstance(value, dict):
                return None
            value = value.get(key)
        return value

    return read


def ids_in(path: str, *, only: str | None = None) -> Read:
    """Return a function that reads a search field: the ids of the items in a list at a dotted path."""
    listing = at_path(path)

    def read(record: Record) -> object:
        items = listing(record)
        if not isinstance(items, list):
            return []
        return [item["id"] for item in items if only is None or item["type"] == only]

    return read


def declare(kind: str, names: str, prefix: str = "") -> dict[str, Field]:
    """Declare search fields that are in the record under their own name."""
    return {prefix + name: Field(prefix + name, kind, at_path(prefix + name)) for name in names.split()}


def elsewhere(name: str, kind: str, read: Read, *, is_multiple: bool = False) -> dict[str, Field]:
    """Declare one search field that is at another place than its name says."""
    return {name: Field(name, kind, read, is_multiple)}


def _authors(ticket: Record) -> list[str]:
    parts = ticket["ticket_parts"]["ticket_parts"]
    return [part["author"]["id"] for part in parts if part["author"]["type"] == "admin"]


CONTACT_FIELDS: dict[str, Field] = {
    **declare(
        STRING,
        "id role name email email_domain phone external_id language_override browser browser_language os "
        "location.country location.region location.city ios_app_version ios_device ios_app_device ios_os_version "
        "ios_app_name ios_sdk_version android_app_version android_device android_app_name",
    ),
    **declare(INTEGER, "owner_id"),
    **declare(
        DATE,
        "created_at signed_up_at updated_at last_seen_at last_contacted_at last_replied_at last_email_opened_at "
        "last_email_clicked_at ios_last_seen_at android_last_seen_at",
    ),
    **declare(BOOLEAN, "unsubscribed_from_emails marked_email_as_spam has_hard_bounced"),
    **elsewhere("avatar", STRING, at_path("avatar.image_url")),
    **elsewhere("andoid_sdk_version", STRING, at_path("android_sdk_version")),  # spelled so by the API
    **elsewhere("tag_id", STRING, ids_in("tags.data"), is_multiple=True),
    **elsewhere("segment_id", STRING, ids_in("segments.data"), is_multiple=True),
}
STATISTIC_TIMES = (
    "first_contact_reply_at first_assignment_at first_admin_reply_at first_close_at last_assignment_at "
    "last_assignment_admin_reply_at last_contact_reply_at last_admin_reply_at last_close_at"
)
STATISTIC_NUMBERS = (
    "time_to_assignment time_to_admin_reply time_to_first_close time_to_last_close median_time_to_reply "
    "count_reopens count_assignments count_conversation_parts"
)
CONVERSATION_FIELDS: dict[str, Field] = {
    # Undocumented, but tap-intercom depends on it: it asks for `id > ""` and sorts by id.
    "id": Field("id", STRING, at_path("id"), is_ordered=True),
    **declare(STRING, "state priority"),
    **declare(DATE, "created_at updated_at waiting_since snoozed_until"),
    **declare(INTEGER, "admin_assignee_id team_assignee_id"),
    **declare(BOOLEAN, "open read ai_agent_participated"),
    **declare(
        STRING, "type id delivered_as subject body url author.id author.type author.name author.email", "source."
    ),
    **declare(DATE, STATISTIC_TIMES, "statistics."),
    **declare(INTEGER, STATISTIC_NUMBERS, "statistics."),
    **declare(STRING, "statistics.last_closed_by_id"),
    **declare(STRING, "remark", "conversation_rating."),
    **declare(STRING, "resolution_state last_answer_type rating_remark source_type source_title", "ai_agent."),
    **declare(INTEGER, "ai_agent.rating"),
    **elsewhere("channel_initiated", STRING, at_path("source.type")),
    **elsewhere("conversation_rating.score", INTEGER, at_path("conversation_rating.rating")),
    **elsewhere("conversation_rating.requested_at", DATE, at_path("conversation_rating.created_at")),
    **elsewhere("conversation_rating.replied_at", DATE, rated_at),
    **elsewhere("conversation_rating.contact_id", STRING, at_path("conversation_rating.contact.id")),
    **elsewhere(
        "conversation_rating.admin_d", STRING, at_path("conversation_rating.teammate.id")
    ),  # spelled so by the API
    **elsewhere("contact_ids", STRING, ids_in("contacts.contacts"), is_multiple=True),
    **elsewhere("teammate_ids", STRING, ids_in("teammates.admins"), is_multiple=True),
    **elsewhere("tag_ids", STRING, ids_in("tags.tags"), is_multiple=True),
}
TICKET_FIELDS: dict[str, Field] = {
    **declare(STRING, "id category admin_assignee_id team_assignee_id"),
    **declare(DATE, "created_at updated_at snoozed_until"),
    **declare(BOOLEAN, "open"),
    **elsewhere("state", STRING, at_path("ticket_state")),
    **elsewhere("title", STRING, at_path("ticket_attributes._default_title_")),
    **elsewhere("description", STRING, at_path("ticket_attributes._default_description_")),
    **elsewhere("ticket_type_id", STRING, at_path("ticket_type.id")),
    **elsewhere("contact_ids", STRING, ids_in("contacts.contacts"), is_multiple=True),
    **elsewhere("teammate_ids", STRING, _authors, is_multiple=True),
}

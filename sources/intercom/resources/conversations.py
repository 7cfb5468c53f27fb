"""Conversations: found by search on `updated_at`, then each changed one is read in full.

The search does not show their parts, of which even older ones may be indexed late: each is read with all of them.
"""

from collections.abc import Iterator

from ..api.http.client import Client
from ..api.lists.search_endpoint import Search
from ..api.record import Record
from ..incremental.searched_list import searched_list
from ..records.entity import Entity
from ..records.single_record import Whole, fetched
from ..rows.flatten import counts, flatten, inner_list
from ..rows.linked_records import TAGGING_COLUMNS, Link
from ..rows.parts import CONVERSATION_PART_COLUMNS, PartTables
from ..rows.table import Rows, Table, integer, json, text, truth, unix_seconds

SEARCH = Search("/conversations/search", "conversations")

CONVERSATIONS_TABLE = Table(
    name="conversations",
    one_row="a conversation",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always conversation",
        state="open, closed or snoozed",
        priority="priority or not_priority",
        admin_assignee_id="teammate who owns it",
        team_assignee_id="team that owns it",
        conversation_rating__contact__type="contact",
        conversation_rating__teammate__type="admin, or team where a workflow asked",
        conversation_rating__teammate__id="teammate who was rated; may be nobody's where a workflow asked",
        source__type="channel: conversation, email, facebook, instagram, phone_call, push, sms, twitter, whatsapp, …",
        source__id="opening message's id",
        source__delivered_as="customer_initiated, admin_initiated, campaigns_initiated, operator_initiated, automated",
        first_contact_reply__type="channel of the contact's first reply",
        sla_applied__type="conversation_sla_summary",
        sla_applied__sla_name="SLA that applies",
        sla_applied__sla_status="hit, missed (from the reply on that came too late), active until then; null: removed",
        statistics__type="conversation_statistics",
        statistics__last_closed_by_id="who closed it last",
        ai_agent__source_type="what started the AI agent",
        ai_agent__source_title="title of what started it",
        ai_agent__last_answer_type="kind of its last answer",
        ai_agent__resolution_state="how it ended",
        company__id="companies.id, where newer backends send it",
    )
    | text("contact_id", conversation_rating__contact__id="who rated", source__author__id="opening author's id")
    | text("user_id", conversation_rating__contact__external_id="your own id of who rated")
    | text("author_type", source__author__type="user, lead, admin or bot")
    | text("name", source__author__name="opening author's name")
    | text("email", source__author__email="opening author's e-mail address")
    | text(
        "written",
        title="title",
        conversation_rating__remark="what the customer wrote with the rating",
        source__subject="subject, HTML",
        source__body="opening message, HTML",
        ai_agent__rating_remark="remark on the AI agent",
    )
    | text(
        "detail", source__url="page it was started from", first_contact_reply__url="page of the contact's first reply"
    )
    | unix_seconds(
        created_at="when it began",
        updated_at="last change",
        waiting_since="since when the customer waits; null when replied",
        snoozed_until="when it opens again",
        conversation_rating__created_at="when the rating was requested; a part says when it was given",
        first_contact_reply__created_at="first reply of the contact",
        statistics__first_contact_reply_at="first reply of the contact",
        statistics__first_assignment_at="first assignment",
        statistics__first_admin_reply_at="first reply of a teammate",
        statistics__first_close_at="first close",
        statistics__last_assignment_at="last assignment",
        statistics__last_assignment_admin_reply_at="first teammate reply after the last assignment",
        statistics__last_contact_reply_at="last reply of the contact",
        statistics__last_admin_reply_at="last reply of a teammate",
        statistics__last_close_at="last close",
    )
    | integer(
        conversation_rating__rating="1 (worst) to 5",
        statistics__time_to_assignment="seconds until the last assignment before the first teammate reply",
        statistics__time_to_admin_reply="office-hour seconds until the first teammate reply",
        statistics__time_to_first_close="office-hour seconds until the first close",
        statistics__time_to_last_close="office-hour seconds until the last close",
        statistics__median_time_to_reply="office-hour seconds, median over the replies",
        statistics__count_reopens="times it was opened again",
        statistics__count_assignments="times it was assigned",
        statistics__count_conversation_parts="parts, the opening message included",
        statistics__handling_time="seconds teammates spent on it",
        conversation_parts__total_count="parts it has; only the newest 500 are shown by the API",
        linked_objects__total_count="linked tickets and conversations",
        ai_agent__rating="rating of the AI agent",
    )
    | truth(
        open="it is open or snoozed",
        read="it is marked as read within Intercom",
        source__redacted="the opening message was removed",
        ai_agent_participated="an AI agent took part",
        linked_objects__has_more="there are more linked objects than the API shows",
    )
    | json(
        "impersonal",
        topics="topics it was sorted into",
    )
    | json("attached", source__attachments="files of the opening message", ticket="the ticket it became")
    | json(
        "detail", custom_attributes="your own attributes", ai_agent__content_sources="what the AI agent answered from"
    ),
)
CONVERSATION_PARTS = PartTables.of(CONVERSATIONS_TABLE, "conversation", CONVERSATION_PART_COLUMNS)
PARTICIPANTS = Link.of(
    CONVERSATIONS_TABLE,
    "conversation",
    "contacts",
    "a contact who takes part in a conversation",
    text("contact_id", contact_id="contacts.id")
    | text("impersonal", type="always contact")
    | text("user_id", external_id="your own id of the contact"),
)
LINKS = (
    PARTICIPANTS,
    Link.of(
        CONVERSATIONS_TABLE,
        "conversation",
        "teammates",
        "a teammate who takes part in a conversation",
        text("impersonal", admin_id="admins.id", type="always admin"),
        wrapper_keys=("admins",),
    ),
    Link.of(
        CONVERSATIONS_TABLE,
        "conversation",
        "tags",
        "a tag on a conversation",
        text("impersonal", tag_id="tags.id") | TAGGING_COLUMNS,
    ),
    Link.of(
        CONVERSATIONS_TABLE,
        "conversation",
        "linked_objects",
        "a ticket or conversation linked to a conversation",
        text(
            "impersonal",
            linked_object_id="tickets.id or conversations.id",
            type="ticket or conversation",
            category="of a ticket",
        ),
    ),
)

_FREE_FORM = frozenset({"custom_attributes", "topics", "ticket", "ai_agent__content_sources"})
_LISTS = frozenset({"conversation_parts", *(link.field for link in LINKS)})


def _people(rows_of_tables: Rows) -> Iterator[str]:
    """Yield the user ids of a conversation's participants; a visitor who writes becomes a lead, but not at once."""
    for table, rows in rows_of_tables:
        if table is PARTICIPANTS.table:
            yield from (str(row["external_id"]) for row in rows if row.get("external_id"))


def whole_conversation(client: Client, conversation_id: str) -> Whole[Record] | None:
    """Return the conversation in full; if the answer lacks parts, the fuller one of two."""
    whole = fetched(client, "/conversations", conversation_id)
    if whole is None or CONVERSATION_PARTS.are_shown_in(whole.detail):
        return whole
    again = fetched(client, "/conversations", conversation_id)
    if again is None:
        return None
    return max(again, whole, key=lambda one: len(inner_list(one.detail, "conversation_parts")))


def conversation_rows(conversations: list[Record]) -> Rows:
    """Return the rows of conversations that were read in full."""
    own_rows = [
        flatten(conversation, _FREE_FORM, _LISTS) | counts(conversation, "conversation_parts", "linked_objects")
        for conversation in conversations
    ]
    links = [row for link in LINKS for row in link.rows_of(conversations)]
    return [(CONVERSATIONS_TABLE, own_rows), *CONVERSATION_PARTS.rows_of(conversations), *links]


CONVERSATION = Entity(
    (CONVERSATIONS_TABLE, CONVERSATION_PARTS.parts, CONVERSATION_PARTS.attachments, *(link.table for link in LINKS)),
    whole_conversation,
    conversation_rows,
)
CONVERSATIONS = searched_list(SEARCH, CONVERSATION, people_in=_people)

"""The tables of the content data export: receipts of sent messages, and one table per kind of reaction to them."""

from ..rows.table import Column, Columns, Table, integer, text, unix_seconds
from .csv_files import RECEIPTS_KIND

RECEIVED_ON = "received_on"
POSITION = "position"
DAY_COLUMNS: Columns = {
    RECEIVED_ON: Column("date", "UTC day on which the message was sent; replaced as a whole", "impersonal")
}

FIRST_TIMES = {
    "reply": "reply",
    "completion": "completion (of a tour, a survey, …)",
    "series_completion": "completion of the series",
    "series_disengagement": "disengagement from the series",
    "series_exit": "exit from the series",
    "goal_success": "success of the goal",
    "open": "opening",
    "click": "click",
    "dismisall": "dismissal (Intercom spells it so)",
    "dismissal": "dismissal",
    "unsubscribe": "unsubscription",
    "hard_bounce": "hard bounce",
    "soft_bounce": "soft bounce",
    "spam_complaint": "complaint about spam",
    "reaction": "reaction",
    "answer": "answer to a survey",
    "collected_email": "e-mail address given",
    "tour_step_view": "view of a tour's step",
    "tour_step_failure": "failure of a tour's step",
}
MESSAGE_RECEIPTS = Table(
    name="message_receipts",
    one_row="a message that was sent to a contact, with the first time of each reaction to it",
    key=(RECEIVED_ON, "receipt_id", "content_id", "ruleset_id"),
    is_of_one_person=True,
    columns=DAY_COLUMNS
    | text(
        "impersonal",
        content_id="id of the content (an e-mail, a chat, a post, …)",
        ruleset_id="id of the content's rules",
        ruleset_version_id="id of this version of the rules",
        content_type="email, chat, post, …",
        content_title="title",
        company_id="companies.id; -1 where there is none",
        company_external_id="companies.company_id",
        series_id="id of the series; -1 where there is none",
        series_title="title of the series",
        node_id="id of the node in the series; -1 where there is none",
        conversation_id="conversations.id",
        created_via="how the message was made",
    )
    | text("contact_id", user_id="contacts.id")
    | text("user_id", user_external_id="contacts.external_id")
    | text("email", email="e-mail address at that time")
    | text("name", name="name at that time")
    | text("receipt_id", receipt_id="Intercom's id of the receipt")
    | text("detail", device="device")
    | unix_seconds(
        received_at="when the message was sent",
        **{f"first_{name}": f"first {meaning}" for name, meaning in FIRST_TIMES.items()},
    ),
    replaced="parent",
)

# kind: one row, and its own time where a file's name for it is known
REACTIONS = {
    "open": ("an opening of a message", "opened_at"),
    "click": ("a click in a message", "clicked_at"),
    "reply": ("a reply to a message", "replied_at"),
    "goal_success": ("a success of a message's goal", "goal_success_at"),
    "hard_bounce": ("a message that its address refused for good", "hard_bounced_at"),
    "unsubscribe": ("an unsubscription through a message", "unsubscribed_at"),
    "series_completion": ("a completion of a series", None),
    "series_disengagement": ("a disengagement from a series", None),
    "series_exit": ("an exit from a series", None),
    "checkpoint": ("a passing of a series' checkpoint", None),
}


def table_of(kind: str) -> Table:
    """Return the table of one of the export's CSVs; a kind that nobody has declared gets one like the others."""
    name = RECEIPTS_KIND if kind == RECEIPTS_KIND else plural(kind)
    return _BY_NAME.get(f"message_{name}") or _reaction(kind, f"a row of the export's {kind} files", None)


def plural(kind: str) -> str:
    """Return the plural for a reaction table's name: click clicks, reply replies, goal_success goal_successes."""
    if kind.endswith(("ss", "x", "ch", "sh")):
        return f"{kind}es"
    if kind.endswith("s"):
        return kind
    if kind.endswith("y") and not kind.endswith(("ay", "ey", "oy", "uy")):
        return f"{kind[:-1]}ies"
    return f"{kind}s"


def _reaction(kind: str, one_row: str, own_time: str | None) -> Table:
    times = {} if own_time is None else {own_time: "when it happened"}
    return Table(
        name=f"message_{plural(kind)}",
        one_row=one_row,
        key=(RECEIVED_ON, POSITION),
        columns=DAY_COLUMNS
        | integer(position="place among the rows of the day, as the export lists them")
        | text("receipt_id", receipt_id="message_receipts.receipt_id")
        | unix_seconds(**times),
        replaced="parent",
        is_of_one_person=True,
    )


REACTION_TABLES = tuple(_reaction(kind, one_row, own_time) for kind, (one_row, own_time) in REACTIONS.items())
_BY_NAME = {table.name: table for table in (MESSAGE_RECEIPTS, *REACTION_TABLES)}

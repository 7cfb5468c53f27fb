"""Parts of conversations and tickets, and the files attached to them; they differ only in the parent's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..api.lists.list_answer import total_count_in
from ..api.record import is_id
from .flatten import as_id, distinct, flatten, inner_list
from .table import Columns, Row, Rows, Table, integer, json, text, truth, unix_seconds

MOST_SHOWN_PARTS = 500  # the newest (API reference, "Retrieve a conversation")

PART_COLUMNS: Columns = (
    text(
        "impersonal",
        id="the part's id",
        type="kind of object",
        part_type="comment, note, assignment, close, open, snoozed, … (an open set)",
        assigned_to__type="admin, team, bot or nobody_admin",
        assigned_to__id="new owner's id",
        app_package_code="the app that wrote it",
    )
    | text("contact_id", author__id="author's id")
    | text("author_type", author__type="admin, bot, user, lead or team")
    | text("name", author__name="author's name")
    | text("email", author__email="author's e-mail address")
    | text("written", body="HTML; null for events; of a redacted part the sentence that Intercom puts in its place")
    | text("detail", external_id="id given by the app that wrote it")
    | unix_seconds(created_at="when it was written", updated_at="last change")
    | truth(redacted="its content was removed, in Intercom or by a privacy rule that leaves bodies out")
)
CONVERSATION_PART_COLUMNS: Columns = (
    unix_seconds(notified_at="when it was delivered")
    | text("impersonal", state="state of the conversation after it")
    | json(
        "impersonal",
        tags="tags on this part",
    )
    | json("detail", event_details="facts of an event part")
    | json("attached", metadata="facts of its channel", email_message_metadata="headers of an e-mail")
)
TICKET_PART_COLUMNS: Columns = text(
    "impersonal", previous_ticket_state="ticket's state before it", ticket_state="ticket's state after it"
)
ATTACHMENT_COLUMNS: Columns = (
    text("impersonal", type="kind of file", content_type="media type")
    | text("written", name="file name")
    | text("attached", url="signed link, valid for a short time")
    | integer(position="place among the part's files, from 0", filesize="bytes", width="pixels", height="pixels")
)

_FREE_FORM = frozenset({"event_details", "metadata", "email_message_metadata"})
_LISTS = frozenset({"attachments"})


@dataclass(frozen=True)
class PartTables:
    """The tables for the parts of conversations, or of tickets.

    A part is overwritten when it is read again, and never deleted: the API shows only the newest 500 of a parent. Its
    files are replaced with it, so that a redacted part loses them.
    """

    parent: str
    parts: Table
    attachments: Table

    @classmethod
    def of(cls, parents: Table, parent: str, columns: Columns) -> "PartTables":
        """Return `<parent>_parts` and `<parent>_part_attachments`: `parent` is the word for one of `parents`."""
        parent_id, part_id = f"{parent}_id", f"{parent}_part_id"
        link = parents.reference(parent_id)
        parts = Table(
            f"{parent}_parts",
            f"a message or event in a {parent}, after the opening message",
            key=(parent_id, "id"),
            columns=link | PART_COLUMNS | columns,
        )
        attachments = Table(
            f"{parent}_part_attachments",
            f"a file attached to a {parent} part",
            key=(part_id, "position"),
            columns=parts.reference(part_id) | link | ATTACHMENT_COLUMNS,
            replaced="parent",
        )
        return cls(parent, parts, attachments)

    def are_shown_in(self, parent: dict[str, Any]) -> bool:
        """Return True if the parent has its parts, as many as Intercom ever shows."""
        field = f"{self.parent}_parts"
        wrapper = parent.get(field)
        if not isinstance(wrapper, dict):
            return isinstance(wrapper, list)
        if (total_count := total_count_in(wrapper)) is not None:
            return len(inner_list(parent, field)) >= min(total_count, MOST_SHOWN_PARTS)
        return any(wrapper.get(name) is not None for name in (field, "data"))

    def rows_of(self, parents: Iterable[dict[str, Any]]) -> Rows:
        """Return the rows of all parts of `parents`, and of the files attached to them."""
        part_rows: list[Row] = []
        attachment_rows: list[Row] = []
        field = f"{self.parent}_parts"
        for parent in parents:
            link = {f"{self.parent}_id": as_id(parent["id"])}
            for part in distinct(inner_list(parent, field)):
                row = flatten(part, _FREE_FORM, _LISTS)
                row |= link
                part_rows.append(row)
                if is_id(part_id := part.get("id")):
                    attachment_rows += self._attachments(link, str(part_id), part)
        return [(self.parts, part_rows), (self.attachments, attachment_rows)]

    def _attachments(self, link: Row, part_id: str, part: dict[str, Any]) -> list[Row]:
        rows = [
            {**flatten(file), **link, self.attachments.parent_key: part_id, "position": position}
            for position, file in enumerate(inner_list(part, "attachments"))
        ]
        return self.attachments.of_parent(part_id, rows)

"""The rules by which a ticket changes: each act but tags and redactions adds its part."""

from simulator.record import Record
from simulator.workspace.people import NOBODY, Author, applied_tag, reference
from simulator.workspace.redaction import redact
from simulator.workspace.workspace import Workspace

STATE_LABELS = {
    "submitted": ("Submitted", "Submitted"),
    "in_progress": ("In progress", "We are on it"),
    "waiting_on_customer": ("Waiting on customer", "Waiting on you"),
    "resolved": ("Resolved ✅", "Resolved"),
}
NOBODY_ID = "0"


class TicketDesk:
    """The desk at which one ticket is changed; `at` is the time of the next act."""

    def __init__(self, workspace: Workspace, ticket: Record, at: int) -> None:
        self.workspace = workspace
        self.ticket = ticket
        self.at = at

    def add(self, part_type: str, author: Author, body: str | None = None, **fields: object) -> Record:
        """Add a part to the ticket on the desk; one that no app made has no `app_package_code`."""
        part: Record = {
            "type": "ticket_part",
            "id": self.workspace.next_id("part", 20_000_000),
            "part_type": part_type,
            "created_at": self.at,
            "updated_at": self.at,
            "author": {key: author[key] for key in ("type", "id", "name", "email")},
            "attachments": [],
            "redacted": False,
        }
        if part["author"]["type"] == "lead":
            part["author"]["type"] = "user"  # ticket parts know no leads
        if body is not None:
            part["body"] = body
        part.update(fields)
        parts = self.ticket["ticket_parts"]
        parts["ticket_parts"].append(part)
        parts["total_count"] = len(parts["ticket_parts"])
        self.touch()
        return part

    def touch(self) -> None:
        """Note that the ticket on the desk changes: its `updated_at` moves to now."""
        self.ticket["updated_at"] = self.at

    def begin(self, author: Author) -> None:
        """Make it a ticket, by a part that leaves its state as it is (examples of the API reference)."""
        self.change_state(author, self.ticket["ticket_state"])

    def change_state(self, author: Author, state: str) -> None:
        """Move the ticket on the desk to another state; a resolved ticket is not open."""
        before = self.ticket["ticket_state"]
        self.ticket["ticket_state"] = state
        self.ticket["ticket_state_internal_label"], self.ticket["ticket_state_external_label"] = STATE_LABELS[state]
        self.ticket["open"] = state != "resolved"
        self.add("ticket_state_updated_by_admin", author, previous_ticket_state=before, ticket_state=state)

    def assign(self, author: Author, admin_id: str | None, team_id: str | None = None) -> None:
        """Assign the ticket on the desk to a teammate and perhaps a team; None is nobody."""
        self.ticket["admin_assignee_id"] = admin_id or NOBODY_ID
        if team_id is not None:
            self.ticket["team_assignee_id"] = team_id
        to = reference("admin", admin_id) if admin_id else NOBODY
        self.add("assignment", author, assigned_to=to)

    def set_attribute(self, author: Author, name: str, value: object) -> None:
        """Fill one of the attributes that the type of the ticket on the desk has."""
        self.ticket["ticket_attributes"][name] = value
        self.add("ticket_attribute_updated_by_admin", author, app_package_code=None)

    def snooze(self, author: Author, until: int) -> None:
        """Snooze the ticket on the desk until a moment; the key exists only while it is snoozed."""
        self.ticket["snoozed_until"] = until
        self.add("snoozed", author)

    def unsnooze(self, author: Author) -> None:
        """End the snooze of the ticket on the desk."""
        self.ticket.pop("snoozed_until", None)
        self.add("open", author)

    def tag(self, author: Author, tag: Record) -> None:
        """Put a tag on the ticket on the desk, without a part; the key exists from its first tag on.

        The description of 2.10 tags tickets and shows no tag of them; they are shown as those of conversations.
        """
        tags = self.ticket.setdefault("tags", {"type": "tag.list", "tags": []})
        tags["tags"].append(applied_tag(tag, author["id"], self.at))
        self.touch()

    def untag(self, tag_id: str) -> None:
        """Take a tag off the ticket on the desk, without a part."""
        tags = self.ticket["tags"]
        tags["tags"] = [tag for tag in tags["tags"] if tag["id"] != tag_id]
        self.touch()

    def redact(self, part: Record) -> None:
        """Redact a part of the ticket on the desk: remove its content."""
        redact(part)
        part["updated_at"] = self.at
        self.touch()

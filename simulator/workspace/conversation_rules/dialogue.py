"""The rules by which a conversation changes: each act adds its part and moves the conversation's state."""

from collections.abc import Sequence

from simulator.record import Record
from simulator.workspace.conversation_rules.statistics import Close, conversation_statistics
from simulator.workspace.people import CONTACT_ROLES, NOBODY, Author, applied_tag, reference
from simulator.workspace.redaction import is_redactable, redact
from simulator.workspace.workspace import Workspace


class Dialogue:
    """The dialogue of one conversation that changes; `at` is the time of the next act. Call `finish` after the last."""

    def __init__(self, workspace: Workspace, conversation: Record, at: int) -> None:
        self.workspace = workspace
        self.conversation = conversation
        self.at = at
        self.parts: list[Record] = conversation["conversation_parts"]["conversation_parts"]

    def add(self, part_type: str, author: Author, body: str | None = None, **fields: object) -> Record:
        """Add a part to the dialogue; `fields` overrides what a plain part carries."""
        part: Record = {
            "type": "conversation_part",
            "id": self.workspace.next_id("part", 20_000_000),
            "part_type": part_type,
            "body": body,
            "created_at": self.at,
            "updated_at": self.at,
            "notified_at": self.at,
            "assigned_to": None,
            "author": author,
            "attachments": [],
            "external_id": None,
            "redacted": False,
        }
        part.update(fields)
        self._keep(part)
        self.touch()
        return part

    def touch(self) -> None:
        """Note that the conversation of the dialogue changes: its `updated_at` moves to now."""
        self.conversation["updated_at"] = self.at

    def contact_writes(
        self, author: Author, body: str, attachments: Sequence[Record] = (), part_type: str = "comment"
    ) -> None:
        """Add a customer's message to the dialogue; a closed or snoozed conversation opens again.

        The first answer in a conversation that began closed is always one part, `open`, which has the text.
        """
        is_first = self.conversation["first_contact_reply"] is None
        if self.conversation["state"] == "closed" and (is_first or body.endswith("?</p>")):
            self.add("open", author, body, attachments=list(attachments))
        else:
            self.add(part_type, author, body, attachments=list(attachments))
            self._add_return(author)
        self._let_contact_wait()

    def contact_fills_in(self, author: Author, name: str, value: str) -> None:
        """Add a customer's answer to a bot's form to the dialogue: no text, but a sign of life."""
        self.conversation["custom_attributes"][name] = value
        self.add("attribute_collected", author)
        self._add_return(author)
        self._let_contact_wait()

    def admin_replies(
        self, author: Author, body: str, part_type: str = "comment", attachments: Sequence[Record] = ()
    ) -> None:
        """Add a teammate's message to the customer to the dialogue."""
        self.add(part_type, author, body, attachments=list(attachments))
        self.conversation["waiting_since"] = None
        self.conversation["read"] = True
        self._add_teammate(author)

    def bot_replies(self, author: Author, body: str, part_type: str = "comment") -> None:
        """Add a bot's message or form to the dialogue; the customer goes on waiting for a teammate."""
        self.add(part_type, author, body)

    def note(self, author: Author, body: str, *, leaves_closed: bool = False) -> None:
        """Add an internal note to the dialogue; it opens a closed conversation unless the teammate leaves it closed."""
        state = self.conversation["state"]
        if leaves_closed and state == "closed":
            self.add("note", author, body)
            return
        part_type = {"open": "note", "closed": "note_and_reopen", "snoozed": "note_and_unsnooze"}[state]
        self.add(part_type, author, body)
        self._set_state("open")
        self._add_teammate(author)

    def assign(self, author: Author, part_type: str, assignee: Record | None, body: str | None = None) -> None:
        """Assign the dialogue to a teammate, team or bot (`{type, id}`) or, with None, to nobody, by a part.

        A team takes the conversation away from the teammate, without a part; a teammate leaves it with its team.
        """
        to = NOBODY if assignee is None else assignee
        self.add(part_type, author, body, assigned_to=to)
        if to["type"] == "team":
            self.set_owners(None, to)
        else:
            self.conversation["admin_assignee_id"] = None if assignee is None else int(to["id"])
        if part_type in {"assign_and_reopen", "assign_and_unsnooze"}:
            self._set_state("open")
        if author["type"] == "admin":
            self._add_teammate(author)

    def assign_in_one_step(self, author: Author, teammate: Record, team: Record, shown: Record) -> None:
        """Assign the dialogue to teammate and team at once: one part, which names only the `shown` one."""
        self.add("assignment", author, assigned_to=shown)
        self.set_owners(teammate, team)

    def set_owners(self, teammate: Record | None, team: Record | None) -> None:
        """Set teammate and team of the dialogue without a part, as imports and some workflows do."""
        self.conversation["admin_assignee_id"] = None if teammate is None else int(teammate["id"])
        self.conversation["team_assignee_id"] = None if team is None else int(team["id"])

    def close(self, author: Author, body: str | None = None) -> None:
        """Add a close to the dialogue, perhaps with a last message."""
        self.add("close", author, body)
        self._set_state("closed")
        if author["type"] == "admin":
            self._add_teammate(author)

    def close_unseen(self, admin_id: str | None) -> None:
        """Close the dialogue in bulk: no part is added, only the state and the statistics show it."""
        unseen = self.workspace.unseen_closes.setdefault(self.conversation["id"], [])
        unseen.append(Close(self.at, admin_id))
        self.touch()
        self._set_state("closed")

    def close_imported(self) -> None:
        """Close the dialogue of an imported conversation, whose closing time is unknown."""
        self._set_state("closed")

    def reopen(self, author: Author) -> None:
        """Add to the dialogue that a closed conversation is opened without a message."""
        self.add("open", author)
        self._set_state("open")

    def snooze(self, author: Author, until: int) -> None:
        """Add to the dialogue that the conversation is snoozed until a moment."""
        self.add("snoozed", author)
        self._set_state("snoozed")
        self.conversation["snoozed_until"] = until

    def unsnooze(self, author: Author, part_type: str = "timer_unsnooze") -> None:
        """Add to the dialogue the end of its snooze, by the timer or by hand."""
        self.add(part_type, author)
        self._set_state("open")

    def tag(self, author: Author, tag: Record) -> None:
        """Add to the dialogue that a tag is applied."""
        self.conversation["tags"]["tags"].append(applied_tag(tag, author["id"], self.at))
        self.add("conversation_tags_updated", author)

    def untag(self, author: Author, tag_id: str) -> None:
        """Add to the dialogue that a tag is removed."""
        tags = self.conversation["tags"]
        tags["tags"] = [tag for tag in tags["tags"] if tag["id"] != tag_id]
        self.add("conversation_tags_updated", author)

    def redactable(self) -> list[Record]:
        """The parts of the dialogue with content that can be redacted."""
        return [part for part in self.parts if is_redactable(part)]

    def redact(self, part: Record) -> None:
        """Redact a part of the dialogue: remove its content."""
        redact(part)
        part["updated_at"] = self.at
        self.touch()

    def redact_source(self) -> None:
        """Redact the opening message of the dialogue: remove its content."""
        redact(self.conversation["source"])
        self.touch()

    def set_priority(self, author: Author, priority: str) -> None:
        """Add to the dialogue that its conversation becomes a priority, or is none any more."""
        self.conversation["priority"] = priority
        self.add("priority_changed" if author["type"] == "admin" else "priority_changed_by_rule", author)

    def set_attribute(self, author: Author, name: str, value: object) -> None:
        """Add to the dialogue that a custom attribute is set."""
        self.conversation["custom_attributes"][name] = value
        role = "user" if author["type"] in CONTACT_ROLES else {"admin": "admin"}.get(author["type"], "workflow")
        self.add(f"conversation_attribute_updated_by_{role}", author)

    def finish(self) -> None:
        """Finish the dialogue: bring the conversation's derived fields up to date."""
        self.conversation["conversation_parts"]["total_count"] = len(self.parts)
        has_statistics = self.conversation["statistics"] is not None or len(self.parts) > 1
        # With hardly a part the examples of the API reference have none; that none ever has is said nowhere.
        if has_statistics or int(self.conversation["id"]) % 2:
            closes = self.workspace.unseen_closes.get(self.conversation["id"], ())
            self.conversation["statistics"] = conversation_statistics(
                self.conversation, closes, self.workspace.office_hours
            )

    def _keep(self, part: Record) -> None:
        self.parts.append(part)

    def _add_return(self, author: Author) -> None:
        if self.conversation["state"] == "closed":
            self.add("open", author)
        elif self.conversation["state"] == "snoozed":
            self.add("unsnoozed", author)

    def _let_contact_wait(self) -> None:
        self._set_state("open")
        self.conversation["read"] = False
        if self.conversation["waiting_since"] is None:
            self.conversation["waiting_since"] = self.at
        if self.conversation["first_contact_reply"] is None:
            self.conversation["first_contact_reply"] = {"created_at": self.at, "type": "conversation", "url": None}

    def _set_state(self, state: str) -> None:
        self.conversation["state"] = state
        self.conversation["open"] = state != "closed"  # also of a snoozed one
        if state != "snoozed":
            self.conversation["snoozed_until"] = None
        if state == "closed":  # who waits for a reply goes on waiting when that is put off
            self.conversation["waiting_since"] = None

    def _add_teammate(self, author: Author) -> None:
        if self.conversation["teammates"] is None:
            self.conversation["teammates"] = {"type": "admin.list", "admins": []}
        admins = self.conversation["teammates"]["admins"]
        if all(admin["id"] != author["id"] for admin in admins):
            admins.append(reference("admin", author["id"]))

"""An event of a conversation, its opening message or a part, and what Intercom's definitions take it for."""

from dataclasses import dataclass

from tests.support.told.conversation import ANN, BEN, BOT, CUSTOMER, FIN

ROLES = {CUSTOMER: "customer", ANN: "teammate", BEN: "teammate", BOT: "bot", FIN: "bot"}
TEAMMATES, TEAMS = (ANN, BEN), ("601", "602", "603")
FINS_ID, NOBODY = "901", "nobody"  # to whom a conversation may be assigned besides
SEEN = ("comment", "quick_reply", "assignment", "close", "open", "snoozed", "assign_and_reopen", "assign_and_unsnooze")
ASKING = ("source", "comment", "quick_reply", "attribute_collected")
OPENING = ("open", "assign_and_reopen", "note_and_reopen")
UNSNOOZING = ("timer_unsnooze", "assign_and_unsnooze", "note_and_unsnooze")


@dataclass(eq=False)
class Event:
    """A part, or the opening message (`source`). State and owner are those of the conversation after it."""

    at: int
    author: str
    part_type: str
    has_text: bool = True
    to: str | None = None
    is_redacted: bool = False
    leaves_closed: bool = False  # "Thanks!", after which Intercom leaves the conversation closed
    state: str = "open"
    admin: str | None = None
    team: str | None = None
    place: int = 0  # among the events of its conversation

    @property
    def role(self):
        return ROLES[self.author]

    @property
    def is_question(self):
        """The customer's opening message, text, or answer to a form of a bot."""
        opens_with_text = self.part_type == "open" and self.has_text
        return self.role == "customer" and (self.part_type in ASKING or opens_with_text)

    @property
    def is_reply(self):
        """A part by a teammate that the customer sees; notes, call summaries and rating requests are none."""
        return self.role == "teammate" and self.has_text and self.part_type in SEEN

    @property
    def is_bot_reply(self):
        """A bot's message; the opening message aside."""
        return self.role == "bot" and self.has_text and (self.part_type in SEEN or self.is_assignment)

    @property
    def is_close(self):
        return self.part_type == "close"

    @property
    def is_note(self):
        return self.part_type.startswith("note")

    @property
    def is_assignment(self):
        """A part that assigns, to whomever."""
        return "assign" in self.part_type

    @property
    def is_action(self):
        """A part that says what state the conversation has."""
        return self.part_type in ("close", "snoozed", *OPENING, *UNSNOOZING)

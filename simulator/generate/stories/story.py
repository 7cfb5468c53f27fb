"""The stage of one conversation: who acts in it, and how time passes between the acts."""

from collections.abc import Callable

from simulator.dice import Dice
from simulator.generate.cast import Cast
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.conversation_rules import outcomes
from simulator.workspace.conversation_rules.dialogue import Dialogue
from simulator.workspace.people import contact_author, reference


class Story:
    """A story: one conversation played forward in time, never past now; `is_over` once now is reached."""

    def __init__(self, workspace: Workspace, dice: Dice, cast: Cast, conversation: Record, contact: Record) -> None:
        self.dice, self.cast, self.contact = dice, cast, contact
        self.conversation = conversation
        self.dialogue = Dialogue(workspace, conversation, conversation["created_at"])
        self.customer = contact_author(contact)
        self.now = workspace.clock.now()
        self.teammate = dice.pick(cast.admins)
        self.is_over = False
        self.sla_due_at: int | None = None

    def then(self, wait_seconds: int, act: Callable[..., object], *arguments: object) -> None:
        """Let an act of the story happen after a wait, unless that is in the future."""
        at = self.dialogue.at + wait_seconds
        if self.is_over or at >= self.now:
            self.is_over = True
            return
        self.dialogue.at = at
        act(*arguments)
        if self.sla_due_at is not None and outcomes.is_sla_active(self.dialogue):
            outcomes.settle_sla(self.dialogue, self.cast.operator, self.sla_due_at)

    def wait(self, typical_seconds: int) -> int:
        """Return a wait between acts of the story, mostly short and sometimes long; 0 for two in one second."""
        return int(self.dice.expovariate(1 / typical_seconds))

    def team(self) -> Record:
        """Some team, as an assignee in the story."""
        return self.dice.pick(self.cast.teams)

    def owner(self) -> Record:
        """The teammate of this story, as an assignee."""
        return reference("admin", self.teammate["id"])

    def promise(self, name: str) -> None:
        """Apply a service level to the story from now on; its time began when the customer first wrote."""
        asked_at = self.conversation["first_contact_reply"]["created_at"]
        self.sla_due_at = max(self.dialogue.at, asked_at + outcomes.SLA_SECONDS[name])
        outcomes.apply_sla(self.dialogue, self.cast.operator, name)

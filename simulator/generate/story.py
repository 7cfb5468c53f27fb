"""How a conversation goes: acts of customers, bots and teammates until the story ends or now is reached."""

from collections.abc import Callable

from simulator.dice import Dice
from simulator.generate import words
from simulator.generate.attachments import new_attachments
from simulator.generate.cast import Cast
from simulator.generate.rhythm import DAY_SECONDS, HOUR_SECONDS
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.dialogue import Dialogue
from simulator.workspace.people import contact_author, reference

SLAS = ("First reply in 1 h", "VIP 🥇")


class Story:
    """Plays one conversation forward in time, never past now; `play` is false once now is reached."""

    def __init__(self, workspace: Workspace, dice: Dice, cast: Cast, conversation: Record, contact: Record) -> None:
        self.dice, self.cast, self.contact = dice, cast, contact
        self.conversation = conversation
        self.talk = Dialogue(workspace, conversation, conversation["created_at"])
        self.customer = contact_author(contact)
        self.now = workspace.clock.now()
        self.teammate = dice.pick(cast.admins)
        self.is_over = False

    def then(self, wait_seconds: int, act: Callable[..., object], *arguments: object) -> None:
        """Let an act happen after a wait, unless that is in the future."""
        if self.is_over or self.talk.at + wait_seconds >= self.now:
            self.is_over = True
            return
        self.talk.at += wait_seconds
        act(*arguments)

    def wait(self, typical_seconds: int) -> int:
        """A waiting time, mostly short and sometimes long; 0 for two acts in one second."""
        return int(self.dice.expovariate(1 / typical_seconds))

    def play(self) -> None:
        """The whole story."""
        dice = self.dice
        if self.conversation["source"]["delivered_as"] == "customer_initiated":
            if dice.happens(0.4) and self._bot_answers():
                self._ends()
                return
        elif dice.happens(0.6):
            self.talk.finish()
            return  # an outbound message that nobody answered
        else:
            self.then(
                self.wait(DAY_SECONDS), self.talk.contact_writes, self.customer, words.body(dice, words.QUESTIONS)
            )
        self._assigned()
        for _ in range(dice.pick((1, 1, 1, 2, 2, 3, 5))):
            self._round()
        self._aside()
        if dice.happens(0.9):
            self._closed_by(self.teammate)
        self._ends()

    def _bot_answers(self) -> bool:
        dice, conversation = self.dice, self.conversation
        self.then(dice.within(0, 20), self.talk.bot_replies, self.cast.fin, words.body(dice, words.BOT_ANSWERS))
        if self.is_over:
            return False
        is_resolved = dice.happens(0.35)
        conversation["ai_agent_participated"] = True
        conversation["ai_agent"] = {
            "source_type": "essentials_plan_setup",
            "source_title": None,
            "last_answer_type": "ai_answer",
            "resolution_state": "assumed_resolution" if is_resolved else "routed_to_team",
            "rating": None,
            "rating_remark": "",
            "content_sources": {"type": "content_source.list", "content_sources": [], "total_count": 0},
        }
        if is_resolved:
            self.then(dice.within(60, 900), self.talk.add, "user_became_idle", self.cast.fin)
            self.then(0, self.talk.close, self.cast.fin)
        else:
            self.then(dice.within(5, 60), self.talk.contact_writes, self.customer, "<p>I want to talk to a person</p>")
        return is_resolved

    def _assigned(self) -> None:
        dice, talk, cast = self.dice, self.talk, self.cast
        if dice.happens(0.7) and cast.teams:
            self.then(dice.within(0, 5), talk.assign, cast.operator, "default_assignment", dice.pick(cast.teams))
        if dice.happens(0.05):
            self.then(0, talk.assign, cast.operator, "workflow_assignment", reference("bot", cast.fin["id"]))
        if dice.happens(0.8):
            to = reference("admin", self.teammate["id"])
            by = cast.operator if dice.happens(0.5) else self.teammate
            self.then(
                self.wait(300),
                talk.assign,
                by,
                "assignment",
                to,
                words.body(dice, words.NOTES) if dice.happens(0.1) else None,
            )
        if dice.happens(0.15):
            self.conversation["sla_applied"] = {"type": "conversation_sla_summary", "sla_name": dice.pick(SLAS)}
            self.conversation["sla_applied"]["sla_status"] = dice.pick(
                ("hit", "hit", "missed", "cancelled", "active", None)
            )
            self.then(0, talk.add, "conversation_sla_applied_by_rule", cast.operator)

    def _round(self) -> None:
        dice, talk = self.dice, self.talk
        if dice.happens(0.15):
            self.then(self.wait(600), talk.note, dice.pick(self.cast.admins), words.body(dice, words.NOTES))
        if dice.happens(0.9):
            part_type = "quick_reply" if dice.happens(0.02) else "comment"
            files = new_attachments(dice, 0.05)
            self.then(
                self.wait(2 * HOUR_SECONDS),
                talk.admin_replies,
                self.teammate,
                words.body(dice, words.ANSWERS),
                part_type,
                files,
            )
        if dice.happens(0.7):
            files = new_attachments(dice, 0.05)
            self.then(
                self.wait(3 * HOUR_SECONDS),
                talk.contact_writes,
                self.customer,
                words.body(dice, words.QUESTIONS),
                files,
            )
        if dice.happens(0.1):
            self.teammate = dice.pick(self.cast.admins)
            to = None if dice.happens(0.1) else reference("admin", self.teammate["id"])
            self.then(self.wait(600), talk.assign, dice.pick(self.cast.admins), "assignment", to)

    def _aside(self) -> None:
        dice, talk, cast = self.dice, self.talk, self.cast
        if dice.happens(0.3):
            self.then(self.wait(60), talk.tag, dice.pick(cast.present_admins), dice.pick(cast.tags))
        if dice.happens(0.08):
            self.then(self.wait(60), talk.set_priority, self.teammate, "priority")
        if dice.happens(0.3):
            name, value = dice.pick(
                (("Issue type", "Bug"), ("issue_type", 4), ("order_total", 12.5), ("is_escalated", True))
            )
            self.then(
                self.wait(60), talk.set_attribute, dice.pick((self.teammate, self.customer, cast.operator)), name, value
            )
        if dice.happens(0.08):
            snoozed_seconds = dice.within(1, 72) * HOUR_SECONDS
            self.then(self.wait(600), self._snoozed, snoozed_seconds)
            self.then(snoozed_seconds, talk.unsnooze, cast.operator)
        redactable = talk.redactable() if dice.happens(0.03) else []
        if redactable:
            self.then(self.wait(600), talk.redact, dice.pick(redactable))

    def _snoozed(self, seconds: int) -> None:
        self.talk.snooze(self.teammate, self.talk.at + seconds)

    def _closed_by(self, closer: Record) -> None:
        body = words.body(self.dice, words.ANSWERS) if self.dice.happens(0.1) else None
        self.then(self.wait(HOUR_SECONDS), self.talk.close, closer, body)

    def _ends(self) -> None:
        dice, talk = self.dice, self.talk
        if dice.happens(0.15) and self.conversation["state"] == "closed":
            self.then(self.wait(DAY_SECONDS), talk.contact_writes, self.customer, words.body(dice, words.QUESTIONS))
            self.then(self.wait(HOUR_SECONDS), talk.admin_replies, self.teammate, words.body(dice, words.ANSWERS))
            self._closed_by(self.teammate)
        elif dice.happens(0.05) and self.conversation["state"] == "closed":
            to = reference("admin", self.teammate["id"])
            self.then(self.wait(DAY_SECONDS), talk.assign, self.teammate, "assign_and_reopen", to)
            self.then(self.wait(60), talk.close, self.cast.operator)
        if dice.happens(0.25) and self.conversation["state"] == "closed":
            rated = None if self.conversation["teammates"] is None else self.teammate["id"]
            self.then(
                self.wait(HOUR_SECONDS), talk.rate, self.contact, rated, dice.within(1, 5), dice.pick(words.REMARKS)
            )
        talk.finish()

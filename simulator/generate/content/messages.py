"""Sent messages and reactions to them, as in the content data export."""

from simulator.clock import DAY_SECONDS, HOUR_SECONDS
from simulator.dice import Dice
from simulator.generate.odd_values import ODD_TEXTS
from simulator.record import Record
from simulator.workspace import Workspace

CONTENTS = (
    ("43", "email", 'Welcome, "friend" 👋'),
    ("44", "email", "Monthly news, part 1;2"),
    ("51", "chat", "Need\nhelp?"),
    ("60", "post", "Öffnungszeiten"),
    ("61", "post", ODD_TEXTS[0]),
)
NO_COMPANY = "-1"
DAYS = 60


def add_messages(workspace: Workspace, dice: Dice, count: int) -> None:
    """Generate `count` messages of the last sixty days; opens and clicks follow, sometimes days later."""
    contacts, now = list(workspace.contacts), workspace.clock.now()
    for _ in range(count if contacts else 0):
        sent_at = now - dice.within(1, DAYS * DAY_SECONDS)
        receipt = new_receipt(workspace, dice, dice.pick(contacts), sent_at)
        workspace.mailing.send(receipt)
        for kind, probability in (
            ("open", 0.5),
            ("click", 0.2),
            ("reply", 0.05),
            ("goal_success", 0.05),
            ("hard_bounce", 0.02),
            ("unsubscribe", 0.05),
        ):
            at = sent_at + int(dice.expovariate(1 / (20 * HOUR_SECONDS)))
            if dice.happens(probability) and at < now:
                workspace.mailing.react(kind, receipt["receipt_id"], at)


def new_receipt(workspace: Workspace, dice: Dice, contact: Record, sent_at: int) -> Record:
    """Return the generated receipt of one message to one contact."""
    content_id, content_type, title = dice.pick(CONTENTS)
    companies = contact["companies"]["data"]
    return {
        "user_id": contact["id"],
        "user_external_id": contact["external_id"] or "",
        "company_id": companies[0]["id"] if companies else NO_COMPANY,
        "email": contact["email"] or "",
        "name": contact["name"] or "",
        "ruleset_id": f"9{content_id}",
        "content_id": content_id,
        "content_type": content_type,
        "content_title": title,
        "ruleset_version_id": f"7{content_id}",
        "receipt_id": workspace.next_id("receipt", 500_000),
        "received_at": str(sent_at),
        "series_id": NO_COMPANY,
        "series_title": "",
        "node_id": NO_COMPANY,
        "created_via": dice.pick(("", "api")),
    }

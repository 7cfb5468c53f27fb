"""Data events of contacts: some older than the 90 days that are listed, some in one second."""

from simulator.clock import DAY_SECONDS
from simulator.dice import Dice
from simulator.generate.odd_values import ODD_TEXTS
from simulator.record import Record
from simulator.workspace import Workspace

SHARE_WITH_EVENTS = 0.4
METADATA: dict[str, Record] = {
    "invited-friend": {"invite_code": "ADDAFRIEND"},
    "placed-order": {
        "order_number": {"value": "3434-3434", "url": "https://example.com/orders/3434"},
        "price": {"currency": "usd", "amount": 2_999},
        "order_date": 1_735_689_600,
    },
    "logged-in": {},
    "pasted-text": {"texts": list(ODD_TEXTS), "text": ODD_TEXTS[1]},
    "exported rows 📤": {"rows": 12.5, "is_first": True},
    "imported-event": {"source": "csv"},
}
WITHOUT_ID = "imported-event"
MOST_EVENTS = 130
"""More than two pages for one contact."""


def add_events(workspace: Workspace, dice: Dice) -> None:
    """Generate data events for two in five contacts, 130 for the first."""
    now = workspace.clock.now()
    for position, contact in enumerate(workspace.contacts):
        count = MOST_EVENTS if position == 0 else dice.within(1, 8) if dice.happens(SHARE_WITH_EVENTS) else 0
        for _ in range(count):
            at = now - dice.within(1, 140 * DAY_SECONDS if dice.happens(0.3) else 60 * DAY_SECONDS)
            workspace.events.add(contact["id"], new_event(workspace, dice, contact, at))
        if count:
            for name in ("logged-in", "placed-order"):  # two in one second
                workspace.events.add(contact["id"], new_event(workspace, dice, contact, now - 5 * DAY_SECONDS, name))


def new_event(workspace: Workspace, dice: Dice, contact: Record, at: int, name: str | None = None) -> Record:
    """Return one generated data event; imported ones carry no id."""
    name = name or dice.pick(list(METADATA))
    event = {
        "type": "event",
        "id": workspace.uuid(dice),
        "event_name": name,
        "created_at": at,
        "user_id": contact["external_id"],
        "intercom_user_id": contact["id"],
        "email": contact["email"],
        "metadata": METADATA[name],
    }
    if name == WITHOUT_ID:
        del event["id"]
    return event

"""Labels of records: tags, segments and subscription types."""

from simulator.clock import DAY_SECONDS
from simulator.dice import Dice
from simulator.generate.odd_values import BLANK_NAME, LONG_NAME, ODD_NAMES, ODD_TEXTS
from simulator.record import Record
from simulator.workspace import Workspace

TAG_NAMES = (
    "bug",
    "Bug",
    "feature request",
    "VIP",
    "refund",
    "churn-risk",
    "übersetzen",
    "🔥 urgent",
    "spam",
    ODD_TEXTS[0],
)
COUNT_TAGS = 40
SEGMENTS = (
    ("New", "user"),
    ("Active", "user"),
    ("Slipping Away", "user"),
    ("All Leads", "contact"),
    ("Paying & happy 😀", "user"),
    (LONG_NAME, "contact"),
    ("Big accounts", "company"),
    (BLANK_NAME, "company"),
    ('{{ 7 * 6 }} "quoted" \\', "company"),
)
COUNT_SUBSCRIPTION_TYPES = 15


def add_labels(workspace: Workspace, dice: Dice) -> None:
    """Generate labels: 40 tags (some differ only in case), nine segments of both kinds, 15 subscription types."""
    odd_names = dict(enumerate(ODD_NAMES, COUNT_TAGS - len(ODD_NAMES)))
    for number in range(COUNT_TAGS):
        name = TAG_NAMES[number] if number < len(TAG_NAMES) else f"{dice.pick(TAG_NAMES)} {number}"
        workspace.tags.put({"type": "tag", "id": workspace.next_id("tag", 140), "name": odd_names.get(number, name)})
    for name, person_type in SEGMENTS:
        workspace.segments.put(_segment(workspace, dice, name, person_type))
    for number in range(COUNT_SUBSCRIPTION_TYPES):
        workspace.subscription_types.put(_subscription_type(workspace, dice, number))


def _segment(workspace: Workspace, dice: Dice, name: str, person_type: str) -> Record:
    created_at = workspace.clock.now() - dice.within(100, 400) * DAY_SECONDS
    return {
        "type": "segment",
        "id": workspace.hex_id(dice, created_at),
        "name": name,
        "created_at": created_at,
        "updated_at": created_at + dice.within(0, 90) * DAY_SECONDS,
        "person_type": person_type,
    }


def _subscription_type(workspace: Workspace, dice: Dice, number: int) -> Record:
    default = {"name": f"Newsletter {number}", "description": "News & offers, once a month", "locale": "en"}
    french = {"name": f"Lettre {number}", "description": "Nouvelles", "locale": "fr"}
    return {
        "type": "subscription",
        "id": workspace.next_id("subscription", 130),
        "state": dice.pick(("live", "live", "live", "draft", "archived")),
        "consent_type": "opt_in" if number % 3 == 0 else "opt_out",
        "default_translation": default,
        "translations": [default, french] if number % 4 == 0 else [default],
        "content_types": ["sms_message"] if number % 5 == 0 else ["email"],
    }

"""Records that are gone: archived, deleted and merged contacts, archived companies, deleted conversations."""

from simulator.dice import Dice
from simulator.workspace import Workspace
from simulator.workspace.departures import remove_company, remove_contact

SHARE_GONE = 0.02
REASONS = ("archived", "deleted", "merged")


def remove_some(workspace: Workspace, dice: Dice) -> None:
    """Generate departures: a few contacts, conversations and companies (2 %) leave before anybody reads them."""
    for contact in list(workspace.contacts)[1:]:
        if dice.happens(SHARE_GONE):
            remove_contact(workspace, contact["id"], dice.pick(REASONS))
    for company in list(workspace.companies):
        if company["user_count"] == 0 and dice.happens(0.2):
            remove_company(workspace, company["id"])
    for conversation in list(workspace.conversations)[1:]:
        if dice.happens(SHARE_GONE / 2):
            workspace.conversations.remove(conversation["id"], "deleted")

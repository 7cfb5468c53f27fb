"""A mass update of contacts, which gives many of them the same `updated_at`."""

from simulator.clock import DAY_SECONDS
from simulator.workspace import Workspace

ONE_IN = 5
AGO_SECONDS = 5 * DAY_SECONDS


def update_many(workspace: Workspace, now: int) -> None:
    """Let one contact in five have been updated at one moment some days ago, if not later."""
    contacts = list(workspace.contacts)
    for contact in contacts[::ONE_IN]:
        contact["updated_at"] = max(contact["updated_at"], now - AGO_SECONDS)
    workspace.contacts.fill(contacts)

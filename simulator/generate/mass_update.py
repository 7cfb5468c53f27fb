"""Mass updates, by an import say: each gives many records the same `updated_at`."""

from collections.abc import Sequence

from simulator.clock import DAY_SECONDS
from simulator.record import Record
from simulator.workspace import Workspace


def update_contacts(workspace: Workspace, now: int) -> None:
    """Let one contact in five have been updated at one moment some days ago, if not later."""
    contacts = list(workspace.contacts)
    _update_many(contacts[::5], now - 5 * DAY_SECONDS)
    workspace.contacts.fill(contacts)


def update_conversations(conversations: Sequence[Record], now: int) -> None:
    """Let one conversation in seven have been updated at one moment some days ago, if not later."""
    _update_many(conversations[::7], now - 9 * DAY_SECONDS)


def _update_many(records: Sequence[Record], at: int) -> None:
    for record in records:
        record["updated_at"] = max(record["updated_at"], at)

"""Changes of conversations: every act of a customer, teammate or bot."""

from simulator.changes.conversations import annotations, beginnings, messages, owners, states
from simulator.changes.scene import Change

KINDS: dict[str, tuple[float, Change]] = {
    **beginnings.KINDS,
    **messages.KINDS,
    **states.KINDS,
    **owners.KINDS,
    **annotations.KINDS,
}

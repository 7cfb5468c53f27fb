"""Changes of conversations: every act of a customer, teammate or bot."""

from simulator.changes.conversations import annotations, beginnings, messages, owners, states
from simulator.changes.scene import Change
from simulator.changes.silence import silent_kinds

HEARD: dict[str, tuple[float, Change]] = {
    **beginnings.KINDS,
    **messages.KINDS,
    **states.KINDS,
    **owners.KINDS,
    **annotations.KINDS,
}
MAY_BE_SILENT = (
    *("conversation_closed", "conversation_closed_with_others", "conversation_reopened"),
    *("conversation_snoozed", "conversation_unsnoozed", "conversation_given_without_a_part"),
    *("conversation_tagged", "conversation_untagged", "conversation_prioritised", "conversation_attribute_set"),
)
"""Changes of a conversation's own fields; nobody has documented which of them move `updated_at`, as new parts do."""

KINDS = {**HEARD, **silent_kinds({kind: HEARD[kind][1] for kind in MAY_BE_SILENT})}

"""The same changes without a word: no `updated_at` tells of them, and no part of a conversation."""

from collections.abc import Mapping

from simulator.changes.scene import Change, Scene
from simulator.record import Record
from simulator.workspace.conversation_rules.dialogue import Dialogue
from simulator.workspace.storage.store import Store
from simulator.workspace.ticket_desk import TicketDesk


def silently(change: Change) -> Change:
    """Return the same change in a silent scene, so that no `updated_at` tells of it."""
    return lambda scene: change(SilentScene(scene.workspace, scene.dice, scene.cast))


def silent_kinds(changes: Mapping[str, Change]) -> dict[str, tuple[float, Change]]:
    """Return the silent kinds of these changes; each happens only when it is named."""
    return {f"silent_{kind}": (0, silently(change)) for kind, change in changes.items()}


class SilentScene(Scene):
    """A scene whose changes do not move `updated_at`."""

    def dialogue(self, conversation: Record) -> Dialogue:
        """A conversation that is about to change silently in this scene, now."""
        return SilentDialogue(self.workspace, conversation, self.at)

    def desk(self, ticket: Record) -> TicketDesk:
        """A ticket that is about to change silently in this scene, now."""
        return SilentDesk(self.workspace, ticket, self.at)

    def touch(self, store: Store, record: Record) -> None:
        """Note that the scene changes a record silently, without moving `updated_at`."""
        store.put(record)


class SilentDialogue(Dialogue):
    """A dialogue that shows what happened in its fields alone: a new part would move `updated_at`."""

    def touch(self) -> None:
        """Move no time: the dialogue is silent."""

    def _keep(self, part: Record) -> None:
        pass


class SilentDesk(TicketDesk):
    """The desk of a ticket that keeps its `updated_at`, though its newest part may be younger, as has been seen."""

    def touch(self) -> None:
        """Move no time: the desk is silent."""

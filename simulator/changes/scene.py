"""The scene of a change: the workspace, the dice, the people who may act, and the moment."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.dice import Dice, NothingFitsError
from simulator.generate.cast import Cast
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.conversation_rules.dialogue import Dialogue
from simulator.workspace.storage.store import Store
from simulator.workspace.ticket_desk import TicketDesk


@dataclass
class Scene:
    """The scene of one change: workspace, dice, cast, and the moment at which it happens."""

    workspace: Workspace
    dice: Dice
    cast: Cast

    @property
    def at(self) -> int:
        """The moment of the scene, at which its change happens."""
        return self.workspace.clock.now()

    def admin(self) -> Record:
        """Some present teammate for the scene, as a whole record."""
        return self.any(self.workspace.admins)

    def author(self) -> Record:
        """Some present teammate who acts in the scene, as author."""
        return self.dice.pick(self.cast.present_admins)

    def dialogue(self, conversation: Record) -> Dialogue:
        """A conversation that is about to change in this scene, now."""
        return Dialogue(self.workspace, conversation, self.at)

    def desk(self, ticket: Record) -> TicketDesk:
        """A ticket that is about to change in this scene, now."""
        return TicketDesk(self.workspace, ticket, self.at)

    def touch(self, store: Store, record: Record) -> None:
        """Note that the scene changes a record: its `updated_at` moves to now."""
        record["updated_at"] = self.at
        store.put(record)

    def changed(self, store: Store, record: Record) -> "Changed":
        """Touch a record that the scene has changed, and name it."""
        self.touch(store, record)
        return store.name, record["id"]

    def any(self, store: Store) -> Record:
        """Return any record of a store for the scene to change; NothingFitsError if there is none."""
        if not len(store):
            raise NothingFitsError
        return store.choose(self.dice)

    def find(self, store: Store, is_fit: Callable[[Record], bool], tries: int = 30) -> Record:
        """Return some record that qualifies for the scene's change; NothingFitsError if a few throws find none."""
        for _ in range(tries if len(store) else 0):
            record = store.choose(self.dice)
            if is_fit(record):
                return record
        raise NothingFitsError


Changed = tuple[str, str]
"""(entity, id) of what changed."""
Change = Callable[[Scene], Changed]
"""Changes something; NothingFitsError, with nothing changed, when nothing in the workspace is fit for it."""
Fitness = Callable[[Record], bool]


def change_of_some(
    store_of: Callable[[Workspace], Store], act: Callable[[Scene, Record], None], is_fit: Fitness = lambda _: True
) -> Change:
    """Return the change whose scene does `act` on some record that is fit for it."""

    def change(scene: Scene) -> Changed:
        store = store_of(scene.workspace)
        record = scene.find(store, is_fit)
        act(scene, record)
        return scene.changed(store, record)

    return change

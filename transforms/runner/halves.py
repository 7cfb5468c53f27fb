"""Models that are built in two halves at once on two connections of PostgreSQL: those that all others wait for.

PostgreSQL reads CTEs on one core. For a third of a full build, the others would have nothing to do.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future

from transforms.runner.model_graph.model import CONVERSATION, Model
from transforms.runner.warehouse.warehouse import Warehouse

FIRST, SECOND = 0, 1
REST = "+"  # no other name has it


class Halves:
    """The halves of models in one build: of the conversations that a model reads, and so of the rows that it gives.

    The first half is the table under construction, to which the second is added. `tables_of` names what a model reads
    that has rows of conversations.
    """

    def __init__(self, warehouse: Warehouse, tables_of: Callable[[Model], Iterable[str]]) -> None:
        self._warehouse = warehouse
        self._tables_of = tables_of
        self._second: dict[str, Future[str]] = {}

    def is_worth_it(self, model: Model) -> bool:
        """Return True if a model is to be built in halves: it says so, and there is much to read."""
        return model.has_halves and self._warehouse.has_large_tables

    def begin_second(self, model: Model) -> None:
        """Announce that the second half of a model will be made."""
        self._second[model.name] = Future()

    def make_second(self, model: Model) -> None:
        """Make the second half of a model in a scratch table, for `create_table`, which raises what fails here."""
        second = self._second[model.name]
        try:
            second.set_result(self._warehouse.scratch.make(f"{model.name}{REST}", self._sql(model, SECOND)))
        except BaseException as error:  # noqa: BLE001 - somebody waits for it
            second.set_exception(error)

    def create_table(self, model: Model) -> int:
        """Build a model's table, with the second half if one is being made; return its number of rows."""
        second = self._second.pop(model.name, None)
        if second is None:
            return self._warehouse.create_table(model)
        return self._warehouse.create_table(model, self._sql(model, FIRST), second.result)

    def _sql(self, model: Model, half: int) -> str:
        return self._warehouse.half_sql(model, CONVERSATION, self._tables_of(model), half)

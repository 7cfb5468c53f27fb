"""An entity, a kind of record that Intercom gives one by one: how to read one by its id, and how its rows are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..api.http.client import Client
from ..api.record import Record, record_id, updated_at
from ..rows.table import Rows, Table
from ..rows.validation import SHAPE_ERRORS, fitting
from .single_record import Whole

Detail = TypeVar("Detail")


@dataclass(frozen=True)
class Entity(Generic[Detail]):
    """An entity: what is to be known to read its records in full.

    `tables`: its own table, then those of its lists. `whole` reads the record with this id, None if Intercom no longer
    has it. `rows` shapes records that were read in full into rows of `tables`. `as_listed` returns a listed record that
    shows everything, None if Intercom has to be asked; `rest` asks for what it does not show, by default for the whole.
    """

    tables: tuple[Table, ...]
    whole: Callable[[Client, str], Whole[Detail] | None]
    rows: Callable[[list[Detail]], Rows]
    as_listed: Callable[[Record], Detail | None] = lambda _listed: None
    rest: Callable[[Client, Record], Whole[Detail] | None] | None = None

    @property
    def table(self) -> Table:
        """The entity's table with one row for each record."""
        return self.tables[0]

    def completed(self, client: Client, listed: Record) -> Whole[Detail] | None:
        """Return a listed record of the entity in full, None if it has vanished since."""
        if (detail := self.as_listed(listed)) is not None:
            return Whole(detail, updated_at(listed), None)
        if self.rest is not None:
            return self.rest(client, listed)
        return self.whole(client, record_id(listed, self.table.name))

    def id_in(self, table: Table) -> str:
        """Return the column of one of the entity's tables that holds the record's id."""
        return self.table.key[0] if table is self.table else self.tables[1].key[0]


AnyEntity = Entity[Any]


def shaped(whole: Whole[Detail] | None, rows: Callable[[list[Detail]], Rows]) -> Whole[Rows] | None:
    """Return the rows of an entity's record; the first table is its own. Raises one of SHAPE_ERRORS if it has none."""
    if whole is None:
        return None
    made = rows([whole.detail])
    fit, misfits = fitting(made, made[0][0])
    return Whole(fit, whole.updated_at, whole.read_at, misfits)


def shaped_together(details: list[Detail], rows: Callable[[list[Detail]], Rows]) -> Rows | None:
    """Return the rows of many records; None if one cannot be loaded, which has to be noted of its record."""
    try:
        fit, misfits = fitting(rows(details))
    except SHAPE_ERRORS:
        return None
    return None if misfits else fit

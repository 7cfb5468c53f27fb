"""An entity that can be swept: how it is listed whole, and what a listing shows of it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..api.record import Record
from ..incremental.dlt_state import SearchState, looked_at
from ..incremental.per_contact import RowsOfContact
from ..records.entity import AnyEntity
from ..rows.table import Rows, Table
from .fingerprint import Aspect
from .listing import Listing


@dataclass(frozen=True)
class Beside:
    """A swept entity's list with its own table and a call per record; read again when `aspect` of one differs.

    Only if `resource` has been loaded before: a sweep fills no table that nobody asked for.
    """

    resource: str
    table: Table
    aspect: str
    rows_of: RowsOfContact


def _none_cut(_record: Record) -> Collection[str]:
    return ()


def _none_hidden(_detail: object) -> bool:
    return False


@dataclass(frozen=True)
class SweptEntity:
    """An entity that can be swept, and how.

    `shown` shapes a listed record, without another call; the `aspects` of it are compared with the raw tables.
    `cut`: the fields whose lists the listed record may cut. `is_listed_whole`: every listing is of all records, and
    shows each of them in full. `may_be_hidden`: a whole listing need not show this record. `has_merges`: a record may
    be gone because it was merged into another one, as contacts may.
    """

    entity: AnyEntity
    listing: Listing
    shown: Callable[[Record], Rows]
    aspects: tuple[Aspect, ...]
    cut: Callable[[Record], Collection[str]] = _none_cut
    beside: tuple[Beside, ...] = ()
    is_listed_whole: bool = False
    may_be_hidden: Callable[[Any], bool] = _none_hidden
    has_merges: bool = False

    def as_compared(self, states: Mapping[str, Mapping[str, Any]]) -> "SweptEntity":
        """Return the entity with the listing that fits the `states` of the resources that syncs have read."""
        state = looked_at(states.get(self.name, {}), SearchState)
        return replace(self, listing=self.listing.as_compared(state))

    @property
    def table(self) -> Table:
        """The swept entity's table with one row for each record."""
        return self.entity.table

    @property
    def name(self) -> str:
        """The name that a person sweeps the entity by; also that of the resource that loads its records."""
        return self.table.name

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns of the swept entity's own table that are needed to compare."""
        compared = [name for aspect in self.aspects for name in aspect.columns]
        counted = [
            f"{of_list.cut_field}__{name}"
            for aspect in self.aspects
            for of_list in aspect.lists
            if of_list.cut_field
            for name in ("total_count", "has_more")
        ]
        return tuple(dict.fromkeys((*compared, *counted)))

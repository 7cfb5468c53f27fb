"""What the destination holds of one entity: an id, a time and a few bytes for each."""

import struct
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Any, Protocol

from ..api.record import updated_at
from ..rows.table import Rows
from .fingerprint import ListAspect, Values, item_digest, item_values, own_digest, rows_by_table
from .swept_entity import SweptEntity


class RawTableReader(Protocol):
    """What a sweep asks the destination for: the rows of loaded records in the raw tables."""

    def opened(self) -> AbstractContextManager[object]:
        """Keep one connection for the block's questions about loaded records."""
        ...

    def select(self, table: str, *columns: str, where: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield `columns` of a table's loaded rows, those that fulfil `where`."""
        ...


@dataclass(frozen=True)
class LoadedVersion:
    """A loaded record: its `updated_at`, and the aspects in which a listing now shows it differently."""

    updated_at: int
    differing: frozenset[str]


class LoadedRecords:
    """All loaded records of an entity by id; less than 200 bytes each, whatever its size.

    `compared` takes a listed record out, so that `unlisted` are the others.
    """

    def __init__(self, swept: SweptEntity) -> None:
        self._swept = swept
        self._lists = [of_list for aspect in swept.aspects for of_list in aspect.lists if of_list.cut_field]
        # A digest for each aspect, and one by itself for each list that may be cut.
        self._positions = {
            of_list.table.name: position for position, of_list in enumerate(self._lists, len(swept.aspects))
        }
        self._entry = struct.Struct(f">q{len(swept.aspects) + len(self._lists)}Q")
        self._entries: dict[str, bytes] = {}
        # The items of lists that listings cut, by the list's table and the record's id.
        self._may_be_cut: dict[str, set[str]] = {of_list.table.name: set() for of_list in self._lists}
        self._cut_items: dict[tuple[str, str], set[Values]] = {}

    @classmethod
    def of(cls, raw: RawTableReader, swept: SweptEntity, created_since: int) -> "LoadedRecords":
        """Read the loaded records in `raw` that were created at or after `created_since` (0: all)."""
        loaded = cls(swept)
        with raw.opened():
            loaded._read_own_rows(raw, created_since)
            for position, aspect in enumerate(swept.aspects):
                for of_list in aspect.lists:
                    loaded._read_items(raw, position, of_list)
        return loaded

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def unlisted(self) -> list[str]:
        """The ids of loaded records that no listing has shown so far."""
        return list(self._entries)

    def updated_at(self, record_id: str) -> int:
        """Return the `updated_at` of a loaded record that was not compared yet."""
        return int(self._entry.unpack(self._entries[record_id])[0])

    def compared(self, record_id: str, shown: Rows, cut: Collection[str]) -> LoadedVersion | None:
        """Compare a listed record, as rows, with the loaded one, and take that out; None if none is loaded.

        `cut`: fields of which it may show only some items; of those, what is shown has to be among what is loaded.
        """
        packed = self._entries.pop(record_id, None)
        if packed is None:
            return None
        at, *digests = self._entry.unpack(packed)
        tables = rows_by_table(shown)
        own_row = next(iter(tables.get(self._swept.table.name, [])), {})
        differing = set()
        for position, aspect in enumerate(self._swept.aspects):
            of_aspect = digests[position] ^ own_digest(self._swept.table, aspect.columns, own_row)
            for of_list in aspect.lists:
                items = {item_values(of_list, row) for row in tables.get(of_list.table.name, [])}
                own_position = self._positions.get(of_list.table.name)
                if own_position is None:
                    of_aspect ^= _combined(of_list, items)
                elif (
                    not self._is_within_loaded(of_list, record_id, items)
                    if of_list.cut_field in cut
                    else digests[own_position] != _combined(of_list, items)
                ):
                    differing.add(aspect.name)
            if of_aspect:
                differing.add(aspect.name)
        return LoadedVersion(at, frozenset(differing))

    def _is_within_loaded(self, of_list: ListAspect, record_id: str, items: set[Values]) -> bool:
        """Return True if a cut list shows only loaded items, or if the loaded list had seemed whole."""
        name = of_list.table.name
        return record_id not in self._may_be_cut[name] or items <= self._cut_items.get((name, record_id), set())

    def _read_own_rows(self, raw: RawTableReader, created_since: int) -> None:
        table = self._swept.table
        columns = tuple(dict.fromkeys(("id", "created_at", "updated_at", *self._swept.own_columns)))
        where = f"created_at >= {created_since}" if created_since else ""
        for values in raw.select(table.name, *columns, where=where):
            row = dict(zip(columns, values, strict=True))
            digests = [own_digest(table, aspect.columns, row) for aspect in self._swept.aspects]
            record_id = str(row["id"])
            self._entries[record_id] = self._entry.pack(updated_at(row), *digests, *(0 for _ in self._lists))
            for of_list in self._lists:
                if of_list.may_be_cut(row):
                    self._may_be_cut[of_list.table.name].add(record_id)

    def _read_items(self, raw: RawTableReader, position: int, of_list: ListAspect) -> None:
        name = of_list.table.name
        position, may_be_cut = self._positions.get(name, position), self._may_be_cut.get(name, set())
        columns = (of_list.table.parent_key, *of_list.columns)
        for parent_id, *item in raw.select(name, *columns):
            record_id = str(parent_id)
            packed = self._entries.get(record_id)
            if packed is None:
                continue
            values = item_values(of_list, dict(zip(of_list.columns, item, strict=True)))
            if record_id in may_be_cut:
                self._cut_items.setdefault((name, record_id), set()).add(values)
            at, *digests = self._entry.unpack(packed)
            digests[position] ^= item_digest(of_list, values)
            self._entries[record_id] = self._entry.pack(at, *digests)


def _combined(of_list: ListAspect, items: set[Values]) -> int:
    return reduce(xor, (item_digest(of_list, values) for values in items), 0)

"""What the destination holds of one kind of record: an id, a time and a few bytes for each."""

import struct
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from ..api.record import updated_at
from ..rows.table import Rows
from .fingerprint import ListAspect, Values, item_digest, item_values, own_digest, rows_by_table
from .swept_kind import Swept


class RawTableReader(Protocol):
    """Reads the destination's raw tables."""

    def opened(self) -> AbstractContextManager[object]:
        """Keep one connection for the questions of the block."""
        ...

    def select(self, table: str, *columns: str, where: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield `columns` of a table's rows, those that fulfil `where`."""
        ...


@dataclass(frozen=True)
class LoadedVersion:
    """A record as it was loaded: its `updated_at`, and the aspects in which a listing now shows it differently."""

    updated_at: int
    differing: frozenset[str]


class LoadedRecords:
    """Every record that the raw tables hold, by id; less than 200 bytes each, whatever its size.

    `met` takes a listed record out, so that what is left in `unmet` was not listed.
    """

    def __init__(self, swept: Swept) -> None:
        self._swept = swept
        self._entry = struct.Struct(f">q{len(swept.aspects)}Q")
        self._entries: dict[str, bytes] = {}
        self._cut_items: dict[tuple[str, str], set[Values]] = {}

    @classmethod
    def of(cls, raw: RawTableReader, swept: Swept, created_since: int) -> "LoadedRecords":
        """Read what `raw` holds of the records created at or after `created_since` (0: of all)."""
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
    def unmet(self) -> list[str]:
        """The ids that no listing has shown so far."""
        return list(self._entries)

    def updated_at(self, record_id: str) -> int:
        """Return the `updated_at` of a record that was not met."""
        return int(self._entry.unpack(self._entries[record_id])[0])

    def met(self, record_id: str, shown: Rows) -> LoadedVersion | None:
        """Compare a listed record, given as the rows that it shows; None where the raw tables do not hold it."""
        packed = self._entries.pop(record_id, None)
        if packed is None:
            return None
        at, *digests = self._entry.unpack(packed)
        tables = rows_by_table(shown)
        own_row = next(iter(tables.get(self._swept.table.name, [])), {})
        differing = set()
        for aspect, loaded_digest in zip(self._swept.aspects, digests, strict=True):
            shown_digest = own_digest(self._swept.table, aspect.columns, own_row)
            for of_list in aspect.lists:
                items = {item_values(of_list, row) for row in tables.get(of_list.table.name, [])}
                if not of_list.is_cut(own_row):
                    for values in items:
                        shown_digest ^= item_digest(of_list, values)
                elif not items <= self._cut_items.get((of_list.table.name, record_id), set()):
                    differing.add(aspect.name)
            if shown_digest != loaded_digest:
                differing.add(aspect.name)
        return LoadedVersion(at, frozenset(differing))

    def _read_own_rows(self, raw: RawTableReader, created_since: int) -> None:
        table = self._swept.table
        columns = tuple(dict.fromkeys(("id", "created_at", "updated_at", *self._swept.own_columns)))
        where = f"created_at >= {created_since}" if created_since else ""
        for values in raw.select(table.name, *columns, where=where):
            row = dict(zip(columns, values, strict=True))
            digests = [own_digest(table, aspect.columns, row) for aspect in self._swept.aspects]
            self._entries[str(row["id"])] = self._entry.pack(updated_at(row), *digests)
            self._note_cut_lists(str(row["id"]), row)

    def _note_cut_lists(self, record_id: str, row: Mapping[str, Any]) -> None:
        """Of a list that listings cut, the items themselves have to be at hand."""
        for aspect in self._swept.aspects:
            for of_list in aspect.lists:
                if of_list.is_cut(row):
                    self._cut_items[of_list.table.name, record_id] = set()

    def _read_items(self, raw: RawTableReader, position: int, of_list: ListAspect) -> None:
        columns = (of_list.table.parent_key, *of_list.columns)
        for parent_id, *item in raw.select(of_list.table.name, *columns):
            packed = self._entries.get(str(parent_id))
            if packed is None:
                continue
            values = item_values(of_list, dict(zip(of_list.columns, item, strict=True)))
            if (cut_items := self._cut_items.get((of_list.table.name, str(parent_id)))) is not None:
                cut_items.add(values)
                continue
            at, *digests = self._entry.unpack(packed)
            digests[position] ^= item_digest(of_list, values)
            self._entries[str(parent_id)] = self._entry.pack(at, *digests)

"""Parents that are first loaded in this run: their lists need no row that empties them."""

from collections.abc import Iterable, Iterator

from ..rows.table import REMOVES, Row, Table

BITS = 1 << 23  # 1 MiB for each table: of a million parents, one in twenty is taken for one that was met


class Newcomers:
    """The newcomers of a run: parents that it has loaded into tables that did not exist when it began.

    An empty list becomes a removal row (`Table.emptied`): in a first load one for almost every list of every record,
    which takes a fifth of its time and changes nothing. It is kept where this run may have loaded rows of the parent. A
    table is loaded by one resource, and so by one thread.
    """

    def __init__(self, tables: Iterable[str] = ()) -> None:
        self._met = {name: _Parents() for name in tables}

    def needed(self, table: Table, rows: list[Row]) -> list[Row]:
        """Return the rows without those removal rows that would change nothing, because the parent is a newcomer."""
        met = self._met.get(table.name)
        if met is None or table.replaced != "parent":
            return rows
        kept = [row for row in rows if REMOVES not in row or row[table.parent_key] in met]
        for row in kept:
            met.add(row[table.parent_key])
        return kept


class _Parents:
    """A Bloom filter of newcomers' ids: one that was added is always found, and sometimes one that was not."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, parent_id: object) -> None:
        self._bits = self._bits or bytearray(BITS // 8)
        for bit in _bits_of(parent_id):
            self._bits[bit >> 3] |= 1 << (bit & 7)

    def __contains__(self, parent_id: object) -> bool:
        return bool(self._bits) and all(self._bits[bit >> 3] >> (bit & 7) & 1 for bit in _bits_of(parent_id))


def _bits_of(parent_id: object) -> Iterator[int]:
    mixed = hash(str(parent_id))
    yield mixed % BITS
    yield (mixed // BITS) % BITS

"""Compares the loaded rows of a table with Intercom's present ones, row by row and column by column."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.verify.audit.examination.values import is_same, told
from sources.intercom.rows.file_links import without_signatures
from sources.intercom.rows.table import REMOVES, Row, Table

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """A difference from Intercom: a missing or surplus row (`column` is None), or a value.

    `ours` and `theirs` describe the values without quoting anybody's text.
    """

    entity: str
    record_id: str
    table: str
    key: Key
    column: str | None
    ours: str
    theirs: str

    def __str__(self) -> str:
        """The difference in words: `conversations 12: conversation_parts (12, 34) body: text of 5 characters, …`."""
        where = f"{self.table} ({', '.join(map(str, self.key))})" + (f" {self.column}" if self.column else "")
        return f"{self.entity} {self.record_id}: {where}: {self.ours}, in Intercom {self.theirs}"

    def facts(self) -> dict[str, object]:
        """Return the difference for machines."""
        return {
            "entity": self.entity,
            "id": self.record_id,
            "table": self.table,
            "key": list(self.key),
            "column": self.column,
            "ours": self.ours,
            "theirs": self.theirs,
        }


def compared(entity: str, record_id: str, table: Table, ours: Iterable[Row], theirs: Iterable[Row]) -> list[Difference]:
    """Compare the loaded rows of one record in `table` with Intercom's, and return the differences.

    `theirs` is what a load would write, its removal rows included. Rows that such a load would leave alone
    (parts that Intercom shows no more, with their files) are no differences.
    """
    wanted = {_key(table, row): row for row in theirs if not row.get(REMOVES)}
    covered = {row[table.parent_key] for row in theirs}
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in ours:
        found[_key(table, row)].append(row)
    is_list = table.replaced == "parent"
    surplus = [key for key in found if key not in wanted and is_list and key[0] in covered]

    def told_of(key: Key, ours: str, theirs: str, column: str | None = None) -> Difference:
        return Difference(entity, record_id, table.name, key, column, ours, theirs)

    differences = [told_of(key, "no row", "one") for key in wanted if key not in found]
    differences += [told_of(key, _rows(found[key]), "none") for key in surplus]
    differences += [told_of(key, _rows(found[key]), "one") for key in wanted if len(found.get(key, ())) > 1]
    for key, row in wanted.items():
        if len(found.get(key, ())) == 1:
            differences += [told_of(key, *words, column) for column, words in _columns(table, found[key][0], row)]
    return differences


def _columns(table: Table, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    ours, theirs = without_signatures(dict(ours)), without_signatures(dict(theirs))
    for column in sorted({*ours, *theirs} - {REMOVES}):
        if not is_same(ours.get(column), theirs.get(column)):
            yield column, told(ours.get(column), theirs.get(column), column, table.columns.get(column))


def _key(table: Table, row: Row) -> Key:
    return tuple(row.get(name) for name in table.key)


def _rows(rows: list[Row]) -> str:
    return "a row" if len(rows) == 1 else f"{len(rows)} rows"

"""Lists of other records inside a conversation or ticket: contacts, teammates, tags and linked objects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .flatten import as_id, distinct, flatten, inner_list
from .table import Columns, Row, Rows, Table, text, unix_seconds

TAGGING_COLUMNS: Columns = text(
    "impersonal",
    type="always tag",
    name="tag's name",
    applied_by__type="who tagged: admin, …",
    applied_by__id="id of who tagged",
) | unix_seconds(applied_at="when it was tagged")


@dataclass(frozen=True)
class Link:
    """A list of linked records inside a parent record, replaced whenever the parent is read again.

    `wrapper_keys` are the names under which the API has been seen to hide the items. `only_ids`: the items are whole
    records with a table of their own in one answer, and little more than an id in the next.
    """

    table: Table
    field: str
    wrapper_keys: tuple[str, ...] = ()
    only_ids: bool = False

    @classmethod
    def of(
        cls,
        parents: Table,
        parent: str,
        field: str,
        one_row: str,
        columns: Columns,
        wrapper_keys: tuple[str, ...] = (),
        only_ids: bool = False,
    ) -> "Link":
        """Return the link table `<parent>_<field>`: `parent` is the word for one of `parents`.

        The first of `columns` is the linked record's id.
        """
        parent_id = f"{parent}_id"
        table = Table(
            f"{parent}_{field}",
            one_row,
            key=(parent_id, next(iter(columns))),
            columns=parents.reference(parent_id) | columns,
            replaced="parent",
            is_of_one_person=parents.is_of_one_person,
        )
        return cls(table, field, wrapper_keys, only_ids)

    def rows_of(self, parents: Iterable[Mapping[str, Any]]) -> Rows:
        """Return the link rows of this list for all `parents`; an empty list becomes its removal row."""
        rows: list[Row] = []
        for parent in parents:
            parent_id = str(as_id(parent["id"]))
            shown = inner_list(parent, self.field, *self.wrapper_keys)
            items = distinct([item for item in shown if item.get("id") is not None or not _is_nobody(item)])
            rows += self.table.of_parent(parent_id, [self.row(parent_id, item) for item in items])
        return [(self.table, rows)]

    def row(self, parent_id: str, item: Mapping[str, Any]) -> Row:
        """Return the row that links one item with its parent."""
        keys = {self.table.parent_key: parent_id, self.table.key[1]: as_id(item.get("id"))}
        # The URL that a contact object adds to its thin items says no more than the keys.
        return keys if self.only_ids else {**flatten(item, without={"id", "url"}), **keys}


def _is_nobody(item: Mapping[str, Any]) -> bool:
    """Return True if a link leads to no record: `{"type": "nobody_admin", "id": null}`."""
    return [name for name, value in item.items() if value is not None] == ["type"]

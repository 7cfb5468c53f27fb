"""A raw table: its key, its columns with their meanings, and how dlt is to load it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import dlt
from dlt.common.data_types import TDataType
from dlt.common.schema.typing import C_DLT_ID, C_DLT_LOAD_ID, TColumnSchema, TTableSchema, TWriteDispositionConfig
from dlt.common.schema.utils import dlt_id_column, dlt_load_id_column

Row = dict[str, Any]

REMOVES = "_is_removed"  # of a removal row: what it names goes, and the row is not kept either


Personal = Literal[
    "impersonal",  # Intercom's words and ids, the workspace's own names, teammates: nothing about a customer
    "contact_id",  # Intercom's id of a contact or visitor
    "receipt_id",  # of a message that was sent to a contact
    "user_id",  # the customer's own id outside of Intercom
    "email",
    "phone",
    "name",
    "author_type",  # whether the author whose name and address follow is a customer or a teammate
    "detail",  # other facts about a customer
    "written",  # a text that people wrote
    "attached",  # files and answers that came with what people wrote
    "summary",  # a sentence of Intercom's in which a customer may be named
]
"""What a value says of a customer. The privacy rules' `bodies`, `forget` and its search for a person follow it."""


@dataclass(frozen=True)
class Column:
    """A raw table's column: dlt's data type, the meaning of a value, and what it says about a customer."""

    data_type: TDataType
    meaning: str
    personal: Personal


Columns = dict[str, Column]


def text(personal: Personal, /, **meanings: str) -> Columns:
    """Declare a table's columns of text; every id is one: the API writes the same id as number and as string."""
    return _columns("text", meanings, personal)


def unix_seconds(**meanings: str) -> Columns:
    """Declare a table's columns of times as Intercom sends them: unix seconds, UTC."""
    return _columns("bigint", meanings)


def integer(**meanings: str) -> Columns:
    """Declare a table's columns of whole numbers."""
    return _columns("bigint", meanings)


def number(**meanings: str) -> Columns:
    """Declare a table's columns of numbers with a fraction."""
    return _columns("double", meanings)


def truth(**meanings: str) -> Columns:
    """Declare a table's columns of booleans."""
    return _columns("bool", meanings)


def json(personal: Personal, /, **meanings: str) -> Columns:
    """Declare a table's columns of free-form objects and lists that have no table of their own."""
    return _columns("json", meanings, personal)


def _columns(data_type: TDataType, meanings: dict[str, str], personal: Personal = "impersonal") -> Columns:
    return {name: Column(data_type, meaning, personal) for name, meaning in meanings.items()}


@dataclass(frozen=True)
class Table:
    """A raw table as it is declared: its key, its columns, and what goes when new rows come.

    `replaced` says what goes when new rows come: "row" the row with the same key, "parent" every row of the same parent
    (the first column of the key), "whole" the whole table. These are delete-insert merges and atomic replaces without
    nested tables: what stays exact when a load is killed in the middle and repeated. `is_removable`: single rows can be
    taken out again. `is_of_one_person`: its rows are deleted when the contact or visitor whom they name is forgotten.
    `may_be_empty`: columns of the key in which an empty text is a value.
    """

    name: str
    one_row: str
    key: tuple[str, ...]
    columns: Columns
    replaced: Literal["row", "parent", "whole"] = "row"
    is_removable: bool = False
    is_of_one_person: bool = False
    may_be_empty: tuple[str, ...] = ()

    def columns_that_say(self, *personal: Personal) -> tuple[str, ...]:
        """Return the table's columns whose values say this about a customer."""
        return tuple(name for name, column in self.columns.items() if column.personal in personal)

    @property
    def parent_key(self) -> str:
        """The table's column that names the parent of a row."""
        return self.key[0]

    @property
    def never_null(self) -> frozenset[str]:
        """The table's columns that say what a merge replaces: those of the key, or of the parent alone."""
        return frozenset(self.key[:1] if self.replaced == "parent" else self.key)

    def reference(self, name: str) -> Columns:
        """Declare a column `name` of another table, which holds the id of one of this table's rows."""
        return text(self.columns["id"].personal, **{name: f"{self.name}.id"})

    def hints(self, json_columns: Collection[str] = ()) -> Any:
        """Return the table's dlt hints; `json_columns` are those of JSON that nobody declared."""
        return dlt.mark.make_hints(**self._hints(json_columns))

    def declared(self) -> TTableSchema:
        """Return the raw table as a schema of dlt has it, with the columns that dlt adds to every row.

        It is what dlt makes of `hints`, which takes it 2 ms a table.
        """
        hints = self._hints()
        columns: dict[str, TColumnSchema] = hints["columns"]
        for hint in ("primary_key", "merge_key"):
            names = (hints[hint],) if isinstance(hints[hint], str) else hints[hint] or ()
            for name in names:
                columns[name] |= {hint: True, "nullable": False}  # type: ignore[misc]  # both are fields of a column
        columns |= {C_DLT_LOAD_ID: dlt_load_id_column(), C_DLT_ID: dlt_id_column()}
        table: TTableSchema = {"name": self.name, "resource": "tables", "columns": columns}
        if self.replaced == "whole":
            return {**table, "write_disposition": "replace"}
        return {**table, "write_disposition": "merge", "x-merge-strategy": "delete-insert"}  # type: ignore[typeddict-unknown-key]

    def _hints(self, json_columns: Collection[str] = ()) -> dict[str, Any]:
        columns: dict[str, TColumnSchema] = {
            name: {"name": name, "data_type": column.data_type, "description": column.meaning}
            for name, column in self.columns.items()
        }
        columns |= {name: {"name": name, "data_type": "json"} for name in json_columns}
        if self.replaced == "parent" or self.is_removable:
            columns[REMOVES] = {"name": REMOVES, "data_type": "bool", "hard_delete": True}
        return {
            "table_name": self.name,
            "write_disposition": self._write_disposition(),
            "columns": columns,
            # A merge key in addition to a primary key makes the delete 25 times slower, and changes nothing.
            "primary_key": None if self.replaced == "parent" else self.key,
            "merge_key": self.parent_key if self.replaced == "parent" else None,
        }

    def _write_disposition(self) -> TWriteDispositionConfig:
        if self.replaced == "whole":
            return "replace"
        return {"disposition": "merge", "strategy": "delete-insert"}

    def removed(self, *key: str) -> Row:
        """Return the row that makes the merge delete the table's row with this key."""
        return {**dict(zip(self.key, key, strict=True)), REMOVES: True}

    def emptied(self, parent_id: str) -> Row:
        """Return the row that makes the merge delete all of the table's rows of this parent."""
        return {self.parent_key: parent_id, REMOVES: True}

    def of_parent(self, parent_id: str, rows: list[Row]) -> list[Row]:
        """Return the table's rows of a parent; if there are none, the row that removes those it had."""
        return rows or [self.emptied(parent_id)]


Rows = list[tuple[Table, list[Row]]]  # of one page or one whole list


class Tables:
    """The tables of one resource as items for dlt: rows of named tables. Hints go with a table's first rows."""

    def __init__(self) -> None:
        self._hinted: dict[str, frozenset[str]] = {}

    def emit(self, table: Table, batch: Any, json_columns: Collection[str] = ()) -> Iterator[Any]:
        """Yield `batch` (a pyarrow.Table, or a list of rows) for `table`; nothing if it holds no row.

        `json_columns`: columns of JSON that nobody declared. Arrow has no type for them, and without a hint they would
        be text in the database, where the next JSON value fits no more.
        """
        if not len(batch):
            return
        hinted = self._hinted.get(table.name)
        if hinted is not None and hinted.issuperset(json_columns):
            yield dlt.mark.with_table_name(batch, table.name)
        else:
            self._hinted[table.name] = frozenset(json_columns)
            yield dlt.mark.with_hints(batch, table.hints(json_columns), create_table_variant=True)

    def create(self, table: Table) -> Iterator[Any]:
        """Yield what makes dlt create the table, or empty it if it is replaced whole."""
        self._hinted[table.name] = frozenset()
        yield dlt.mark.with_hints(dlt.mark.materialize_table_schema(), table.hints(), create_table_variant=True)

"""The type of each column: a value of another type gets a column of its own instead of being cast."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from dlt.common.data_types import TDataType
from dlt.common.schema import Schema

from ..configuration import IntercomConfiguration
from .table import REMOVES, Row, Table
from .values import KINDS, are_exact, own_type, parted

FURTHER_FIELDS = "further_fields"
LOAD_ID, ROW_ID = "_dlt_load_id", "_dlt_id"  # what dlt adds to each row
_OF_POSTGRES = frozenset({"ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"})  # it has these in each table
_RESERVED = frozenset({FURTHER_FIELDS, LOAD_ID, ROW_ID}) | _OF_POSTGRES
MOST_UNDECLARED = IntercomConfiguration.max_columns
_NULL = type(None)


@dataclass
class TypedColumn:
    """A column with its type: a value for each row, null or of the Python type that `data_type` stands for."""

    data_type: TDataType
    values: list[Any]


class ColumnTypes:
    """The types of the columns of one table: declared ones, and those made for earlier values.

    dlt would silently cast 5 for a boolean column, or "007" for one of numbers. Such a value goes to a column
    `<column>__v_<type>`, the name that dlt itself gives to values that it cannot convert.

    An object whose keys are ids or days would make ever more columns, which no warehouse takes: beyond `max_columns`
    undeclared ones, a field becomes a member of the JSON in `further_fields`. So does a field that is named like a
    column of dlt's, PostgreSQL's or ours.
    """

    def __init__(self, table: Table, schema: Schema, max_columns: int = MOST_UNDECLARED) -> None:
        # A copy, because dlt may add columns while this resource begins, if several resources write the table.
        columns = dict(schema.tables.get(table.name, {}).get("columns", {}))
        self._normalized = schema.naming.normalize_path
        self._loaded = {name: column["data_type"] for name, column in columns.items() if "data_type" in column}
        self._declared: Mapping[str, TDataType] = {name: column.data_type for name, column in table.columns.items()}
        self._names: dict[str, str] = {}
        self._types: dict[str, TDataType] = {}
        self._count_left = max_columns - len(self._loaded.keys() - self._declared.keys() - _RESERVED - {REMOVES})

    @property
    def is_full(self) -> bool:
        """True if the table takes no more columns of undeclared types."""
        return self._count_left <= 0

    @property
    def undeclared_json(self) -> frozenset[str]:
        """The undeclared columns met so far that hold JSON."""
        return frozenset(name for name, kind in self._types.items() if kind == "json") - self._declared.keys()

    def columns(self, rows: Sequence[Row]) -> dict[str, TypedColumn]:
        """Return `rows` column by column with types, under the names that the columns have in the database.

        A column without a value is left out.
        """
        names = dict.fromkeys(chain.from_iterable(rows))
        renamed = {name for name in names if self.column(name) != name or not name}
        if renamed:
            rows = [row if renamed.isdisjoint(row) else self._told_apart(row) for row in rows]
            names = dict.fromkeys(chain.from_iterable(rows))
        batch = _Batch(self, len(rows))
        if beyond := self._beyond(names):
            batch.keep_beyond(rows, beyond)
        for name in filter(lambda name: name not in beyond, names):
            batch.put(name, [row.get(name) for row in rows])
        if any(batch.further):
            self._types[FURTHER_FIELDS] = "json"
            batch.columns[FURTHER_FIELDS] = TypedColumn("json", [fields or None for fields in batch.further])
        return batch.columns

    def column(self, name: str) -> str:
        """Return the name that a field's column has in the database; empty for a blank name, which has no column."""
        column = self._names.get(name)
        if column is None:
            column = self._names[name] = self._normalized(name) if name.strip() else ""
        return column

    def _told_apart(self, row: Row) -> Row:
        """Return a row without two fields for one typed column, such as "Plan" and "plan".

        The field that is called like the column has it, else the first by name; others get a suffix of their own.
        """
        renamed = sorted(name for name in row if self.column(name) != name or not name)
        taken = row.keys() - set(renamed)
        names = {}
        for name in renamed:
            column = self.column(name)
            if column in taken or not column:
                names[name] = _marked(column or "unnamed", name)
            taken.add(column)
        return {names.get(name, name): value for name, value in row.items()} if names else row

    def _beyond(self, names: Iterable[str]) -> set[str]:
        """Return the names of fields for which there is no typed column."""
        beyond: set[str] = set()
        new: set[str] = set()
        for name in names:
            column = self.column(name)
            if column in _RESERVED or (column == REMOVES and name != REMOVES):
                beyond.add(name)
            elif not (name == REMOVES or column in self._types or column in self._declared or column in self._loaded):
                new.add(column)
                if len(new) > self._count_left:
                    beyond.add(name)
        return beyond

    def type_of(self, column: str, values: list[Any]) -> TDataType | None:
        """Return the type of a column that has `values`, or None if there is no room for it.

        The first value of a new one decides.
        """
        data_type = self._types.get(column) or self._declared.get(column) or self._loaded.get(column)
        if data_type is None:
            if self.is_full and column != REMOVES:
                return None
            self._count_left -= column != REMOVES
            data_type = own_type(next(value for value in values if value is not None))
        self._types[column] = data_type
        return data_type


class _Batch:
    """The columns of the rows that are typed together, and for each row the fields that have no column in it."""

    def __init__(self, types: ColumnTypes, count_rows: int) -> None:
        self.columns: dict[str, TypedColumn] = {}
        self.further: list[Row] = [{} for _ in range(count_rows)]
        self._types = types

    def keep_beyond(self, rows: Sequence[Row], beyond: set[str]) -> None:
        """Keep the fields called as in `beyond`, which have no typed column."""
        for position, row in enumerate(rows):
            for name, value in row.items():
                if name in beyond:
                    self._keep_further(position, name, value)

    def put(self, name: str, values: list[Any]) -> None:
        """Add a field with its value in each row: to its column, to those of other types, or to further fields."""
        kinds = {*map(type, values)} - {_NULL}
        if not kinds:
            return
        column = self._types.column(name)
        data_type = self._types.type_of(column, values)
        if data_type is None:
            for position, value in enumerate(values):
                self._keep_further(position, name, value)
            return
        if not are_exact(values, kinds, data_type):
            values, misfits = parted(values, data_type)
            for variant, of_variant in misfits.items():
                self.put(f"{name}__v_{variant}", of_variant)
            if data_type not in KINDS:
                return
        if column in self.columns:  # of another field, in other rows
            values = self._beside(self.columns[column].values, name, values)
        self.columns[column] = TypedColumn(data_type, values)

    def _beside(self, before: list[Any], name: str, values: list[Any]) -> list[Any]:
        """Return the values of two fields sharing a typed column, `x__v_text` and a text in x; a row may have both."""
        for position, (old, new) in enumerate(zip(before, values, strict=True)):
            if old is not None:
                self._keep_further(position, name, new)
        return [new if old is None else old for old, new in zip(before, values, strict=True)]

    def _keep_further(self, position: int, name: str, value: Any) -> None:
        fields = self.further[position]
        if value is not None:
            fields[name if name not in fields else _marked(name, name)] = value


def _marked(column: str, name: str) -> str:
    return f"{column}__{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"

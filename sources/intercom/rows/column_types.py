"""The type of each column: a value of another type gets a column of its own instead of being cast."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from dlt.common.data_types import TDataType
from dlt.common.schema import Schema

from ..api.record import LARGEST_BIGINT
from ..configuration import IntercomConfiguration
from .table import REMOVES, Row, Table

LARGEST_EXACT_IN_DOUBLE = 2**53
FURTHER_FIELDS = "further_fields"
LOAD_ID, ROW_ID = "_dlt_load_id", "_dlt_id"  # what dlt adds to each row
_OF_POSTGRES = frozenset({"ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"})  # it has these in each table
_RESERVED = frozenset({FURTHER_FIELDS, LOAD_ID, ROW_ID}) | _OF_POSTGRES
MOST_UNDECLARED = IntercomConfiguration.max_columns
SMALLEST_BIGINT = -LARGEST_BIGINT - 1
_DATE = re.compile(r"\d{4}-\d\d-\d\d")  # as we write the days of an export
_NUMBER = re.compile(r"\d{1,17}\.\d{1,17}")
_TYPES: dict[type, TDataType] = {
    bool: "bool",
    int: "bigint",
    float: "double",
    str: "text",
    dict: "json",
    list: "json",
    date: "date",
}
_KINDS: dict[TDataType, frozenset[type]] = {
    data_type: frozenset(kind for kind, its_type in _TYPES.items() if its_type == data_type)
    for data_type in _TYPES.values()
}
_NO_KINDS: frozenset[type] = frozenset()  # of columns that an earlier version has made, of bytes or moments
_NULL = type(None)
# Python type -> the type of the column that holds such a value unchanged.
_IN_COLUMN: dict[TDataType, Callable[[Any], Any]] = {
    "text": str,
    "bigint": int,
    "double": float,
    "date": date.fromisoformat,
}


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
        self._further: list[Row] = []

    @property
    def is_full(self) -> bool:
        """True if the table takes no more columns of undeclared types."""
        return self._count_left <= 0

    @property
    def undeclared_json(self) -> frozenset[str]:
        """The columns met so far whose type, JSON, nobody declared."""
        return frozenset(name for name, kind in self._types.items() if kind == "json") - self._declared.keys()

    def columns(self, rows: Sequence[Row]) -> dict[str, TypedColumn]:
        """Return `rows` column by column with types, under the names that the columns have in the database.

        A column without a value is left out.
        """
        names = dict.fromkeys(chain.from_iterable(rows))
        renamed = {name for name in names if self._column(name) != name or not name}
        if renamed:
            rows = [row if renamed.isdisjoint(row) else self._told_apart(row) for row in rows]
            names = dict.fromkeys(chain.from_iterable(rows))
        columns: dict[str, TypedColumn] = {}
        self._further = [{} for _ in rows]
        if beyond := self._beyond(names):
            rows = [self._without(row, beyond, position) for position, row in enumerate(rows)]
        for name in filter(lambda name: name not in beyond, names):
            self._put(columns, name, [row.get(name) for row in rows])
        if any(self._further):
            self._types[FURTHER_FIELDS] = "json"
            columns[FURTHER_FIELDS] = TypedColumn("json", [fields or None for fields in self._further])
        return columns

    def _column(self, name: str) -> str:
        """Return the column of a field, as the database writes its name, whose type is asked; a blank name has none."""
        column = self._names.get(name)
        if column is None:
            column = self._names[name] = self._normalized(name) if name.strip() else ""
        return column

    def _told_apart(self, row: Row) -> Row:
        """Return a row without two fields for one typed column, such as "Plan" and "plan".

        The field that is called like the column has it, else the first by name; others get a suffix of their own.
        """
        renamed = sorted(name for name in row if self._column(name) != name or not name)
        taken = row.keys() - set(renamed)
        names = {}
        for name in renamed:
            column = self._column(name)
            if column in taken or not column:
                names[name] = _marked(column or "unnamed", name)
            taken.add(column)
        return {names.get(name, name): value for name, value in row.items()} if names else row

    def _beyond(self, names: Iterable[str]) -> set[str]:
        """Return the names of fields for which there is no typed column."""
        beyond: set[str] = set()
        new: set[str] = set()
        for name in names:
            column = self._column(name)
            if column in _RESERVED or (column == REMOVES and name != REMOVES):
                beyond.add(name)
            elif not (name == REMOVES or column in self._types or column in self._declared or column in self._loaded):
                new.add(column)
                if len(new) > self._count_left:
                    beyond.add(name)
        return beyond

    def _without(self, row: Row, beyond: set[str], position: int) -> Row:
        self._further[position] = {name: value for name, value in row.items() if name in beyond and value is not None}
        return {name: value for name, value in row.items() if name not in beyond}

    def _put(self, columns: dict[str, TypedColumn], name: str, values: list[Any]) -> None:
        kinds = {*map(type, values)} - {_NULL}
        if not kinds:
            return
        column = self._column(name)
        data_type = self._types.get(column) or self._learned(column, values)
        if data_type is None:
            for position, value in enumerate(values):
                self._keep_further(position, name, value)
            return
        if not (kinds <= _KINDS.get(data_type, _NO_KINDS) and _is_in_range(values, kinds)):
            values, misfits = _parted(values, data_type)
            for variant, of_variant in misfits.items():
                self._put(columns, f"{name}__v_{variant}", of_variant)
            if data_type not in _KINDS:
                return
        if column in columns:  # of another field, in other rows
            values = self._beside(columns[column].values, name, values)
        columns[column] = TypedColumn(data_type, values)

    def _beside(self, before: list[Any], name: str, values: list[Any]) -> list[Any]:
        """Return the values of two fields sharing a typed column, `x__v_text` and a text in x; a row may have both."""
        for position, (old, new) in enumerate(zip(before, values, strict=True)):
            if old is not None:
                self._keep_further(position, name, new)
        return [new if old is None else old for old, new in zip(before, values, strict=True)]

    def _keep_further(self, position: int, name: str, value: Any) -> None:
        fields = self._further[position]
        if value is not None:
            fields[name if name not in fields else _marked(name, name)] = value

    def _learned(self, column: str, values: list[Any]) -> TDataType | None:
        """Return the type of a column that was not met yet, or None if there is no room for it.

        The first value of a new one decides.
        """
        data_type = self._declared.get(column) or self._loaded.get(column)
        if data_type is None:
            if self.is_full and column != REMOVES:
                return None
            self._count_left -= column != REMOVES
            data_type = _type_of(next(value for value in values if value is not None))
        self._types[column] = data_type
        return data_type


def _marked(column: str, name: str) -> str:
    return f"{column}__{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _parted(values: list[Any], data_type: TDataType) -> tuple[list[Any], dict[TDataType, list[Any]]]:
    """Return the values that a column of `data_type` holds, and the others by the type of the column that does."""
    fitting: list[Any] = [None] * len(values)
    misfits: dict[TDataType, list[Any]] = {}
    for position, value in enumerate(values):
        if value is None:
            continue
        if fits(value, data_type):
            is_other = _TYPES.get(type(value)) != data_type
            fitting[position] = _IN_COLUMN[data_type](value) if is_other else value
        else:
            own = _type_of(value)
            of_type = misfits.setdefault(own, [None] * len(values))
            of_type[position] = str(value) if own == "text" else value
    return fitting, misfits


def _type_of(value: Any) -> TDataType:
    """Return the column type for a value; an integer beyond bigint is written as text."""
    if type(value) is int and not SMALLEST_BIGINT <= value <= LARGEST_BIGINT:
        return "text"
    return _TYPES[type(value)]


def _is_in_range(values: list[Any], kinds: set[type]) -> bool:
    if kinds != {int}:
        return True
    numbers = [value for value in values if value is not None]
    return bool(min(numbers) >= SMALLEST_BIGINT and max(numbers) <= LARGEST_BIGINT)


def fits(value: Any, data_type: TDataType | None) -> bool:
    """Return True if a value is in its column of `data_type`, not in one of another type.

    The API writes some numbers as text now and then: written as JSON writes numbers, they lose nothing.
    """
    kind = type(value)
    if value is None or (kind is not int and _TYPES.get(kind) == data_type):
        return True
    if data_type == "text":
        return kind in {int, float}
    if data_type == "bigint":
        return _is_integer(value) and SMALLEST_BIGINT <= int(value) <= LARGEST_BIGINT
    if data_type == "double":
        is_plain = kind is str and _NUMBER.fullmatch(value) is not None and value == str(float(value))
        return is_plain or (kind is int and abs(value) <= LARGEST_EXACT_IN_DOUBLE)
    return data_type == "date" and kind is str and _DATE.fullmatch(value) is not None


def _is_integer(value: Any) -> bool:
    if type(value) is str:
        is_digits = value.isdecimal() and value.isascii() and len(value) <= len(str(LARGEST_BIGINT))
        return is_digits and value == str(int(value))
    return type(value) is int or (type(value) is float and value.is_integer() and abs(value) <= LARGEST_EXACT_IN_DOUBLE)

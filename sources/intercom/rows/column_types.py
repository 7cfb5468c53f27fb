"""Which type each column has: a value of another type gets a column of its own instead of being bent to fit."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from dlt.common.data_types import TDataType
from dlt.common.schema import Schema

from .table import Row, Table

LARGEST_EXACT_IN_DOUBLE = 2**53
_NUMBER = re.compile(r"\d{1,17}\.\d{1,17}")
_TYPES: dict[type, TDataType] = {bool: "bool", int: "bigint", float: "double", str: "text", dict: "json", list: "json"}


class ColumnTypes:
    """The types of the columns of one table, declared ones and those that earlier values have made.

    dlt would turn 5 into true where the column is boolean, and "007" into 7 where it is a number. Such a value stands
    under `<column>__v_<type>`, the name that dlt itself gives to what it cannot convert.
    """

    def __init__(self, table: Table, schema: Schema) -> None:
        columns = schema.tables.get(table.name, {}).get("columns", {})
        self._normalized = schema.naming.normalize_path
        self._loaded = {name: column["data_type"] for name, column in columns.items() if "data_type" in column}
        self._declared: Mapping[str, TDataType] = {name: column.data_type for name, column in table.columns.items()}
        self._types: dict[str, TDataType] = {}
        self._met: set[str] = set()
        self._columns: dict[str, str] = {}  # of fields whose column has another name

    def exact(self, row: Row) -> Row:
        """Return `row` with every value in a column that holds it as it is."""
        types = self._types
        if not row.keys() <= self._met:
            self._meet(row.keys() - self._met)
        if self._columns and not self._columns.keys().isdisjoint(row):
            row = self._told_apart(row)
        misfits = {}
        for name, value in row.items():
            data_type = types.get(name) or self._learn(name, value)
            if not fits(value, data_type):
                misfits[name] = value
        if not misfits:
            return row
        return {(_variant(name, value) if name in misfits else name): value for name, value in row.items()}

    def _meet(self, names: set[str]) -> None:
        self._met |= names
        for name in names:
            if (column := self._column(name)) != name or not column:
                self._columns[name] = column

    def _column(self, name: str) -> str:
        """Return the column that dlt puts a field into; dlt leaves out a field without a name."""
        return self._normalized(name) if name.strip() else ""

    def _told_apart(self, row: Row) -> Row:
        """Return `row` without two fields that would share a column, such as "Plan" and "plan".

        The field that is called like the column has it, else the first by name; others get a mark of their own name.
        """
        taken = row.keys() - self._columns.keys()
        names = {}
        for name in sorted(row.keys() & self._columns.keys()):
            column = self._columns[name]
            if column in taken or not column:
                mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
                names[name] = f"{column or 'unnamed'}__{mark}"
            taken.add(column)
        return {names.get(name, name): value for name, value in row.items()} if names else row

    def _learn(self, name: str, value: Any) -> TDataType | None:
        """Return the type of a column that was not met yet; the first value of a new one decides."""
        normalized = self._column(name)
        data_type = self._declared.get(normalized) or self._loaded.get(normalized) or _TYPES.get(type(value))
        if data_type is not None:
            self._types[name] = data_type
        return data_type


def fits(value: Any, data_type: TDataType | None) -> bool:
    """Tell whether a value stands in its column of `data_type`, not in one of its own."""
    return _TYPES.get(type(value)) == data_type or _is_exact_in(value, data_type)


def _variant(name: str, value: Any) -> str:
    return f"{name}__v_{_TYPES[type(value)]}"


def _is_exact_in(value: Any, data_type: TDataType | None) -> bool:
    """Tell whether a value of another type can be read back from a column of `data_type`.

    The API writes some numbers as text now and then: written as JSON writes numbers, they lose nothing.
    """
    kind = type(value)
    if kind not in _TYPES:  # null, and what is made by us: dates
        return True
    if data_type == "text":
        return kind in {int, float}
    if data_type == "bigint":
        is_plain = kind is str and value.isdecimal() and value.isascii() and value == str(int(value))
        return is_plain or (kind is float and value.is_integer() and abs(value) <= LARGEST_EXACT_IN_DOUBLE)
    if data_type == "double":
        is_plain = kind is str and _NUMBER.fullmatch(value) is not None and value == str(float(value))
        return is_plain or (kind is int and abs(value) <= LARGEST_EXACT_IN_DOUBLE)
    return data_type not in {"bool", "json"}

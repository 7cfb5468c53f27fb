"""Rows as Arrow, which dlt writes as they are, without walking and typing them."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import pyarrow  # type: ignore[import-untyped]  # pyarrow ships no types
from dlt.common.data_types import TDataType
from dlt.common.normalizers.utils import generate_dlt_ids

from .column_types import LOAD_ID, ROW_ID, TypedColumn
from .table import Table

_ARROW_TYPES: dict[TDataType, Any] = {
    "text": pyarrow.string(),
    "json": pyarrow.string(),  # dlt does not know Arrow's JSON type; the table's hints say that the text is JSON
    "bigint": pyarrow.int64(),
    "double": pyarrow.float64(),
    "bool": pyarrow.bool_(),
    "date": pyarrow.date32(),
}


def arrow_table(table: Table, columns: Mapping[str, TypedColumn], count_rows: int, load_id: str) -> Any:
    """Return rows as an Arrow table of `count_rows`, with what dlt adds to each: the load package and an id."""
    never_null = table.never_null
    fields, arrays = [], []
    for name, column in columns.items():
        arrow_type = _ARROW_TYPES[column.data_type]
        values = _as_json(column.values) if column.data_type == "json" else column.values
        fields.append(pyarrow.field(name, arrow_type, nullable=name not in never_null))
        arrays.append(pyarrow.array(values, arrow_type))
    for name, values in ((LOAD_ID, [load_id] * count_rows), (ROW_ID, generate_dlt_ids(count_rows))):
        fields.append(pyarrow.field(name, pyarrow.string(), nullable=False))
        arrays.append(pyarrow.array(values, pyarrow.string()))
    return pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields))


def _as_json(values: list[Any]) -> list[str | None]:
    dumps: Callable[[Any], bytes] = orjson.dumps
    return [None if value is None else dumps(value).decode() for value in values]

"""Rows on their way into a load package: all of them, in order, in few and large batches."""

import orjson
from dlt.common.schema import Schema
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.rows.buffer import MOST_ROWS, ROWS_AT_ONCE, RowBuffer
from sources.intercom.rows.column_types import ColumnTypes
from sources.intercom.rows.table import Table, integer, text
from sources.intercom.rows.table import json as json_columns

THINGS = Table(
    "things",
    "a thing",
    ("id",),
    text("impersonal", id="id") | integer(size="size") | json_columns("detail", free="free"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


def buffer():
    return RowBuffer(THINGS, ColumnTypes(THINGS, Schema("intercom")), "load")


def test_rows_come_in_order_and_once_with_columns_that_only_some_have():
    held = buffer()
    count = 3 * ROWS_AT_ONCE + 1
    for number in range(count):
        held.add([{"id": str(number), **({"late": True} if number == count - 1 else {})}])
    batch = held.taken()
    assert batch["id"].to_pylist() == [str(number) for number in range(count)]
    assert batch["late"].to_pylist() == [None] * (count - 1) + [True]
    assert set(batch["_dlt_load_id"].to_pylist()) == {"load"}
    assert len(set(batch["_dlt_id"].to_pylist())) == count
    assert held.taken() is None


def test_it_is_full_at_many_rows_or_at_large_ones():
    many, large = buffer(), buffer()
    many.add([{"id": str(number)} for number in range(MOST_ROWS)])
    large.add([{"id": str(number), "body": "x" * 40_000} for number in range(ROWS_AT_ONCE)])
    few = buffer()
    few.add([{"id": "1"}])
    assert (many.is_full, large.is_full, few.is_full) == (True, True, False)


def test_what_only_dlt_may_say_is_not_taken_from_a_record():
    held = buffer()
    held.add([{"id": "1", "_dlt_id": "theirs", "_dlt_load_id": "theirs"}])
    [row] = held.taken().to_pylist()
    assert (row["id"], row["_dlt_load_id"]) == ("1", "load")
    assert row["_dlt_id"] != "theirs"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), st.lists(JSON))
def test_every_text_and_every_json_is_what_it_was(texts, values):
    held = buffer()
    held.add([{"id": str(place), "name": text, "free": {"in": values}} for place, text in enumerate(texts)])
    batch = held.taken()
    assert batch["name"].to_pylist() == texts
    assert {*batch["free"].to_pylist()} == {orjson.dumps({"in": values}).decode()}

"""Values as JSON: whatever Python has for them, a strict reader gets all of it."""

import datetime
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.query.json_output import in_json


@given(st.decimals() | st.lists(st.decimals(allow_nan=False)), st.booleans())
def test_a_decimal_is_a_number_in_json_with_all_its_digits(value, is_beside_a_large_one):
    written = in_json({"n": value, "m": 2**70 if is_beside_a_large_one else 1})
    found = json.loads(written, parse_float=Decimal, parse_int=Decimal, parse_constant=pytest.fail)["n"]
    wanted = value if isinstance(value, list) else [value]
    told = found if isinstance(value, list) else [found]
    assert told == [one if one.is_finite() else str(one) for one in wanted]


def test_a_map_with_keys_and_values_that_json_has_not_is_written_all_the_same():
    day = datetime.date(2026, 3, 1)
    written = in_json({day: 2**70, "x": [float("nan"), None], "null ü": float("-inf"), 1.5: 1})
    told = {"2026-03-01": 2**70, "x": ["NaN", None], "null ü": "-Infinity", "1.5": 1}
    assert json.loads(written, parse_constant=pytest.fail) == told

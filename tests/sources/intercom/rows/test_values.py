"""Which column a value fits, and how values that do not fit one are told apart."""

from datetime import date

import pytest

from sources.intercom.rows.values import are_exact, fits, own_type, parted


@pytest.mark.parametrize(
    ("value", "data_type", "is_fitting"),
    [
        (None, "bigint", True),
        (7, "bigint", True),
        (2**63 - 1, "bigint", True),
        (2**63, "bigint", False),
        (-(2**63), "bigint", True),
        (-(2**63) - 1, "bigint", False),
        (2.0**53, "bigint", True),
        (2.0**54, "bigint", False),
        ("7", "bigint", True),
        ("٣", "bigint", False),
        (True, "bigint", False),
        (2**53, "double", True),
        (2**53 + 1, "double", False),
        ("1.5", "double", True),
        ("1e3", "double", False),
        (5, "text", True),
        (True, "text", False),
        ("2026-03-01", "date", True),
        ("2026-3-1", "date", False),
        (1, "bool", False),
        ("x", "timestamp", False),
    ],
)
def test_a_value_fits_a_column_that_loses_nothing_of_it(value, data_type, is_fitting):
    assert fits(value, data_type) is is_fitting


def test_an_integer_beyond_bigint_is_written_as_text():
    assert [own_type(value) for value in (2**63 - 1, 2**63, True, [], date(2026, 3, 1))] == [
        "bigint",
        "text",
        "bool",
        "json",
        "date",
    ]


def test_values_are_exact_if_nothing_has_to_be_turned():
    assert are_exact([1, None, 2**63 - 1], {int}, "bigint")
    assert not are_exact([1, None, 2**63], {int}, "bigint")
    assert are_exact([{}, []], {dict, list}, "json")
    assert not are_exact(["7"], {str}, "bigint")
    assert not are_exact(["x"], {str}, "timestamp")


def test_values_keep_their_rows_when_they_are_parted_by_type():
    assert parted([1, None, "2", "007", True, 2**63], "bigint") == (
        [1, None, 2, None, None, None],
        {
            "text": [None, None, None, "007", None, str(2**63)],
            "bool": [None, None, None, None, True, None],
        },
    )

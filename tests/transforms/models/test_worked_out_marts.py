"""Marts about people, tickets, tags, periods and promises at the end of a year, worked out by hand, after a whole sync.

`worked_out_marts.txt` has the figures: a query, and its rows below it. 5m, 2h and 3d are seconds, - is NULL.
"""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support.told_workspace import synced
from tests.support.told_year_end import MARKS, NOW, SETTINGS, conversations, others
from tests.support.workspace import rows

SECONDS = {"": 1, "m": 60, "h": 3_600, "d": 86_400}
AMOUNT = re.compile(r"(-?[\d./]+)([mhd]?)")


def worked_out():
    """What each query is about -> the query, and its rows in words."""
    for block in Path(__file__).with_name("worked_out_marts.txt").read_text(encoding="utf-8").split("\n\n"):
        query, _, answer = block.partition(";\n")
        yield query.splitlines()[0].removeprefix("-- "), (query, [*map(words, answer.strip().splitlines())])


def words(line):
    return re.split(" {2,}", line)


def in_words(value, expected):
    """`expected` where it says the value, else the value."""
    if value is None or isinstance(value, bool):
        return {None: "-", True: "yes", False: "no"}[value]
    if isinstance(value, str) or not (amount := AMOUNT.fullmatch(expected)):
        return str(value)
    seconds = float(Fraction(amount[1]) * SECONDS[amount[2]])
    return expected if value == pytest.approx(seconds, abs=0.0001) else str(value)


EXPECTED = dict(worked_out())


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return synced(tmp_path_factory.mktemp("year_end"), conversations(), NOW, SETTINGS, gone=MARKS, **others())


@pytest.mark.parametrize("about", EXPECTED)
def test_a_mart_has_the_figures_that_were_worked_out_by_hand(database, about):
    query, expected = EXPECTED[about]
    found = rows(database, query)
    assert len(found) == len(expected)
    assert [[*map(in_words, *pair)] for pair in zip(found, expected, strict=True)] == expected

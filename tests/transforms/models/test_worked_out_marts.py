"""Marts about people, tickets, tags, periods and promises at the end of a year, worked out by hand, after a whole sync.

`worked_out_marts.txt` has the figures: a query, and its rows below it. 5m, 2h and 3d are seconds, - is NULL.
"""

import re
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from pipelines.destination.target import Target
from tests.support.told.conversation import at
from tests.support.told.loaded_workspace import synced
from tests.support.told.year_end import MARKS, NOW, SETTINGS, as_of, conversations, others
from tests.support.workspace import rows
from transforms import BuildOptions, Datasets, build
from transforms.runner.model_graph.shipped_models import read_models

SECONDS = {"": 1, "m": 60, "h": 3_600, "d": 86_400}
DIFFERENCE = (
    "(select * from {0} except all select * from {1}) union all (select * from {1} except all select * from {0})"
)
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
    """Synced and built in the middle of it, and at the end, when conversations and parts come in another order."""
    folder, middle = tmp_path_factory.mktemp("year_end"), at("2027-01-07 11:30")
    known, others_known = as_of(middle)
    synced(folder, known, middle, SETTINGS, **others_known)
    told = conversations()[::-1]
    for record in told:
        record["conversation_parts"]["conversation_parts"].reverse()
    return synced(folder, told, NOW, SETTINGS, gone=MARKS, **others())


@pytest.mark.parametrize("about", EXPECTED)
def test_a_mart_has_the_figures_that_were_worked_out_by_hand(database, about):
    query, expected = EXPECTED[about]
    found = rows(database, query)
    assert len(found) == len(expected)
    assert [[*map(in_words, *pair)] for pair in zip(found, expected, strict=True)] == expected


def test_what_two_syncs_have_built_is_what_a_full_build_makes(database):
    changed = (
        "select count(*) from intercom_staging.changed_conversations where conversation_id in ('131', '132', '141')"
    )
    assert rows(database, changed) == [(0,)]
    target, full = Target(database=database), Datasets(staging="full_staging", marts="full_marts")
    with target.held_open():
        client = target.pipeline().sql_client
        report = build(client, "duckdb", full, BuildOptions(now_epoch=NOW, settings=SETTINGS, full=True))
    assert report.failed_models == []
    differing = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for model in read_models():
            if model.kind in {"intermediate", "marts"}:
                kept, made = (f"{each.of_kind(model.kind)}.{model.name}" for each in (target.datasets, full))
                differing[model.name] = connection.execute(DIFFERENCE.format(kept, made)).fetchall()
    assert {name: found for name, found in differing.items() if found} == {}

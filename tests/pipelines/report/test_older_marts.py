"""Which marts the last build has left as they were, by the log of builds."""

from datetime import date

import pytest

from pipelines.report.html import built_at, left_out
from pipelines.report.older_marts import OlderMarts, older_marts

READ = ["dim_teams", "fct_csat", "stg_workspace"]
MORNING, NOON = 1_717_221_600, 1_717_243_200  # 2024-06-01 06:00 and 12:00 UTC
DAYS = 4 * 86_400
DAY = 1  # one is like another here


def log(*builds):
    return dict(zip(("name", "built_at", "tried_at"), map(list, zip(*builds, strict=True)), strict=True))


@pytest.mark.parametrize(
    ("builds", "older"),
    [
        ([("dim_teams", NOON, NOON), ("fct_csat", NOON, NOON), ("fct_mine", MORNING, MORNING)], None),
        ([("fct_mine", NOON, NOON)], None),
        ([("dim_teams", MORNING, MORNING), ("fct_csat", MORNING, MORNING), ("fct_mine", NOON, NOON)], None),
        # failed
        ([("dim_teams", NOON, NOON), ("fct_csat", MORNING, NOON)], OlderMarts(("fct_csat",), MORNING, NOON, False)),
        ([("dim_teams", MORNING, NOON), ("fct_csat", None, NOON)], OlderMarts((*READ[:2],), MORNING, NOON, True)),
        # not selected
        ([("dim_teams", MORNING, MORNING), ("fct_csat", NOON, NOON)], OlderMarts(("dim_teams",), MORNING, NOON, False)),
    ],
)
def test_a_mart_is_older_if_a_later_build_failed_or_left_it_out(builds, older):
    assert older_marts(log(*builds), READ, date(2024, 6, 1)) == older


def test_a_log_that_ends_long_before_the_last_build_says_nothing_of_it():
    """As after a move from our builds to dbt's: what our last one failed to make would be older for good."""
    builds = log(("dim_teams", NOON, NOON), ("fct_csat", MORNING, NOON))
    assert older_marts(builds, READ, date(2024, 6, 4)) is not None
    assert older_marts(builds, READ, date(2024, 6, 5)) is None
    of_others = log(("dim_teams", NOON, NOON), ("fct_csat", MORNING, NOON), ("fct_mine", NOON + DAYS, NOON + DAYS))
    assert older_marts(of_others, READ, date(2024, 6, 5)) is not None, "our builds go on, with a selection"


def test_the_page_is_of_the_oldest_mart_and_names_it():
    build = {"now_epoch": NOON - 60, "today": DAY, "last_build_on": DAY, "older": None}
    assert (built_at(build), left_out(build)) == (NOON - 60, "")
    build["older"] = OlderMarts(("fct_csat",), MORNING, NOON, False)
    assert built_at(build) == MORNING
    said = left_out(build, " --database w.duckdb")
    assert "The build on 2024-06-01 12:00 UTC failed or left out fct_csat; all others" in said
    assert said.endswith("intercom-elt transform --database w.duckdb")
    build["older"] = OlderMarts(("dim_teams", "fct_csat"), None, NOON, True)
    assert built_at(build) == NOON - 60
    assert "12:00 UTC failed or left out all of them" in left_out(build)

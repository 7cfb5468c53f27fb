"""Which days a run exports: none is left out, and none is asked for night after night."""

from datetime import date, timedelta

import pytest

from sources.intercom.export.days import start_of
from sources.intercom.export.settings import ExportSettings
from sources.intercom.incremental.export_calendar import ExportCalendar

TODAY = date(2026, 3, 31)
BEGAN_ON = date(2020, 1, 1)


def calendar(start_at=0, **settings):
    return ExportCalendar(ExportSettings(**settings), TODAY, start_at, start_of(BEGAN_ON))


def ago(days):
    return TODAY - timedelta(days)


def left(from_on, until_on, **more):
    return {"pass": {"from_on": str(from_on)}, "exported_until": start_of(until_on), **more}


@pytest.mark.parametrize(
    ("state", "first_on"),
    [
        ({}, ago(90)),
        ({"exported_until": start_of(ago(1)) + 7}, ago(31)),
        ({"exported_until": start_of(ago(200)) + 7}, ago(230)),
        (left(ago(120), ago(120)), ago(120)),
        (left(ago(230), ago(200)), ago(230)),
        ({"pass": {"from_on": str(ago(60))}}, ago(90)),  # `export_first_days` was raised meanwhile
        ({"exported_from": str(ago(700)), "kinds": ["receipts"]}, ago(700)),
        ({"exported_from": str(ago(10)), "kinds": ["receipts"]}, ago(90)),
        ({"kinds": ["receipts"]}, BEGAN_ON),  # an earlier version did not keep it
    ],
)
def test_a_run_begins_with_the_first_day_that_is_not_exported_or_may_have_changed(state, first_on):
    assert calendar().first_on(state) == first_on


@pytest.mark.parametrize(
    ("start_on", "exported_from", "first_on"),
    [
        (ago(300), ago(200), ago(300)),  # moved back
        (date(2010, 1, 1), ago(200), BEGAN_ON),
        (date(2010, 1, 1), BEGAN_ON, ago(31)),  # exported as far as there is anything
        (ago(200), ago(200), ago(31)),
        (ago(100), ago(200), ago(31)),  # moved on
        (None, ago(50), ago(90)),  # removed
        (None, ago(200), ago(31)),
        (ago(300), None, ago(31)),  # an earlier version did not keep it
    ],
)
def test_a_start_date_moved_back_exports_what_it_has_left_out_once(start_on, exported_from, first_on):
    state = {"exported_until": start_of(ago(1)) + 7, "kinds": ["receipts"]}
    if exported_from is not None:
        state["exported_from"] = exported_from.isoformat()
    assert calendar(start_of(start_on) if start_on else 0).first_on(state) == first_on


@pytest.mark.parametrize(
    ("paused_days", "count_jobs"), [(0, 1), (1, 1), (30, 1), (31, 2), (200, 7), (365, 12)], ids=str
)
def test_the_jobs_after_a_pause_are_counted(paused_days, count_jobs):
    state = {"exported_until": start_of(ago(paused_days)) + 7}
    assert calendar().count_jobs(calendar().first_on(state)) == count_jobs

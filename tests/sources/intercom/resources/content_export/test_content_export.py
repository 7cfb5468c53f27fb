"""Content data export: whatever happens to its jobs, the tables end up with what Intercom exports."""

from datetime import date, timedelta

import httpx
import pytest

from sources.intercom.api.http.client import Client
from sources.intercom.api.identity import Identity
from sources.intercom.export.settings import ExportSettings
from sources.intercom.incremental.export_calendar import ExportCalendar
from sources.intercom.reading.resource_size import SizeQuestion
from sources.intercom.reading.session import Wishes
from sources.intercom.resources.content_export import CALLS_OF_A_JOB, CONTENT_EXPORT
from tests.support.exports.mailing import DAY_SECONDS, NOW_AT, SIZES, TRAILING_FROM, Copy, created, day, expected

pytestmark = pytest.mark.end_to_end


@pytest.mark.parametrize("timezone", ["UTC", "Pacific/Apia", "Pacific/Pago_Pago"])
def test_receipts_and_reactions_equal_the_truth_after_each_sync(simulator, copy, timezone):
    simulator.reset(**{**SIZES, "timezone": timezone})
    copy.run()
    assert copy.tables == expected(simulator)
    assert [table for table, rows in copy.tables.items() if not rows] == [], "each of them is compared"
    for seed in range(3):
        simulator.mutate(40, seed=seed, kinds=["message_sent"])
        simulator.clock(advance=2 * DAY_SECONDS)
        copy.run()
        assert copy.tables == expected(simulator)


def test_a_late_reaction_changes_the_receipt_of_an_old_message(simulator, copy):
    copy.run()
    before = copy.since(TRAILING_FROM)
    simulator.mutate(60, seed=3, kinds=["message_opened", "message_clicked"])
    copy.run()
    from_on = day(simulator.clock() - 30 * DAY_SECONDS)
    assert copy.since(from_on) == expected(simulator, from_on=from_on) != before


def test_gzip_holds_the_receipts_alone(simulator, copy):
    simulator.knobs(export_container="gzip")
    copy.run()
    assert copy.tables["message_receipts"] == expected(simulator)["message_receipts"]
    assert copy.tables["message_clicks"] == []


def test_a_file_that_is_stored_elsewhere_is_loaded(simulator, copy):
    simulator.knobs(export_redirects=True)
    copy.run()
    assert copy.tables == expected(simulator)


def test_what_is_no_longer_exported_goes_and_older_days_stay(simulator, copy):
    copy.run()
    before = copy.tables
    simulator.reset(**{**SIZES, "messages": 0})
    copy.run()
    older = {table: [row for row in rows if row["received_on"] < TRAILING_FROM] for table, rows in before.items()}
    assert copy.tables == older
    assert 0 < len(older["message_receipts"]) < len(before["message_receipts"])


def test_an_export_costs_four_calls(simulator, copy):
    copy.run()
    simulator.clear_requests()
    assert copy.run().tally.calls == 4
    assert created(simulator) == [("2026-03-01", "2026-03-31")]


def test_an_export_that_is_fresh_is_not_made_again_before_its_time(simulator, copy):
    copy.run(hours=1)
    simulator.clear_requests()
    copy.run(hours=1)
    assert created(simulator) == []
    simulator.clock(advance=3_601)
    copy.run(hours=1)
    assert created(simulator) == [("2026-03-01", "2026-03-31")]


def test_the_first_export_goes_back_in_jobs_of_whole_days_without_a_gap(simulator, copy):
    copy.run(first_days=119, days=10)
    assert created(simulator) == [
        ("2025-12-02", "2026-01-11"),
        ("2026-01-02", "2026-02-11"),
        ("2026-02-02", "2026-03-14"),
        ("2026-03-05", "2026-03-31"),
    ]
    assert copy.tables == expected(simulator)


@pytest.mark.parametrize("days_per_job", [1, 7, 31, 60])
def test_a_reaction_that_came_after_the_days_of_a_job_is_counted(simulator, copy, days_per_job):
    """Intercom counts what came on the days that it was asked for: a job alone would lose the openings after them."""
    simulator.clock(advance=30 * DAY_SECONDS)
    simulator.mutate(40, seed=5, kinds=["message_opened", "message_clicked"])
    simulator.clock(advance=60 * DAY_SECONDS)
    copy.run(first_days=151, days=150, days_per_job=days_per_job)
    assert copy.tables == expected(simulator)
    planned = ExportCalendar(ExportSettings(days=150, days_per_job=days_per_job), day(simulator.clock()), 0, 0)
    assert planned.count_jobs(planned.today - timedelta(151)) == len(created(simulator))
    simulator.clear_requests()
    copy.run(days=150, days_per_job=days_per_job)
    assert len(created(simulator)) == 1, "days that are exported again all have to reach until today"
    assert copy.tables == expected(simulator)


def test_a_reaction_counts_that_came_in_time(simulator):
    """Later ones come with no export any more, whenever the first one was made."""
    simulator.reset(**{**SIZES, "messages": 0})
    simulator.mutate(1, seed=1, kinds=["message_sent"])
    simulator.clock(advance=10 * DAY_SECONDS)
    simulator.mutate(1, seed=1, kinds=["message_opened"])
    simulator.clock(advance=40 * DAY_SECONDS)
    opened = []
    for days in (10, 5):
        copy = Copy(simulator)
        copy.run(first_days=60, days=days, days_per_job=5)  # the first of 5 days is followed by 4 more
        opened.append((len(copy.tables["message_opens"]), len(copy.tables["message_receipts"])))
    assert opened == [(1, 1), (0, 1)]


def test_a_start_date_is_where_the_first_export_begins(simulator, copy):
    for _ in range(2):
        copy.run(wishes={"start_at": NOW_AT - 21 * DAY_SECONDS})
    assert created(simulator) == [("2026-03-10", "2026-03-31")] * 2
    assert copy.tables == expected(simulator, from_on=date(2026, 3, 10))


def test_a_start_date_moved_back_exports_what_it_has_left_out_once(simulator, copy, caplog):
    for days in (5, 21, 21):
        copy.run(days=2, wishes={"start_at": NOW_AT - days * DAY_SECONDS})
    assert [first_on for first_on, _ in created(simulator)] == ["2026-03-26", "2026-03-10", "2026-03-29"]
    assert copy.tables == expected(simulator, from_on=date(2026, 3, 10))
    assert [message for message in caplog.messages if "start_date" in message] == [
        "content_export: start_date is earlier than before; everything since then is read"
    ]


def test_after_a_long_pause_everything_since_the_last_export_is_exported(simulator, copy):
    copy.run()
    simulator.mutate(20, seed=1, kinds=["message_sent"])
    simulator.clock(advance=70 * DAY_SECONDS)
    simulator.clear_requests()
    copy.run()
    assert copy.tables == expected(simulator)
    assert len(created(simulator)) == 3


@pytest.mark.parametrize("wishes", [{}, {"since": 2**31}, {"from_scratch": True}], ids=str)
def test_the_plan_of_a_sync_counts_the_jobs_after_a_long_pause(simulator, copy, wishes):
    copy.run()
    simulator.clock(advance=200 * DAY_SECONDS)
    with Client.connect(simulator.url, simulator.token, 0.9, 4) as client:
        question = SizeQuestion(client, Identity.of(client), copy.state, Wishes(**wishes), 900, ExportSettings())
        size = CONTENT_EXPORT.size(question)
    simulator.clear_requests()
    copy.run(wishes=wishes)
    assert len(created(simulator)) >= 7
    assert size.calls == len(created(simulator)) * CALLS_OF_A_JOB


def test_reactions_that_came_during_a_long_pause_count(simulator, copy):
    """The last export has seen no reaction that came after it, to messages of the days before it."""
    copy.run()
    before = copy.since(TRAILING_FROM)
    simulator.clock(advance=5 * DAY_SECONDS)
    simulator.mutate(60, seed=3, kinds=["message_opened", "message_clicked"])
    simulator.clock(advance=40 * DAY_SECONDS)
    copy.run()
    assert copy.since(TRAILING_FROM) == expected(simulator, from_on=TRAILING_FROM) != before


def test_since_exports_again_from_there(simulator, copy):
    copy.run()
    simulator.clear_requests()
    copy.run(wishes={"since": NOW_AT - 75 * DAY_SECONDS})
    assert created(simulator) == [("2026-01-15", "2026-03-16"), ("2026-02-15", "2026-03-31")]
    assert copy.tables == expected(simulator)


@pytest.mark.parametrize("wish", [{"since": 0}, {"start_at": 1}])
def test_no_job_is_spent_on_the_time_before_the_workspace(simulator, copy, wish):
    copy.run(wishes=wish, days_per_job=5_000)
    me = httpx.get(f"{simulator.url}/me", headers={"Authorization": f"Bearer {simulator.token}"}).json()
    assert created(simulator) == [(str(day(me["app"]["created_at"])), "2026-03-31")]
    assert copy.tables == expected(simulator)

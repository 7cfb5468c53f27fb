"""Content data export where jobs fail, answers break off, somebody else's job is in the way, or a run was killed."""

import json

import httpx
import pytest

from sources.intercom.api.errors import AccessDenied, BadAnswer, ExportFailed, ExportOccupied
from sources.intercom.export.jobs import KeptJob
from tests.support.exports.mailing import DAY_SECONDS, NOW_AT, TRAILING_FROM, created, expected

pytestmark = pytest.mark.end_to_end


@pytest.mark.parametrize(("days", "until"), [(0, "2026-03-16"), (5, "2026-03-21"), (30, "2026-03-31")])
def test_a_failed_job_is_tried_once_more_with_half_of_its_days(simulator, copy, days, until):
    """Half of them with all of their reactions: fewer would replace those that are loaded."""
    simulator.knobs(export_fails=True)
    with pytest.raises(ExportFailed, match="export_days_per_job or export_days"):
        copy.run(first_days=30, days=days)
    assert created(simulator) == [("2026-03-01", "2026-03-31"), ("2026-03-01", until)]
    simulator.knobs(export_fails=False)
    copy.run()
    assert copy.tables == expected(simulator)


def ids(receipts):
    return {row["receipt_id"] for row in receipts}


def test_jobs_that_intercom_has_cut_are_followed_by_smaller_ones_until_all_receipts_are_loaded(simulator, copy, caplog):
    simulator.knobs(export_most_rows=40)
    copy.run(days=2, most_rows=40)
    assert copy.tables["message_receipts"]
    assert ids(copy.tables["message_receipts"]) == ids(expected(simulator)["message_receipts"])
    halves = ["2026-03-04", "2026-02-17", "2026-02-09"]
    assert created(simulator)[1:4] == [("2026-01-31", until) for until in halves]
    assert not caplog.messages


def test_a_missing_permission_is_told(simulator, copy):
    simulator.knobs(missing_scopes="export")
    with pytest.raises(AccessDenied, match="POST /export/content/data answered 403"):
        copy.run()


@pytest.mark.parametrize("operation", ["createDataExport", "getDataExport", "downloadDataExport"])
@pytest.mark.parametrize(
    "fault", [{"kind": "error", "status": 502, "html": True}, {"kind": "reset"}, {"kind": "empty"}], ids=str
)
def test_trouble_on_the_way_is_repeated(simulator, copy, operation, fault):
    simulator.faults({**fault, "operation": operation, "times": 2})
    copy.run(first_days=30)
    assert copy.tables == expected(simulator, from_on=TRAILING_FROM)


def test_a_download_cut_in_the_middle_is_repeated(simulator, copy):
    simulator.faults({"kind": "truncated", "operation": "downloadDataExport", "times": 1})
    copy.run()
    assert copy.tables == expected(simulator)


def test_a_file_that_is_broken_in_two_runs_is_given_up_for_that_of_another_job(simulator, copy, tmp_path):
    kept_in = tmp_path / "job.json"
    simulator.faults({"kind": "truncated", "operation": "downloadDataExport", "times": 0})
    with pytest.raises(BadAnswer):
        copy.run(kept=KeptJob(kept_in))
    simulator.faults()
    identifier = json.loads(kept_in.read_text())["job_identifier"]
    simulator.faults({"kind": "truncated", "operation": f"/download/content/data/{identifier}", "times": 0})
    with pytest.raises(BadAnswer):
        copy.run(kept=KeptJob(kept_in))
    copy.run(kept=KeptJob(kept_in))
    assert copy.tables == expected(simulator)


def somebody_elses_job(simulator):
    body = {"created_at_after": NOW_AT - DAY_SECONDS, "created_at_before": NOW_AT}
    headers = {"Authorization": f"Bearer {simulator.token}", "Intercom-Version": "2.10"}
    answer = httpx.post(f"{simulator.url}/export/content/data", json=body, headers=headers)
    return f"{simulator.url}/export/content/data/{answer.json()['job_identifier']}", headers


def test_somebody_elses_job_is_left_alone_and_explained(simulator, copy):
    simulator.knobs(export_polls=1_000_000)
    job, headers = somebody_elses_job(simulator)
    with pytest.raises(ExportOccupied, match="Another tool or person exports content data"):
        copy.run(wait_seconds=0.2)
    assert httpx.get(job, headers=headers).json()["status"] == "in_progress"


def test_when_somebody_elses_job_ends_ours_begins(simulator, copy):
    message = "Exceeded rate limit of 1 pending message data export jobs"
    fault = {"kind": "error", "status": 429, "code": "rate_limit_exceeded", "message": message}
    simulator.faults({**fault, "operation": "createDataExport", "times": 4})
    copy.run()
    assert copy.tables == expected(simulator)


def test_a_job_of_a_killed_run_is_taken_up_and_what_came_since_is_exported(simulator, copy, tmp_path):
    simulator.knobs(export_polls=1_000_000)
    with pytest.raises(BadAnswer, match="still in_progress"):
        copy.run(kept=KeptJob(tmp_path / "job.json"), wait_seconds=0.2, first_days=30)
    copy.state.clear()  # as after a kill
    simulator.mutate(20, seed=1, kinds=["message_sent", "message_clicked"])
    simulator.knobs(export_polls=1)
    simulator.clear_requests()
    copy.run(kept=KeptJob(tmp_path / "job.json"), first_days=30)
    assert copy.tables == expected(simulator, from_on=TRAILING_FROM)
    operations = [one["operation"] for one in simulator.requests()]
    assert operations[1:4] == ["getDataExport", "downloadDataExport", "createDataExport"]


def test_a_job_that_is_pending_for_more_than_a_day_is_canceled_and_followed_by_another(simulator, copy, tmp_path):
    kept_in = tmp_path / "job.json"
    simulator.knobs(export_polls=1_000_000)
    with pytest.raises(BadAnswer, match="still in_progress"):
        copy.run(kept=KeptJob(kept_in), wait_seconds=0.2)
    stuck = json.loads(kept_in.read_text())
    kept_in.write_text(json.dumps(stuck | {"created_at": NOW_AT - 2 * DAY_SECONDS}))
    simulator.knobs(export_polls=1)
    poll = f"/export/content/data/{stuck['job_identifier']}"
    simulator.faults({"kind": "altered", "operation": poll, "places": {"status": '"pending"'}, "times": 0})
    copy.run(kept=KeptJob(kept_in), wait_seconds=0.2)
    assert copy.tables == expected(simulator)
    assert simulator.counters()["operations"]["cancelDataExport"] == 1


def test_a_job_of_a_killed_run_that_left_earlier_days_out_is_canceled(simulator, copy, tmp_path):
    simulator.knobs(export_polls=1_000_000)
    with pytest.raises(BadAnswer, match="still in_progress"):
        copy.run(kept=KeptJob(tmp_path / "job.json"), wait_seconds=0.2, first_days=30)
    copy.state.clear()
    simulator.knobs(export_polls=1)
    copy.run(kept=KeptJob(tmp_path / "job.json"), first_days=60)
    assert copy.tables == expected(simulator)
    assert simulator.counters()["operations"]["cancelDataExport"] == 1


@pytest.mark.parametrize("status", [404, 410, 400])
def test_a_job_of_a_killed_run_that_is_unknown_or_refused_is_forgotten(simulator, copy, tmp_path, status):
    """Whoever keeps it is refused in every run to come."""
    fault = {"kind": "error", "status": status, "code": "not_found", "operation": "/export/content/data/gone"}
    simulator.faults({**fault, "times": 0})
    content = '{"job_identifier": "gone", "first_on": "2026-01-01", "last_on": "2026-01-31", "created_at": 1774958000}'
    (tmp_path / "job.json").write_text(content)
    copy.run(kept=KeptJob(tmp_path / "job.json"), first_days=30)
    assert copy.tables == expected(simulator, from_on=TRAILING_FROM)
    assert not (tmp_path / "job.json").exists()

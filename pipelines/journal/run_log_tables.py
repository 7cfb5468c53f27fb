"""The tables `sync_runs` and `sync_resources`: what every run did, kept with the data."""

from pipelines.destination.tables.log_tables import append
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.journal.outcome import Outcome
from sources.intercom.rows.table import Row, Table, integer, number, text, unix_seconds
from sources.intercom.sweep import Finding

# The results of a sweep that are kept: column -> the word that people read.
FINDINGS = {
    Finding.MARKED: "gone",
    Finding.MERGED: "merged",
    Finding.RETURNED: "returned",
    Finding.SILENT: "silent",
    Finding.MISSED: "missed",
}

SYNC_RUNS = Table(
    name="sync_runs",
    one_row="a run of sync, sweep or audit",
    key=("run_id",),
    columns=text(
        "impersonal",
        run_id="the run's id",
        status="complete, failed or interrupted",
        resources="what was to be read",
        error="why it failed",
    )
    | unix_seconds(started_at="when it began", finished_at="when the load ended")
    | integer(
        count_calls="calls sent to Intercom, retries included",
        count_retries="calls repeated after a failure",
        count_rate_limited="calls that Intercom refused with 429",
        count_rows="rows written, rows written over included",
        rate_limit="calls that Intercom allows in 10 seconds",
    )
    | number(rate_share="share of the allowed calls that was used while reading"),
)
SYNC_RESOURCES = Table(
    name="sync_resources",
    one_row="a resource in a run of sync, or sweep_<resource> or audit_<resource> in a sweep or audit",
    key=("run_id", "resource"),
    columns=text(
        "impersonal",
        run_id="sync_runs.run_id",
        resource="the resource; sweep_<resource> for its sweep, audit_<resource> for its audit",
        status="complete, failed, interrupted, not loaded (see sync_runs.error) or waiting (not reached)",
        error="why it failed",
    )
    | unix_seconds(
        watermark="highest updated_at that was loaded; empty where the resource is read whole",
        created_since="sweep --since-last: only records created since then were compared; empty for a whole sweep",
    )
    | integer(
        count_records="new or changed records",
        count_repeated="records that came again unchanged, because searches overlap",
        count_rescued="records that only the overlap of searches found: indexed late, or changed twice in a second",
        rescued_seconds="how far behind the watermark the latest of the rescued records was",
        count_vanished="records that were gone when their details were asked for",
        count_unlisted="records that Intercom counts and its listing does not show; they are not loaded",
        count_marked="sweep: records found to be gone from Intercom",
        count_merged="sweep: of these, contacts that were merged into another one",
        count_returned="sweep: records that were marked as gone and are there again",
        count_silent="sweep: records that had changed without moving updated_at",
        count_missed="sweep: new or changed records that no sync would have read any more",
        count_calls="calls sent",
        count_retries="calls repeated after a failure",
        count_rate_limited="calls refused with 429",
    )
    | number(seconds="time spent on this resource, while others are read in parallel"),
)


def record(raw: RawTables, outcome: Outcome) -> None:
    """Write a run into the run log: its rows of `sync_runs` and `sync_resources`."""
    append(raw, [(SYNC_RUNS, [_run_row(outcome)]), (SYNC_RESOURCES, _resource_rows(outcome))])


def _run_row(outcome: Outcome) -> Row:
    return {
        "run_id": outcome.run_id,
        "status": outcome.status,
        "resources": ", ".join(outcome.resources),
        "error": outcome.error or outcome.log_error,
        "started_at": outcome.started_at,
        "finished_at": outcome.finished_at,
        "count_calls": outcome.tally.calls,
        "count_retries": outcome.tally.retries,
        "count_rate_limited": outcome.tally.rate_limited,
        "count_rows": outcome.count_rows.total(),
        "rate_limit": outcome.rate_limit,
        "rate_share": outcome.rate_share,
    }


def _resource_rows(outcome: Outcome) -> list[Row]:
    return [
        {
            "run_id": outcome.run_id,
            "resource": report.resource,
            "status": report.status,
            "error": None if report.error is None else str(report.error),
            "watermark": report.watermark,
            "created_since": report.created_since,
            "count_records": report.count_records,
            "count_repeated": report.count_repeated,
            "count_rescued": report.count_rescued,
            "rescued_seconds": report.rescued_seconds,
            "count_vanished": report.count_vanished,
            "count_unlisted": report.tally.unlisted,
            **{f"count_{finding}": report.found[finding] for finding in FINDINGS if outcome.command == "sweep"},
            "count_calls": report.tally.calls,
            "count_retries": report.tally.retries,
            "count_rate_limited": report.tally.rate_limited,
            "seconds": round(report.seconds, 3),
        }
        for report in outcome.report.resources.values()
        if report.resource in outcome.resources  # and not what was asked for none, such as whose workspace it is
    ]

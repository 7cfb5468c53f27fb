"""Content data export: create, poll, download, cancel."""

import orjson

from simulator import errors
from simulator.clock import DAY_SECONDS
from simulator.endpoints.export_storage import link_to
from simulator.export_files import packed
from simulator.http.answer import JSON, Answer
from simulator.http.call import Call
from simulator.record import Record
from simulator.search.day_bounds import day_bounds
from simulator.workspace.data_export.export_jobs import ExportJob

FOUND = 302
GATEWAY_TIMEOUT = 504


def create_export(call: Call) -> Record:
    """Answer POST /export/content/data: a pending job over whole days of the workspace, both ends included."""
    bounds = []
    for name in ("created_at_after", "created_at_before"):
        value = call.body.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise errors.parameter_invalid(f"{name} must be an integer")
        bounds.append(value)
    if bounds[0] > bounds[1]:
        raise errors.parameter_invalid("created_at_after must not be later than created_at_before")
    timezone = call.workspace.app["timezone"]
    low, high = day_bounds(bounds[0], timezone)[0], day_bounds(bounds[1], timezone)[1]
    refusing = call.workspace.exports.active()
    if refusing is not None:
        _move_on(call, refusing)  # even when nobody polls it any more, because its client was killed
        raise errors.ApiError(429, "rate_limit_exceeded", "Exceeded rate limit of 1 pending message data export jobs")
    return call.workspace.exports.create(low, high, call.workspace.clock.now()).shown(call.base_url)


def show_export(call: Call) -> Record | Answer:
    """Answer GET /export/content/data/{id}: one step further with every poll; a failed job is answered as a 504."""
    job = call.workspace.exports.find(call.id)
    _move_on(call, job)
    shown = job.shown(call.base_url)
    return Answer(orjson.dumps(shown), GATEWAY_TIMEOUT, JSON) if job.status == "failed" else shown


def download_export(call: Call) -> Answer:
    """Answer GET /download/content/data/{id}: the content export as gzip or ZIP bytes, or a link, while kept."""
    job = call.workspace.exports.find(call.id)
    is_kept = job.expires_at is not None and call.workspace.clock.now() < job.expires_at
    if job.status != "completed" or not is_kept:
        raise errors.ApiError(404, "not_found", "Object not found.")
    if call.options.export_redirects:
        return Answer(b"", FOUND, location=link_to(job, call.base_url, call.workspace.clock.now()))
    return Answer(job.files, 200, "application/octet-stream")


def cancel_export(call: Call) -> Record:
    """Answer POST /export/cancel/{id}: the content export's job, now canceled."""
    return call.workspace.exports.cancel(call.id).shown(call.base_url)


def _move_on(call: Call, job: ExportJob) -> None:
    if call.workspace.exports.step(job, call.options.export_polls, call.workspace.clock.now()):
        _end(call, job)


def _end(call: Call, job: ExportJob) -> None:
    if call.options.export_fails:
        job.status = "failed"
        return
    tables = call.workspace.mailing.tables(job.low, job.high)
    if most := call.options.export_most_rows:
        tables = {kind: rows[:most] for kind, rows in tables.items()}
    if not tables:
        job.status = "no_data"
        return
    now = call.workspace.clock.now()
    job.status = "completed"
    job.expires_at = now + call.options.export_expiry_days * DAY_SECONDS
    job.files = packed(tables, call.options.export_container, now)

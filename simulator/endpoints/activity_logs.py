"""Admin activity logs."""

from simulator import errors
from simulator.clock import DAY_SECONDS
from simulator.http.call import Call
from simulator.http.paging import PageNumbers
from simulator.record import Record

LOG_PAGES = PageNumbers(default=20, maximum=250, has_null_next=True)
DEFAULT_DAYS = 30


def list_activity_logs(call: Call) -> Record:
    """Answer GET /admins/activity_logs: between two times (both included), newest first, without a total."""
    now = call.workspace.clock.now()
    after = _time(call, "created_at_after")
    before = _time(call, "created_at_before")
    if after is None:
        if call.options.missing_created_at_after == "error":
            message = "Please provide the following parameters: created_at_after"
            raise errors.ApiError(404, "parameter_not_found", message)
        after = now - DEFAULT_DAYS * DAY_SECONDS
    before = now if before is None else before
    widest_days = call.options.activity_log_widest_days
    if widest_days and before - after > widest_days * DAY_SECONDS:
        raise errors.server_error()
    index = call.workspace.activity_logs.index("created_at")
    entries = index.entries[index.first_at(after) : index.first_at(before + 1)][::-1]
    logs = [call.workspace.activity_logs.records[str(key)] for _, key in entries]
    answer = LOG_PAGES.answer(call, logs, list_type="activity_log.list", key="activity_logs")
    del answer["total_count"]
    return answer


def _time(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    if not text.lstrip("-").isdigit():
        raise errors.parameter_invalid(f"{name} must be a unix timestamp")
    return int(text)

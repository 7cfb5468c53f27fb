"""The log for machines: one JSON object a line on standard error, each with the same first fields."""

import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

from pipelines.journal.events import Event, Level

# The run that this process is doing; null before one has begun.
RUN_ID: ContextVar[str | None] = ContextVar("run_id", default=None)
ENVELOPE = {
    "at": "when it was said: ISO 8601, UTC, milliseconds",
    "level": "info, warning or error",
    "event": "one of the events below",
    "run_id": "the run, as in `sync_runs`; null before one has begun",
}


def log(event: Event, level: Level | None = None, /, **fields: Any) -> None:
    """Write one line of the JSON log. `level`: if it is not the event's usual one."""
    from sources.intercom.secrecy.safe_text import safe_json  # noqa: PLC0415 - with dlt, which comes late

    sys.stderr.write(safe_json(json_line(event, level, **fields)) + "\n")
    sys.stderr.flush()


def json_line(event: Event, level: Level | None = None, /, **fields: Any) -> str:
    """Return one line of the JSON log, in which nothing is masked yet."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"at": at, "level": level or event.levels[0], "event": event.name, "run_id": RUN_ID.get(), **fields}
    return orjson.dumps(line, default=str).decode()

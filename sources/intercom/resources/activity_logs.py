"""Activity logs: what teammates did, read in windows of days, because wide ranges answer 500 or time out."""

from collections.abc import Iterable, Iterator

from ..api.day import DAY_SECONDS
from ..api.errors import BadAnswer
from ..api.http.retries import QUICK_ATTEMPTS
from ..api.identity import not_ahead
from ..api.lists.page import PER_PAGE, Page
from ..api.record import Record, record_id, updated_at
from ..incremental.dlt_state import WindowState, opened, reset
from ..incremental.earlier_start import say_earlier_start
from ..incremental.unchanged_lists import changed
from ..incremental.windows import Window
from ..reading.reading import Reading
from ..reading.resource import Continuation, Resource
from ..reading.session import Session
from ..rows.flatten import flatten
from ..rows.table import Rows, Table, json, text, unix_seconds

PATH = "/admins/activity_logs"
OVERLAP_SECONDS = DAY_SECONDS
CLOCK_SECONDS = 60

ACTIVITY_LOGS_TABLE = Table(
    name="activity_logs",
    one_row="something that a teammate did in the workspace's settings",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        activity_type="kind of activity (an open set)",
        performed_by__type="always admin",
        performed_by__id="admins.id",
        performed_by__email="e-mail address at that time",
        performed_by__ip="IP address",
    )
    | text("summary", activity_description="the same in words")
    | unix_seconds(created_at="when it was done")
    | json("detail", metadata="facts of the activity; each type has its own"),
)


def read(reading: Reading) -> Iterator[Rows]:
    """Read the activity logs, one window after another, up to now, without windows unchanged since the last run."""
    yield from changed(reading, _windows(reading))


def _windows(reading: Reading) -> Iterator[Rows]:
    """Yield every window of activity logs.

    Logs are only ever added. The state remembers up to where windows were read whole (by Intercom's clock, less a day
    for what is logged late), and not the newest log: a quiet year would be read again every night. An unfinished pass
    goes on no later than a day before it was left, either: the last day is read in one chunk.
    """
    state, session = opened(reading.state, WindowState), reading.session
    is_first_chunk = session.begins(reading.report.resource)
    reading.unreadable.is_listed_whole = session.wishes.from_scratch
    if is_first_chunk and session.wishes.from_scratch:
        reset(state)
    if is_first_chunk:
        _take_up_start(state, session)
        yield from _looked_again(reading)
    after, until = _start(state, session), int(session.identity.now())
    if is_first_chunk and session.wishes.since is not None:
        after = min(after, session.wishes.since)
    # Where Intercom does not tell its clock, its newest log says how late it is at least; ours may be days ahead.
    newest_at = max(after, state.get("read_until", 0))
    for window, pages in _listed_windows(reading, Window(after, until)):
        newest_at = max([newest_at, *(updated_at(log) for page in pages for log in page.records)])
        reached = until if session.identity.has_clock else newest_at
        for rows in _in_two(reading, pages, _read_until(state, reached) - OVERLAP_SECONDS):
            yield rows
            reading.chunk.take(len(rows[0][1]))
        _advance(state, window, reached)
        is_settled = window.end <= reached - OVERLAP_SECONDS
        if session.stop.is_set() or (is_settled and reading.chunk.is_spent):
            return


def _listed_windows(reading: Reading, window: Window) -> Iterator[tuple[Window, list[Page]]]:
    """Yield each window up to the present with its pages, in windows as short as Intercom needs them."""
    while True:
        try:
            pages = _pages(reading, window.after, window.before)
        except BadAnswer:
            shorter = window.halved()
            if shorter is None:
                raise
            window = shorter
            continue
        yield window, pages
        if window.is_last:
            return
        window = window.following(len(pages))


def _advance(state: WindowState, window: Window, reached: int) -> None:
    """Remember that `window` was read when it was `reached` or later by Intercom's clock."""
    if window.is_last:
        state.pop("pass", None)
        state["read_until"] = _read_until(state, reached)
    else:
        state["pass"] = {"after": min(window.end, reached - OVERLAP_SECONDS)}


def _looked_again(reading: Reading) -> Iterator[Rows]:
    """Yield logs of spans in which one had no id; a span that Intercom does not list blocks nothing."""
    for span in reading.unreadable.spans:
        try:
            pages = _pages(reading, *span)
        except BadAnswer:
            reading.unreadable.still_unlisted(span)
            continue
        yield _rows_of(reading, (log for page in pages for log in page.records))
        reading.unreadable.looked_again(span)


def _read_until(state: WindowState, until: int) -> int:
    """Return up to where logs will be read whole, as it is remembered: it moves once a day.

    Intercom's clock is known to a second, and may seem to go back by one.
    """
    now, before = int(not_ahead(until)), state.get("read_until", 0)
    return before if -CLOCK_SECONDS < now - before < DAY_SECONDS else now


def _in_two(reading: Reading, pages: list[Page], joint: int) -> Iterator[Rows]:
    """Yield the logs of a window up to the beginning of the next run, and those that it will bring again."""
    parts: tuple[list[Record], list[Record]] = ([], [])
    for page in pages:
        for log in page.records:
            parts[updated_at(log) >= joint].append(log)
    for part in parts:
        if part:
            yield _rows_of(reading, part)


def _rows_of(reading: Reading, records: Iterable[Record]) -> Rows:
    logs = {record_id(log, PATH): log for log in records}
    reading.report.count_records += len(logs)
    return reading.unreadable.rows_of(logs.values(), _rows, updated_at)


def _pages(reading: Reading, after: int, before: int | None) -> list[Page]:
    """Return a whole window of logs; both ends are included, whatever Intercom's own rule is. None is an open end."""
    until = int(reading.session.identity.now()) if before is None else before
    pages = reading.listed(
        PATH,
        "activity_logs",
        bad_answers=QUICK_ATTEMPTS,
        span=(after, until),
        created_at_after=after - 1,
        created_at_before=None if before is None else before + 1,
        per_page=PER_PAGE,
    )
    return list(pages)


def _take_up_start(state: WindowState, session: Session) -> None:
    """Remember since when logs are read; all since an earlier start are, by a pass that says so until its end.

    An earlier version has not kept it: it had the start date of now, as far as anybody knows.
    """
    start_at = _start_date(session)
    is_begun = "pass" in state or "read_until" in state
    if is_begun and start_at < state.get("read_from", start_at):
        state["pass"] = {"after": start_at}
        say_earlier_start(PATH, session.wishes)
    state["read_from"] = min(start_at, state.get("read_from", start_at)) if is_begun else start_at


def _start(state: WindowState, session: Session) -> int:
    if "pass" in state:
        return state["pass"]["after"]
    if "read_until" in state:
        return state["read_until"] - OVERLAP_SECONDS
    return _start_date(session)


def _start_date(session: Session) -> int:
    return max(session.wishes.start_at, session.identity.nothing_before)


def _rows(logs: list[Record]) -> Rows:
    return [(ACTIVITY_LOGS_TABLE, [flatten(log, {"metadata"}) for log in logs])]


ACTIVITY_LOGS = Resource(
    "activity_logs", (ACTIVITY_LOGS_TABLE,), read, (f"GET {PATH}",), continuation=Continuation.FROM_WATERMARK
)

"""The content data export: which messages were sent to whom, and the reactions to them.

One record is a receipt. A range of days selects receipts by the time they were sent, and counts only the reactions that
came on these days, too. So a job is asked for more days than are loaded of it, the last days are exported again in
every run, and each day is replaced as a whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ..api.errors import BadAnswer, ExportFailed, ExportOccupied, NotFound, TooManyUnread
from ..api.identity import not_ahead
from ..export.csv_files import RECEIPTS_KIND, Sheet, sheets
from ..export.days import Days, day_of, start_of
from ..export.file_inspection import problem_in
from ..export.jobs import ExportJob, ExportJobs
from ..export.receipt_rows import receipt_rows
from ..export.receipt_tables import MESSAGE_RECEIPTS, REACTION_TABLES
from ..incremental.dlt_state import ExportState, looked_at, opened
from ..incremental.earlier_start import say_earlier_start
from ..incremental.export_calendar import ExportCalendar, remember_exported, take_up_start
from ..reading.reading import Reading
from ..reading.resource import Continuation, Place, Resource
from ..reading.resource_size import Size, SizeQuestion
from ..reading.session import Session
from ..rows.table import Rows

NAME = "content_export"

SECONDS_PER_HOUR = 3_600
CALLS_OF_A_JOB = 6  # created, looked at a few times, downloaded


def read(reading: Reading) -> Iterator[Rows]:
    """Yield the rows of export jobs: those that end while other resources are read, or all in turn.

    No day goes into a load package twice.
    """
    session, jobs = reading.session, _jobs(reading)
    reading.unreadable.is_listed_whole = False
    if session.begins(NAME):
        if _is_fresh(reading):
            take_up_start(_state(reading), _calendar(reading).configured_on)
            return
        _drop_outdated_job(reading, jobs)
        _plan(reading)
        _give_up_what_left_days_out(reading, jobs)
    is_alone = session.others_ended.is_set()
    while True:
        if not is_alone and not _has_ended_meanwhile(reading, jobs):
            return
        with _exported(reading, jobs) as (job, files):
            yield from _rows(reading, job, files)
        reading.unreadable.covered(job.days.start_at, job.days.last_at)
        _advance(reading, job)
        jobs.kept.reset()
        if job.is_inherited or session.chunk.is_spent or "pass" not in _state(reading):
            return


def _has_ended_meanwhile(reading: Reading, jobs: ExportJobs) -> bool:
    """Follow a job while others are read; while somebody else's job is going on, ours waits until they have ended."""
    try:
        job = jobs.kept.job or jobs.create(_next_days(reading), _now(reading))
    except ExportOccupied:
        return False
    return jobs.has_ended(job, reading.session.others_ended)


def _is_fresh(reading: Reading) -> bool:
    """Return True if the last export is too young for another one."""
    session = reading.session
    is_asked = (
        NAME in session.wishes.named
        or session.wishes.from_scratch
        or session.wishes.since is not None
        or "pass" in _state(reading)
    )
    exported_until = _state(reading).get("exported_until", 0)
    return not is_asked and session.identity.now() - exported_until < session.export.hours * SECONDS_PER_HOUR


def give_up(session: Session) -> None:
    """Cancel the job of an interrupted run."""
    client = session.client.counting(session.report.of(NAME).tally)
    ExportJobs(client, session.export.kept, session.export.patience).give_up()


def _state(reading: Reading) -> ExportState:
    return opened(reading.state, ExportState)


def _jobs(reading: Reading) -> ExportJobs:
    export = reading.session.export
    checked = partial(problem_in, line_megabytes=export.line_megabytes, export_megabytes=export.megabytes)
    return ExportJobs(reading.client, export.kept, export.patience, export.days, checked)


def _plan(reading: Reading) -> None:
    state, wishes = _state(reading), reading.session.wishes
    if wishes.from_scratch:
        state.pop("exported_until", None)
    calendar = _calendar(reading)
    take_up_start(state, calendar.configured_on)
    if "exported_until" in state and calendar.unexported_from(state) < day_of(state["exported_until"]):
        by_count = f"the first of the last {reading.session.export.first_days:,} days (export_first_days)"
        say_earlier_start(NAME, wishes, "start_date" if wishes.start_at else by_count)
    state["pass"] = {"from_on": calendar.first_on(state, wishes.since).isoformat()}


def _calendar(reading: Reading) -> ExportCalendar:
    session = reading.session
    return ExportCalendar.of(session.export, session.identity, session.wishes.start_at)


def _next_days(reading: Reading) -> Days:
    return _calendar(reading).next_days(date.fromisoformat(_state(reading)["pass"]["from_on"]))


def _drop_outdated_job(reading: Reading, jobs: ExportJobs) -> None:
    """Leave a killed run's job alone that is older than the last export: another machine's has seen more."""
    job = jobs.kept.job
    if job is not None and job.created_at < _state(reading).get("exported_until", 0):
        jobs.kept.reset()


def _give_up_what_left_days_out(reading: Reading, jobs: ExportJobs) -> None:
    """Cancel the job of a killed run that began later than this one has to."""
    job = jobs.kept.job
    if job is not None and job.days.first_on > _calendar(reading).unexported_from(_state(reading)):
        jobs.give_up()


def _now(reading: Reading) -> int:
    return int(reading.session.identity.now())


def _rows(reading: Reading, job: ExportJob, files: list[Sheet]) -> Iterator[Rows]:
    kinds = sorted({RECEIPTS_KIND, *_state(reading).get("kinds", ()), *(sheet.kind for sheet in files)})
    _state(reading)["kinds"] = kinds
    leave_out, loaded = reading.unreadable.left_out, reading.session.export.loaded
    until = job.days.followed_by(reading.session.export.days, not_after=day_of(job.created_at)).last_on
    for rows in receipt_rows(files, job.days, kinds, leave_out, loaded, until):
        count = sum(len(own) for table, own in rows if table is MESSAGE_RECEIPTS)
        reading.report.count_records += count
        reading.session.chunk.take(count)
        yield rows


@contextmanager
def _exported(reading: Reading, jobs: ExportJobs) -> Iterator[tuple[ExportJob, list[Sheet]]]:
    """Yield the successful job, and its CSVs in a temporary folder."""
    parent = reading.session.export.folder
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="export-", dir=parent) as folder:
        file = Path(folder) / "export"
        job = _finished(reading, jobs, file)
        yield job, sheets(file, reading.session.export.line_megabytes) if file.exists() else []


def _finished(reading: Reading, jobs: ExportJobs, file: Path) -> ExportJob:
    """Return a job whose data is in `file`; no file where there is no data.

    A job that Intercom could not finish is followed by one for half of its days, with their late reactions as before:
    without them they would replace more by less. One that was canceled or has expired is followed by another one like
    it; both only once. An inherited job has no claim to that: it may be days old.
    """
    job = jobs.kept.job
    if job is not None and job.is_inherited:
        try:
            return _fetched(jobs, job, file)
        except (ExportFailed, NotFound):
            jobs.kept.reset()
            job = None
    job = job or jobs.create_in_turn(_next_days(reading), _now(reading))
    try:
        return _fetched(jobs, job, file)
    except ExportFailed:
        days = job.days.first_half()
    except NotFound:
        days = job.days
    jobs.kept.reset()
    job = jobs.create_in_turn(days, _now(reading))
    try:
        return _fetched(jobs, job, file)
    except (ExportFailed, NotFound):
        jobs.kept.reset()
        raise


def _fetched(jobs: ExportJobs, job: ExportJob, file: Path) -> ExportJob:
    if jobs.has_data(job):
        try:
            jobs.download(job, file)
        except TooManyUnread:
            jobs.kept.reset()  # its file will be the same tomorrow
            raise
        except BadAnswer:
            if job.is_inherited:  # it may have been broken in the run before, too: another job has another file
                jobs.kept.reset()
            raise
    return job


def _advance(reading: Reading, job: ExportJob) -> None:
    """Record what is loaded with this package, and what is left for the next one.

    An inherited job is as old as the run that died: of the days before it, late reactions are counted once more.
    """
    state = _state(reading)
    remember_exported(state, job.days.first_on)
    until = int(not_ahead(min(job.days.last_at + 1, job.created_at)))
    state["exported_until"] = max(until, int(not_ahead(state.get("exported_until", until))))
    planned_from = date.fromisoformat(state["pass"]["from_on"])
    if job.is_inherited and planned_from < job.days.first_on:
        return
    following_on = max(planned_from, job.days.last_on + timedelta(1))
    if job.is_followed:
        state["pass"]["from_on"] = following_on.isoformat()
    elif job.is_inherited:
        again_from = min(_calendar(reading).again_from(state), following_on)
        state["pass"]["from_on"] = max(planned_from, again_from).isoformat()
    else:
        state.pop("pass")
        reading.unreadable.read_no_more(start_of(_calendar(reading).today - timedelta(reading.session.export.days)))


def _size(question: SizeQuestion) -> Size:
    calendar = ExportCalendar.of(question.export, question.identity, question.start_at)
    count_jobs = calendar.count_jobs(calendar.first_on(looked_at(question.state, ExportState)))
    return Size(None, count_jobs * CALLS_OF_A_JOB)


CONTENT_EXPORT = Resource(
    NAME,
    (MESSAGE_RECEIPTS, *REACTION_TABLES),
    read,
    (
        "POST /export/content/data",
        "GET /export/content/data/{job_identifier}",
        "GET /download/content/data/{job_identifier}",
    ),
    continuation=Continuation.FROM_LAST_EXPORT,
    place=Place.AWAITED,
    size_of=_size,
)

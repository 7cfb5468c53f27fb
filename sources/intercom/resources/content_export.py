"""The content data export: which messages were sent to whom, and the reactions to them.

One record is a receipt. A range of days selects receipts by the time they were sent, and counts only the reactions that
came on these days, too. So a job is asked for more days than are loaded of it, the last days are exported again in
every run, and each day is replaced as a whole.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ..api.errors import BadAnswer, ExportCut, ExportFailed, ExportOccupied, InvalidRequest, NotFound, TooManyUnread
from ..api.identity import not_ahead
from ..export.csv_files import RECEIPTS_KIND, Sheet, sheets
from ..export.days import Days, day_of, start_of
from ..export.file_inspection import problem_in
from ..export.jobs import ExportJob, ExportJobs, InVain
from ..export.receipt_rows import ReceiptRows, has_receipts
from ..export.receipt_tables import MESSAGE_RECEIPTS, REACTION_TABLES, RECEIVED_ON
from ..incremental.dlt_state import ExportState, looked_at, opened
from ..incremental.earlier_start import say_earlier_start
from ..incremental.export_calendar import ExportCalendar, remember_exported, take_up_start
from ..reading.reading import Reading
from ..reading.resource import Continuation, Place, Resource
from ..reading.resource_size import Size, SizeQuestion
from ..reading.session import Session, Wishes
from ..rows.table import REMOVES, Rows

logger = logging.getLogger(__name__)

NAME = "content_export"

SECONDS_PER_HOUR = 3_600
CALLS_OF_A_JOB = 6  # created, looked at a few times, downloaded


def read(reading: Reading) -> Iterator[Rows]:
    """Read the content data export: jobs that end while other resources are read, or all in turn.

    No day goes into a load package twice.
    """
    yield from _Export.of(reading).read()


def give_up(session: Session) -> None:
    """Cancel the export job of an interrupted run."""
    client = session.client.counting(session.report.of(NAME).tally)
    ExportJobs(client, session.export.kept, session.export.patience).give_up()


@dataclass(frozen=True)
class _Export:
    """The content export's jobs of one load package; `is_alone`: no rows of others wait with it for a job."""

    reading: Reading
    state: ExportState
    jobs: ExportJobs
    is_alone: bool

    @classmethod
    def of(cls, reading: Reading) -> "_Export":
        settings = reading.session.export
        check = partial(
            problem_in,
            line_megabytes=settings.line_megabytes,
            export_megabytes=settings.megabytes,
            most_rows=settings.most_rows,
        )
        jobs = ExportJobs(reading.client, settings.kept, settings.patience, settings.days, check)
        return cls(reading, opened(reading.state, ExportState), jobs, reading.others_ended.is_set())

    @property
    def session(self) -> Session:
        return self.reading.session

    @property
    def calendar(self) -> ExportCalendar:
        return ExportCalendar.of(self.session.export, self.session.identity, self.session.wishes.start_at)

    def read(self) -> Iterator[Rows]:
        unreadable, kept = self.reading.unreadable, self.jobs.kept
        unreadable.is_listed_whole = False
        if self.session.begins(NAME):
            if self._is_fresh():
                take_up_start(self.state, self.calendar.configured_on)
                return
            self._drop_outdated_job()
            self._plan()
            self._give_up_what_left_days_out()
        while True:
            if not self.is_alone and not self._has_ended_meanwhile():
                return
            with self._exported() as exported:
                if exported is None:
                    return
                job, files = exported
                yield from self._rows(job, files)
            unreadable.covered(job.days.start_at, job.days.last_at)
            self._advance(job)
            kept.reset()
            if job.is_inherited or self.reading.chunk.is_spent or not self.reading.is_unfinished:
                return

    def _has_ended_meanwhile(self) -> bool:
        """Follow an export job while others are read; ours waits for their end if somebody else's goes on."""
        try:
            job = self.jobs.kept.job or self.jobs.create(self._next_days(), self._now())
        except ExportOccupied:
            return False
        return self.jobs.has_ended(job, self.reading.others_ended)

    def _following(self, days: Days, in_vain: frozenset[InVain]) -> ExportJob | None:
        """Return the export job that follows one in vain; None if rows of others would have to wait for it."""
        if self.is_alone:
            return self.jobs.create_in_turn(days, self._now(), in_vain)
        try:
            job = self.jobs.create(days, self._now(), in_vain)
        except ExportOccupied:
            return None
        return job if self.jobs.has_ended(job, self.reading.others_ended) else None

    def _is_fresh(self) -> bool:
        """Return True if the last content export is too young for another one."""
        wishes = self.session.wishes
        is_asked = NAME in wishes.named or wishes.from_scratch or wishes.since is not None or self.reading.is_unfinished
        age = self.session.identity.now() - self.state.get("exported_until", 0)
        return not is_asked and age < self.session.export.hours * SECONDS_PER_HOUR

    def _plan(self) -> None:
        state, wishes, calendar = self.state, self.session.wishes, self.calendar
        first_on = _first_on(state, calendar, wishes)
        if "exported_until" in state and calendar.unexported_from(state) < day_of(state["exported_until"]):
            by_count = f"the first of the last {self.session.export.first_days:,} days (export_first_days)"
            say_earlier_start(NAME, wishes, "start_date" if wishes.start_at else by_count)
        state["pass"] = {"from_on": first_on.isoformat()}

    def _next_days(self) -> Days:
        return self.calendar.next_days(self._planned_from(), self.state["pass"].get("most_days"))

    def _planned_from(self) -> date:
        return date.fromisoformat(self.state["pass"]["from_on"])

    def _now(self) -> int:
        return int(self.session.identity.now())

    def _drop_outdated_job(self) -> None:
        """Leave a killed run's job alone that is older than the last export: another machine's job has seen more."""
        job = self.jobs.kept.job
        if job is not None and job.created_at < self.state.get("exported_until", 0):
            self.jobs.kept.reset()

    def _give_up_what_left_days_out(self) -> None:
        """Cancel the export job of a killed run that began later than this one has to."""
        job = self.jobs.kept.job
        if job is not None and job.days.first_on > self.calendar.unexported_from(self.state):
            self.jobs.give_up()

    def _rows(self, job: ExportJob, files: list[Sheet]) -> Iterator[Rows]:
        kinds = sorted({RECEIPTS_KIND, *self.state.get("kinds", ()), *(sheet.kind for sheet in files)})
        self.state["kinds"] = kinds
        leave_out, loaded = self.reading.unreadable.left_out, self.session.export.loaded
        protected = self.session.guard.privacy.protected
        answered = job.days.followed_by(self.session.export.days, not_after=day_of(job.created_at))
        received = set(self.state.get("received", ())) - _written(job.days)
        for rows in ReceiptRows(files, job.days, answered, leave_out, loaded, protected).batches(kinds):
            receipts = [row for table, own in rows if table is MESSAGE_RECEIPTS for row in own if REMOVES not in row]
            received |= _written({row[RECEIVED_ON] for row in receipts})
            self.reading.report.count_records += len(receipts)
            self.reading.chunk.take(len(receipts))
            yield rows
        self.state["received"] = sorted(received)

    @contextmanager
    def _exported(self) -> Iterator[tuple[ExportJob, list[Sheet]] | None]:
        """Yield the successful content export's job, and its CSVs in a temporary folder; None: it has to go on."""
        parent = self.session.export.folder
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="export-", dir=parent) as folder:
            file = Path(folder) / "export"
            job = self._believed(self.jobs.kept.job or self._following(self._next_days(), frozenset()), file)
            yield None if job is None else (job, self._sheets(file))

    def _believed(self, first: ExportJob | None, file: Path) -> ExportJob | None:
        """Return the export job whose data is in `file`: the first, or another one if that lacks all receipts."""
        job = self._finished(first, file)
        if job is None or not (lacking := self._lacking(job, file)):
            return job
        if InVain.WITHOUT_RECEIPTS in job.in_vain:
            logger.warning("content_export: %s; another job had none either: they are removed", lacking)
            return job
        logger.warning("content_export: %s; another job is asked for", lacking)
        self.jobs.kept.reset()
        file.unlink(missing_ok=True)
        return self._believed(self._following(self._next_days(), frozenset({InVain.WITHOUT_RECEIPTS})), file)

    def _sheets(self, file: Path) -> list[Sheet]:
        return sheets(file, self.session.export.line_megabytes) if file.exists() else []

    def _lacking(self, job: ExportJob, file: Path) -> str | None:
        """Return what an export job lacks that has no receipt at all of days of which some are loaded, or None."""
        received = sorted(_written(job.days).intersection(self.state.get("received", ())))
        if not received or has_receipts(self._sheets(file), job.days):
            return None
        return f"the export job has no receipts of {received[0]} to {received[-1]}, of which some are loaded"

    def _finished(self, job: ExportJob | None, file: Path) -> ExportJob | None:
        """Return `job` or one that follows it, with its data in `file`; no file where there is no data.

        A job that Intercom could not finish is followed by one for half of its days, with their late reactions as
        before: without them they would replace more by less. One that was canceled, has expired or is refused is
        followed by another one like it; both only once. An inherited job has no claim to that: it may be days old. One
        that Intercom has cut is followed by half of its days as often as that makes it smaller. None: there is no job,
        or none that has ended.
        """
        while job is not None:
            in_vain = job.in_vain
            try:
                return self._fetched(job, file)
            except ExportCut as cut:
                if (half := self.jobs.smaller(job)) is None:
                    self._say_cut(job, cut)
                    return job
                file.unlink()
                self.jobs.kept.reset()
                self.state["pass"]["most_days"] = len(half)
                days = self._next_days() if job.is_inherited else half
            except (ExportFailed, NotFound, InvalidRequest) as error:
                self.jobs.kept.reset()  # what is said of a job once is said of it in every run
                if InVain.FAILED in in_vain:
                    raise
                if job.is_inherited:
                    days = self._next_days()
                else:
                    days = job.days.first_half() if isinstance(error, ExportFailed) else job.days
                    in_vain |= {InVain.FAILED}
            job = self._following(days, in_vain)
        return None

    def _say_cut(self, job: ExportJob, cut: ExportCut) -> None:
        days = f"{job.days.first_on} to {job.days.last_on}"
        advice = "; lower export_days, which every job covers in addition" * bool(self.jobs.reaction_days)
        fact = f"{cut.failure.message}: some may be missing{advice}"
        logger.warning("content_export: the export job of %s has %s", days, fact)

    def _fetched(self, job: ExportJob, file: Path) -> ExportJob | None:
        has_data = self.jobs.has_data(job, is_waited_for=self.is_alone)
        if has_data is None:
            return None
        if has_data:
            try:
                self.jobs.download(job, file)
            except TooManyUnread:
                self.jobs.kept.reset()  # its file will be the same tomorrow
                raise
            except BadAnswer:
                if job.is_inherited:  # it may have been broken in the run before, too: another job has another file
                    self.jobs.kept.reset()
                raise
        return job

    def _advance(self, job: ExportJob) -> None:
        """Record what of the content export is loaded with this package, and what is left for the next one.

        An inherited job is as old as the run that died: of the days before it, late reactions are counted once more.
        """
        state = self.state
        remember_exported(state, job.days.first_on)
        until = int(not_ahead(min(job.days.last_at + 1, job.created_at)))
        state["exported_until"] = max(until, int(not_ahead(state.get("exported_until", until))))
        planned_from = self._planned_from()
        if job.is_inherited and planned_from < job.days.first_on:
            return
        following_on = max(planned_from, job.days.last_on + timedelta(1))
        if job.is_followed:
            state["pass"]["from_on"] = following_on.isoformat()
        elif job.is_inherited:
            again_from = min(self.calendar.again_from(state), following_on)
            state["pass"]["from_on"] = max(planned_from, again_from).isoformat()
        else:
            state.pop("pass")
            first_on = self.calendar.today - timedelta(self.session.export.days)
            self.reading.unreadable.read_no_more(start_of(first_on))


def _written(days: Iterable[date]) -> set[str]:
    return {day.isoformat() for day in days}


def _size(question: SizeQuestion) -> Size:
    calendar = ExportCalendar.of(question.export, question.identity, question.wishes.start_at)
    first_on = _first_on(looked_at(dict(question.state), ExportState), calendar, question.wishes)
    return Size(None, calendar.count_jobs(first_on) * CALLS_OF_A_JOB)


def _first_on(state: ExportState, calendar: ExportCalendar, wishes: Wishes) -> date:
    """Return the first day of a run's content export; the state says from now on what it continues."""
    if wishes.from_scratch:
        state.pop("exported_until", None)
    take_up_start(state, calendar.configured_on)
    return calendar.first_on(state, wishes.since)


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

"""The content data export: which messages were sent to whom, and the reactions to them.

One record is a receipt. A range of days selects receipts by the time they were sent, and counts only the reactions that
came on these days, too. So a job is asked for more days than are loaded of it, the last days are exported again in
every run, and each day is replaced as a whole.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from ..api.identity import not_ahead
from ..export.csv_files import RECEIPTS_KIND, Sheet
from ..export.days import day_of, start_of
from ..export.file_inspection import problem_in
from ..export.jobs import ExportJob, ExportJobs
from ..export.receipt_rows import ReceiptRows
from ..export.receipt_tables import MESSAGE_RECEIPTS, REACTION_TABLES, RECEIVED_ON
from ..incremental.dlt_state import ExportState, looked_at, opened
from ..incremental.earlier_start import say_earlier_start
from ..incremental.export_calendar import ExportCalendar, remember_exported, take_up_start
from ..incremental.export_delivery import Delivery, iso_days
from ..reading.reading import Reading
from ..reading.resource import Continuation, Place, Resource
from ..reading.resource_size import Size, SizeQuestion
from ..reading.session import Session, Wishes
from ..rows.table import REMOVES, Rows

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
    """The content export of one load package."""

    reading: Reading
    state: ExportState
    delivery: Delivery

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
        state = opened(reading.state, ExportState)
        return cls(reading, state, Delivery(reading, state, jobs, is_alone=reading.others_ended.is_set()))

    @property
    def session(self) -> Session:
        return self.reading.session

    @property
    def calendar(self) -> ExportCalendar:
        return self.delivery.calendar

    @property
    def jobs(self) -> ExportJobs:
        return self.delivery.jobs

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
            if not self.delivery.is_alone and not self.delivery.has_ended_meanwhile():
                return
            with self.delivery.files() as delivered:
                if delivered is None:
                    return
                job, files = delivered
                is_brought_again = yield from self._rows(job, files)
            unreadable.covered(job.days.start_at, job.days.last_at)
            self._advance(job)
            kept.reset()
            # The next job looks at what is loaded by then for the reactions that it brings again.
            is_enough = is_brought_again or self.reading.chunk.is_spent
            if job.is_inherited or is_enough or not self.reading.is_unfinished:
                return

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

    def _rows(self, job: ExportJob, files: list[Sheet]) -> Generator[Rows, None, bool]:
        """Yield the rows that a job of the export brings; return True if some of them come with the next one, too."""
        kinds = sorted({RECEIPTS_KIND, *self.state.get("kinds", ()), *(sheet.kind for sheet in files)})
        self.state["kinds"] = kinds
        leave_out, loaded = self.reading.unreadable.left_out, self.session.export.loaded
        protected = self.session.guard.privacy.protected
        answered = job.days.followed_by(self.session.export.days, not_after=day_of(job.created_at))
        received = set(self.state.get("received", ())) - iso_days(job.days)
        brought = ReceiptRows(files, job.days, answered, leave_out, loaded, protected)
        for rows in brought.batches(kinds):
            receipts = [row for table, own in rows if table is MESSAGE_RECEIPTS for row in own if REMOVES not in row]
            received |= iso_days({row[RECEIVED_ON] for row in receipts})
            self.reading.report.count_records += len(receipts)
            self.reading.chunk.take(len(receipts))
            yield rows
        self.state["received"] = sorted(received)
        return bool(brought.undated)

    def _advance(self, job: ExportJob) -> None:
        """Record what of the content export is loaded with this package, and what is left for the next one.

        An inherited job is as old as the run that died: of the days before it, late reactions are counted once more.
        """
        state = self.state
        remember_exported(state, job.days.first_on)
        until = int(not_ahead(min(job.days.last_at + 1, job.created_at)))
        state["exported_until"] = max(until, int(not_ahead(state.get("exported_until", until))))
        planned_from = self.delivery.planned_from()
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

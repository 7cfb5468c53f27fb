"""The delivery of days of the content export: by the first job, or by one that follows a job that came to nothing."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from ..api.errors import BadAnswer, ExportCut, ExportFailed, ExportOccupied, InvalidRequest, NotFound, TooManyUnread
from ..export.csv_files import Sheet, sheets
from ..export.days import Days
from ..export.jobs import ExportJob, ExportJobs, InVain
from ..export.receipt_rows import has_receipts
from ..reading.reading import Reading
from .dlt_state import ExportState
from .export_calendar import ExportCalendar

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """The delivery of the days that the `state` of the content export has planned, job by job.

    `is_alone`: no rows of others wait with it for a job.
    """

    reading: Reading
    state: ExportState
    jobs: ExportJobs
    is_alone: bool

    @property
    def calendar(self) -> ExportCalendar:
        """The calendar of this moment: a run may go on over midnight."""
        session = self.reading.session
        return ExportCalendar.of(session.export, session.identity, session.wishes.start_at)

    def has_ended_meanwhile(self) -> bool:
        """Follow an export job while others are read; ours waits for their end if somebody else's goes on."""
        try:
            job = self.jobs.kept.job or self.jobs.create(self._next_days(), self._now())
        except ExportOccupied:
            return False
        return self.jobs.has_ended(job, self.reading.others_ended)

    @contextmanager
    def files(self) -> Iterator[tuple[ExportJob, list[Sheet]] | None]:
        """Yield the successful content export's job, and its CSVs in a temporary folder; None: it has to go on."""
        parent = self.reading.session.export.folder
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="export-", dir=parent) as folder:
            file = Path(folder) / "export"
            job = self._believed(self.jobs.kept.job or self._following(self._next_days(), frozenset()), file)
            yield None if job is None else (job, self._sheets(file))

    def _following(self, days: Days, in_vain: frozenset[InVain]) -> ExportJob | None:
        """Return the export job that follows one in vain; None if rows of others would have to wait for it."""
        if self.is_alone:
            return self.jobs.create_in_turn(days, self._now(), in_vain)
        try:
            job = self.jobs.create(days, self._now(), in_vain)
        except ExportOccupied:
            return None
        return job if self.jobs.has_ended(job, self.reading.others_ended) else None

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
        return sheets(file, self.reading.session.export.line_megabytes) if file.exists() else []

    def _lacking(self, job: ExportJob, file: Path) -> str | None:
        """Return what an export job lacks that has no receipt at all of days of which some are loaded, or None."""
        received = sorted(iso_days(job.days).intersection(self.state.get("received", ())))
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

    def _next_days(self) -> Days:
        return self.calendar.next_days(self.planned_from(), self.state["pass"].get("most_days"))

    def planned_from(self) -> date:
        """Return the first day that is still to be delivered."""
        return date.fromisoformat(self.state["pass"]["from_on"])

    def _now(self) -> int:
        return int(self.reading.session.identity.now())


def iso_days(days: Iterable[date]) -> set[str]:
    """Return days as the state of a delivery has them: ISO 8601."""
    return {day.isoformat() for day in days}

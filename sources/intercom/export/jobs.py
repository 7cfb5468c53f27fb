"""Content data export jobs: created, waited for, downloaded, cancelled. A workspace has one at a time.

Source of the rules: API reference, "Data export". Creating a second job is refused with a 429 of its own kind; a job
that failed answers its poll with a 504 that carries the job.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from pathlib import Path
from threading import Event
from typing import Any

from ..api.call import Call
from ..api.errors import BadAnswer, ExportFailed, ExportOccupied, IntercomError, InvalidRequest, NotFound, Stopped
from ..api.http.client import Client
from ..api.record import path_of
from .csv_files import DOWNLOAD_PATH
from .days import Days, day_of
from .file_inspection import problem_in

logger = logging.getLogger(__name__)

PATH = "/export/content/data"
CANCEL_PATH = "/export/cancel"
LONGEST_PAUSE_SECONDS = 60.0
PACKAGE_SECONDS = 1.0  # what a separate load package takes at least
ENDED = {"completed", "no_data", "failed", "canceled"}
LONGEST_SECONDS = 86_400  # Intercom itself fails a job in progress after this long, but not a pending one


class InVain(Enum):
    """A way in which an export job can come to nothing. Another job follows it once, and that one is believed."""

    FAILED = auto()
    WITHOUT_RECEIPTS = auto()


@dataclass(frozen=True)
class ExportJob:
    """One of Intercom's export jobs: `created_at` is by Intercom's clock; the job holds nothing later.

    `days`: the days that are loaded from it; it may cover more, so that late reactions to these are counted.
    `is_inherited`: an earlier run created it and did not finish it. `in_vain`: how jobs before it have come to nothing.
    """

    identifier: str
    days: Days
    created_at: int
    is_inherited: bool = False
    in_vain: frozenset[InVain] = frozenset()

    @property
    def is_followed(self) -> bool:
        """True if later days were over when the export job was created; otherwise it has all that was known."""
        return self.days.last_on < day_of(self.created_at)


class KeptJob:
    """The current export job, also saved to `file`, so that the run after a killed one can continue it."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.job = None if file is None else _read(file)

    def keep(self, job: ExportJob) -> None:
        """Remember `job` as the current export job."""
        self.job = job
        if self._file is None:
            return
        days = {"first_on": job.days.first_on.isoformat(), "last_on": job.days.last_on.isoformat()}
        content = {"job_identifier": job.identifier, **days, "created_at": job.created_at}
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps(content))
        partial.replace(self._file)

    def reset(self) -> None:
        """Forget the current export job, which has ended."""
        self.job = None
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def _path(job: ExportJob) -> str:
    return path_of(PATH, job.identifier)


def _read(file: Path) -> ExportJob | None:
    try:
        content = json.loads(file.read_text())
        days = Days(date.fromisoformat(content["first_on"]), date.fromisoformat(content["last_on"]))
        return ExportJob(str(content["job_identifier"]), days, int(content["created_at"]), is_inherited=True)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True)
class Patience:
    """How an export job is waited for: `first_seconds` until the first look, `limit_seconds` in all."""

    first_seconds: float = 1.0
    limit_seconds: float = 3600.0

    def pauses(self, client: Client) -> Iterator[float]:
        """Yield after growing pauses for an export job, until the limit; raises Stopped when the run is stopped."""
        started = time.monotonic()
        while (waited := time.monotonic() - started) < self.limit_seconds:
            if client.stop.wait(self.pause_seconds(waited)):
                raise Stopped(Call("GET", PATH).failure("the export was given up, because the run was interrupted"))
            yield time.monotonic() - started

    def pause_seconds(self, waited_seconds: float) -> float:
        """Return how long to wait before the next look at an export job: the longer, the longer it has taken."""
        growing = max(self.first_seconds, waited_seconds / 2)
        return min(growing, LONGEST_PAUSE_SECONDS, self.limit_seconds - waited_seconds)


@dataclass(frozen=True)
class ExportJobs:
    """The export jobs of one run; the current one is in `kept`.

    A job counts only the reactions that came on its days, so it covers `reaction_days` more, at most until today.
    """

    client: Client
    kept: KeptJob
    patience: Patience
    reaction_days: int = 0
    problem_in: Callable[[Path], str | None] = problem_in

    def create(self, days: Days, now: int, in_vain: frozenset[InVain] = frozenset()) -> ExportJob:
        """Start an export job for `days`, or for all until today if that is needed; raises ExportOccupied."""
        asked = self._asked(days, now)
        if asked.last_on >= day_of(now):  # nothing more can be known of any of them
            days = asked
        body = {"created_at_after": asked.start_at, "created_at_before": asked.last_at}
        data = self.client.post(PATH, body).data
        # The official description spells the name without its second i.
        identifier = data.get("job_identifier") or data.get("job_identfier")
        if not identifier:
            message = f"an export job without job_identifier; keys: {', '.join(sorted(data))}"
            raise Call("POST", PATH).contradiction(message)
        job = ExportJob(str(identifier), days, now, in_vain=in_vain)
        self.kept.keep(job)
        return job

    def smaller(self, job: ExportJob) -> Days | None:
        """Return the older half of an export job's days, or less where a job for them would cover as many days.

        None where each of them does: together with the late reactions it is until today.
        """
        asked = self._asked(job.days, job.created_at)
        half = job.days.first_half()
        while len(half) > 1 and self._asked(half, job.created_at) == asked:
            half = half.first_half()
        return None if self._asked(half, job.created_at) == asked else half

    def _asked(self, days: Days, now: int) -> Days:
        return days.followed_by(self.reaction_days, not_after=day_of(now))

    def create_in_turn(self, days: Days, now: int, in_vain: frozenset[InVain] = frozenset()) -> ExportJob:
        """Create an export job once no other is going on; raises ExportOccupied if that takes too long."""
        try:
            return self.create(days, now, in_vain)
        except ExportOccupied as error:
            occupied = error
        logger.warning("content_export: another export job is going on in this workspace; waiting for its end")
        for _ in self.patience.pauses(self.client):
            try:
                return self.create(days, now, in_vain)
            except ExportOccupied as error:
                occupied = error
        raise occupied

    def has_data(self, job: ExportJob, *, is_waited_for: bool = True) -> bool | None:
        """Wait for the end of an export job, and return True if there is something to download.

        None if it goes on and is not to be waited for. Raises ExportFailed, NotFound (cancelled or forgotten by
        Intercom), or BadAnswer if it takes too long: the job stays kept then, and the next run goes on waiting for it.
        After a day it has failed, too, and is canceled: nobody could export as long as it is there.
        """
        call, status, seen_at = Call("GET", _path(job)), None, float(job.created_at)
        for _ in self.patience.pauses(self.client):
            answer = self.client.get(_path(job))
            status, seen_at = answer.data.get("status"), answer.server_at or seen_at
            if status in {"completed", "no_data"}:
                return bool(status == "completed")
            if status == "failed":
                raise ExportFailed(call.failure("the export job has failed"))
            if status == "canceled":
                raise NotFound(call.failure("the export job was canceled"))
            if not is_waited_for:
                return None
            if seen_at - job.created_at > LONGEST_SECONDS:
                break
        if seen_at - job.created_at > LONGEST_SECONDS and self.give_up():
            raise ExportFailed(call.failure(f"the export job was still {status} after a day, and was canceled"))
        minutes = round(self.patience.limit_seconds / 60)
        message = f"the export job is still {status} after {minutes} minutes; the next run goes on waiting for it"
        raise BadAnswer(call.failure(message))

    def has_ended(self, job: ExportJob, others_ended: Event) -> bool:
        """Poll an export job until it ends (True), or until waiting would only delay the load package.

        It would, once the other resources have been done for as long as a separate load package takes.
        """
        started, alone_seconds = time.monotonic(), 0.0
        while (waited := time.monotonic() - started) < self.patience.limit_seconds:
            pause = self.patience.pause_seconds(waited)
            if others_ended.wait(pause):
                alone_seconds += pause
                if alone_seconds > PACKAGE_SECONDS or self.client.stop.wait(pause):
                    return False
            try:
                if self._status(job) in ENDED:
                    return True
            except (ExportFailed, NotFound, InvalidRequest):
                return True
        return False

    def _status(self, job: ExportJob) -> Any:
        return self.client.get(_path(job)).data.get("status")

    def download(self, job: ExportJob, file: Path) -> None:
        """Download an export job's data to `file`, whole and readable; raises NotFound if Intercom no longer has it."""
        path = path_of(DOWNLOAD_PATH, job.identifier)
        self.client.download(path, file, self.problem_in, self.patience.limit_seconds)

    def give_up(self) -> bool:
        """Cancel the current export job, if there is one, because it would keep everybody else from exporting.

        False if that failed: the job stays kept.
        """
        job = self.kept.job
        if job is None:
            return True
        try:
            self.client.uninterrupted().post(path_of(CANCEL_PATH, job.identifier), {}, attempts=1)
        except NotFound:
            pass
        except IntercomError as error:
            logger.warning("content_export: the export job could not be canceled; the next run takes it up (%s)", error)
            return False
        self.kept.reset()
        return True

"""Content data export jobs: one active per workspace, one step further whenever somebody polls it or creates one."""

from dataclasses import dataclass
from hashlib import sha256

from simulator import errors
from simulator.clock import DAY_SECONDS
from simulator.record import Record

ACTIVE = frozenset({"pending", "in_progress"})
TOO_LONG_SECONDS = DAY_SECONDS
"""A job that is still in progress after a day is marked failed when it is polled."""


@dataclass
class ExportJob:
    """An export job of the simulator; `files` are the bytes to download once it is completed."""

    identifier: str
    low: int
    high: int
    created_at: int
    status: str = "pending"
    count_steps: int = 0
    expires_at: int | None = None
    files: bytes = b""

    def shown(self, base_url: str) -> Record:
        """The export job as the API answers it; the two download fields are empty until there is something."""
        is_done = self.status == "completed"
        return {
            "job_identifier": self.identifier,
            "status": self.status,
            "download_url": f"{base_url}/download/content/data/{self.identifier}" if is_done else "",
            "download_expires_at": str(self.expires_at) if is_done else "",
        }


class ExportJobs:
    """All export jobs of a simulated workspace; times are the simulator's."""

    def __init__(self) -> None:
        self.jobs: dict[str, ExportJob] = {}

    def create(self, low: int, high: int, at: int) -> ExportJob:
        """Create the pending export job of a simulated workspace for [low, high), while no other one is active."""
        identifier = sha256(f"{len(self.jobs)}-{low}-{high}".encode()).hexdigest()[:16]
        job = ExportJob(identifier, low, high, at)
        self.jobs[identifier] = job
        return job

    def active(self) -> ExportJob | None:
        """The simulated export job that has not ended, whoever has created it."""
        return next((job for job in self.jobs.values() if job.status in ACTIVE), None)

    def find(self, identifier: str) -> ExportJob:
        """Find a simulated export job by its identifier, whatever its state."""
        job = self.jobs.get(identifier)
        if job is None:
            raise errors.ApiError(404, "not_found", "The requested resource does not exist.")
        return job

    def step(self, job: ExportJob, steps_until_done: int, at: int) -> bool:
        """Count a poll of a simulated export job and move it on; True if it has just ended."""
        job.count_steps += 1
        if job.status not in ACTIVE:
            return False
        if at - job.created_at > TOO_LONG_SECONDS:
            job.status = "failed"
            return False
        job.status = "in_progress"
        return job.count_steps >= steps_until_done

    def cancel(self, identifier: str) -> ExportJob:
        """Stop an active simulated export job; one that has ended stays as it is."""
        job = self.find(identifier)
        if job.status in ACTIVE:
            job.status = "canceled"
        return job

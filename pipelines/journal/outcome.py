"""The outcome of a run: what was read by resource, written by table, built and checked."""

import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from pipelines.destination.failures.failed_build import code_of
from pipelines.destination.failures.failure import explained
from pipelines.exit_code import ExitCode
from sources.intercom.api.http.client import Tally
from sources.intercom.api.http.rate_limit import WINDOW_SECONDS
from sources.intercom.reading.resource_report import Report
from transforms.runner.build_report import BuildReport

Status = Literal["complete", "failed", "interrupted"]


@dataclass
class Outcome:
    """The outcome of a run: what summary, exit code and `sync_runs` say. Times are unix seconds of this machine."""

    resources: list[str]
    command: Literal["sync", "sweep", "audit"] = "sync"
    report: Report = field(init=False)
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    started_at: int = field(default_factory=lambda: int(time.time()))
    finished_at: int | None = None
    seconds_reading: float = 0.0
    rate_limit: int | None = None
    is_interrupted: bool = False
    count_held_back: int = 0  # rows of forgotten people that were not loaded, or without their texts
    error: str | None = None  # the error that ended the loads
    log_error: str | None = None  # why the run could not be recorded in full, though its loads came to their end
    build_error: str | None = None  # why no model could be built, though the loads came to their end
    error_code: ExitCode = ExitCode.FAILED  # of the first of these: whether running again can help
    cause: BaseException | None = None  # the exception behind that line
    build: BuildReport | None = None

    def __post_init__(self) -> None:
        """Open an account in the outcome for every resource, so that those not reached are reported, too."""
        self.report = Report()
        for name in self.resources:
            self.report.of(name)

    def fail(self, cause: BaseException) -> None:
        """Enter in the outcome the error that ended loading."""
        self.error = self._explained(cause)

    def fail_log(self, cause: BaseException) -> None:
        """Enter in the outcome the error that kept it from being recorded in full, unless something failed first."""
        if self.error is None and self.log_error is None:
            self.log_error = self._explained(cause)

    def fail_build(self, cause: BaseException) -> None:
        """Enter in the outcome the error that stopped the build as a whole."""
        self.build_error = self._explained(cause)

    def _explained(self, cause: BaseException) -> str:
        code, said = explained(cause)
        if self.cause is None:
            self.error_code, self.cause = code, cause
        return said

    def add(self, resource: str) -> None:
        """Open an account in the outcome for a resource that turned out to be read, too."""
        self.resources.append(resource)
        self.report.of(resource)

    @property
    def status(self) -> Status:
        """The outcome as a word: `complete` only if every resource was read whole, and the run log says so."""
        if self.is_interrupted:
            return "interrupted"
        is_failed = self.error or self.log_error or self.report.failures or self.not_ended
        return "failed" if is_failed else "complete"

    @property
    def not_ended(self) -> list[str]:
        """The outcome's resources that were not read whole or have not arrived, without an error of their own."""
        return [name for name in self.resources if self.report.of(name).status not in {"complete", "failed"}]

    @property
    def is_loaded(self) -> bool:
        """True if the loads came to their end, whatever Intercom answered."""
        return self.error is None and not self.is_interrupted

    @property
    def count_rows(self) -> Counter[str]:
        """The rows that the run has written, by table; a row that was overwritten counts, too."""
        return sum((report.count_rows for report in self.report.resources.values()), Counter())

    @property
    def tally(self) -> Tally:
        """The run's calls, of all resources."""
        return self.report.tally

    @property
    def rate_share(self) -> float | None:
        """The share of the calls allowed while reading that the run has used; None if Intercom named no limit.

        A window allows its calls at once: a run that is shorter may use all of them.
        """
        if not self.rate_limit or not self.seconds_reading:
            return None
        windows = max(self.seconds_reading / WINDOW_SECONDS, 1)
        return round(self.tally.calls / (self.rate_limit * windows), 4)

    @property
    def exit_code(self) -> ExitCode:
        """The outcome as the shell's exit code: a run that is not complete fails, whatever the checks say.

        WRONG_USE if the destination refuses the run for a reason that stays.
        """
        if self.status != "complete":
            return self.error_code if self.error or self.log_error else ExitCode.FAILED
        if self.build_error:
            return self.error_code
        return ExitCode.DONE if self.build is None else code_of(self.build)

    def facts(self) -> dict[str, object]:
        """Return the outcome of a run for machines, as plain values."""
        return {
            "command": self.command,
            "status": self.status,
            "exit_code": int(self.exit_code),
            "rows": dict(self.count_rows),
            "held_back": self.count_held_back,
            "calls": self.tally.calls,
            "retries": self.tally.retries,
            "rate_limited": self.tally.rate_limited,
            "seconds": round(self.seconds_reading, 3),
            "rate_share": self.rate_share,
            "found": {
                report.resource: {str(finding): count for finding, count in report.found.items() if count}
                for report in self.report.resources.values()
                if report.found.total()
            },
            "failures": {report.resource: str(report.error) for report in self.report.failures},
            "failed_models": [model.name for model in self.build.failed_models] if self.build else [],
            "failed_checks": [check.name for check in self.build.failed_checks()] if self.build else [],
            "error": self.error,
            "not_ended": self.not_ended,
            "log_error": self.log_error,
            "build_error": self.build_error,
        }

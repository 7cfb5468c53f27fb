"""The report of a build: one result per seed and model, one per check, and the warnings; and how it is recorded."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

RUNS_TABLE = "model_runs"
RUNS_COLUMNS = {
    "built_at_epoch": "bigint",  # one value per build
    "name": "varchar",
    "kind": "varchar",
    "status": "varchar",
    "seconds": "double",
    "count_rows": "bigint",  # of a check: rows that must not exist
    "severity": "varchar",
    "error": "varchar",
}


@dataclass(frozen=True)
class ModelResult:
    """A built model in the report. `status` is built, failed or skipped; `count_rows`: None for views, unbuilt ones.

    `cause`: what made it fail, if the warehouse did.
    """

    name: str
    kind: str
    status: str
    seconds: float
    count_rows: int | None = None
    error: str = ""
    cause: Exception | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class CheckResult:
    """A check in the report. `status` is passed, failed (there were rows) or skipped; `severity` error or warn.

    A check whose own query breaks has failed without rows: `count_failing_rows` is None, `error` and `cause` say why.
    """

    name: str
    severity: str
    status: str
    seconds: float
    claim: str = ""
    count_failing_rows: int | None = None
    error: str = ""
    cause: Exception | None = field(default=None, repr=False, compare=False)


@dataclass
class BuildReport:
    """The report of a build: all results in the order in which they came."""

    models: list[ModelResult] = field(default_factory=list)
    checks: list[CheckResult] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def failed_models(self) -> list[ModelResult]:
        """The report's models that could not be built; models that read them keep their former rows."""
        return [result for result in self.models if result.status == "failed"]

    def failed_checks(self, severity: str = "error") -> list[CheckResult]:
        """Return the report's checks of that severity that failed."""
        return [result for result in self.checks if result.status == "failed" and result.severity == severity]

    @property
    def causes(self) -> list[Exception]:
        """What the warehouse raised for the report's models and checks of severity error that failed."""
        failed: tuple[ModelResult | CheckResult, ...] = (*self.failed_models, *self.failed_checks())
        return [result.cause for result in failed if result.cause is not None]

    @property
    def counts_of_built(self) -> dict[str, int | None]:
        """The rows of each model in the report that was built; None of a view."""
        return {one.name: one.count_rows for one in self.models if one.status == "built"}

    @property
    def counts_of_checks(self) -> dict[str, int]:
        """The rows that each check in the report found, if it was not skipped and its own query did not fail."""
        return {one.name: one.count_failing_rows for one in self.checks if one.count_failing_rows is not None}

    @property
    def is_ok(self) -> bool:
        """True if the report has every model built, and every check of severity error passed."""
        return not self.failed_models and not self.failed_checks()

    def __iter__(self) -> Iterator[ModelResult | CheckResult]:
        """Yield the report's results of models, then those of checks."""
        yield from self.models
        yield from self.checks

    def rows(self, built_at_epoch: int) -> list[tuple[object, ...]]:
        """Return the report as rows (RUNS_COLUMNS), one per result."""
        models: list[tuple[object, ...]] = [
            (built_at_epoch, one.name, one.kind, one.status, one.seconds, one.count_rows, None, one.error or None)
            for one in self.models
        ]
        return models + [
            (
                built_at_epoch,
                one.name,
                "check",
                one.status,
                one.seconds,
                one.count_failing_rows,
                one.severity,
                one.error or None,
            )
            for one in self.checks
        ]


def seconds_since(started: float) -> float:
    """Return the seconds of a result in the report, begun at `started` of `time.perf_counter`."""
    return round(time.perf_counter() - started, 3)

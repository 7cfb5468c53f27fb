"""The journal of one run: reports once that the run and each resource has begun, and once how it ended."""

import time
from collections.abc import Callable, Collection
from importlib import metadata

from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.journal.events import PACKAGE_LOADED, RESOURCE_BEGUN, RESOURCE_ENDED, RUN_BEGUN
from pipelines.journal.json_log import RUN_ID
from pipelines.journal.outcome import Outcome
from sources.intercom.api.identity import Identity
from sources.intercom.reading.resource_report import ResourceReport


class Journal:
    """The journal of one run: reports its events to a display."""

    def __init__(self, display: Display, outcome: Outcome) -> None:
        self._display = display
        self._outcome = outcome
        self._under_way: set[str] = set()

    def run_begun(self, target: Target, identity: Identity) -> None:
        """Enter in the journal that the run has begun, and give every line of its log the run's id."""
        RUN_ID.set(self._outcome.run_id)
        self._display.say(
            RUN_BEGUN,
            command=self._outcome.command,
            version=metadata.version("intercom-elt"),
            target=str(target),
            workspace=identity.id_code,
        )

    def resource_begun(self, name: str) -> None:
        """Enter in the journal that a resource has begun, the first time."""
        if name not in self._under_way:
            self._under_way.add(name)
            self._display.say(RESOURCE_BEGUN, resource=name)

    def package_begun(self, names: Collection[str]) -> Callable[[], None]:
        """Enter in the journal what a package reads first; return what enters that the package is loaded."""
        for name in names:
            self.resource_begun(name)
        started_at, count_before = time.monotonic(), self._outcome.count_rows.total()

        def loaded() -> None:
            self._display.say(
                PACKAGE_LOADED,
                resources=list(names),
                rows=self._outcome.count_rows.total() - count_before,
                seconds=round(time.monotonic() - started_at, 3),
            )

        return loaded

    def resources_ended(self, names: Collection[str]) -> None:
        """Enter in the journal how those of `names` that have begun ended."""
        for name in names:
            if name in self._under_way:
                self._under_way.remove(name)
                self._resource_ended(self._outcome.report.of(name))

    def all_ended(self) -> None:
        """Enter in the journal the end of every resource that is still under way."""
        self.resources_ended(list(self._outcome.report.resources))

    def _resource_ended(self, report: ResourceReport) -> None:
        self._display.say(
            RESOURCE_ENDED,
            "error" if report.status in {"failed", "not loaded"} else "info",
            resource=report.resource,
            status=report.status,
            records=report.count_records,
            rows=dict(report.count_rows),
            calls=report.tally.calls,
            retries=report.tally.retries,
            rate_limited=report.tally.rate_limited,
            seconds=round(report.seconds, 3),
            watermark=report.watermark,
            error=None if report.error is None else str(report.error),
        )

"""What a run read, resource by resource: the facts for the summary, the progress display and `sync_resources`."""

import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from ..api.errors import IntercomError
from ..api.http.client import Tally

Item = TypeVar("Item")
Status = Literal["waiting", "reading", "read", "complete", "failed", "interrupted", "not loaded"]


@dataclass
class ResourceReport:
    """The report on a resource in one run: what was read, how much, and how it ended."""

    resource: str
    status: Status = "waiting"
    count_records: int = 0
    count_rows: Counter[str] = field(default_factory=Counter)  # by table
    count_repeated: int = 0  # came again in the overlap, unchanged
    count_rescued: int = 0  # found only by the overlap
    rescued_seconds: int | None = None  # how far behind the watermark the latest of them was
    count_vanished: int = 0  # listed, but gone when their details were asked for
    unreadable: set[str] = field(default_factory=set)  # met in this run, and neither read nor loaded
    is_overfull: bool = False  # more unreadable records were met than there is room to remember
    count_expected: int | None = None  # Intercom's total_count of the listing
    created_since: int | None = None  # what a sweep compared, where it was not everything
    found: Counter[str] = field(default_factory=Counter)  # what a sweep found, by its words for it
    read_to: int | None = None  # the watermark once what was read is loaded
    watermark: int | None = None
    error: IntercomError | None = None
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0  # spent on this resource, while others were read side by side with it
    _arrived: Counter[str] = field(default_factory=Counter, repr=False)  # of `count_rows`, with the packages so far

    def start(self) -> None:
        """Note in the resource's report that a chunk of it begins."""
        self.status = "reading"

    def stop(self, status: Status) -> None:
        """Note in the resource's report that a chunk of it ends; with an error before, the whole has failed."""
        self.status = status if self.error is None else "failed"

    def timed(self, items: Iterator[Item]) -> Generator[Item, None, None]:
        """Yield `items`, and report the time that each of them took the resource."""
        while True:
            started_at = time.monotonic()
            try:
                item = next(items)
            except StopIteration:
                return
            finally:
                self.seconds += time.monotonic() - started_at
            yield item

    def rescued(self, seconds_late: int) -> None:
        """Report a record that only the overlap has found, so many seconds behind the watermark."""
        self.count_rescued += 1
        self.rescued_seconds = max(seconds_late, self.rescued_seconds or 0)

    def loaded(self) -> None:
        """Report that everything read so far of the resource has arrived in the destination."""
        self.watermark = self.read_to
        self._arrived = self.count_rows.copy()
        if self.status == "read":
            self.status = "complete"

    def goes_on(self) -> None:
        """Report that the resource goes on in the next package: a run that ends before has not completed it."""
        if self.status == "complete":
            self.stop("read")

    def not_loaded(self) -> None:
        """Report that what was read of the resource since the last package has not arrived."""
        self.count_rows = self._arrived.copy()
        if self.status in {"reading", "read"}:
            self.stop("not loaded")

    def fail(self, error: IntercomError) -> None:
        """Report that the resource ends with an error; what was read before stays."""
        self.error = error
        self.stop("failed")


@dataclass
class Report:
    """The report on all resources of one run, in the order of reading."""

    resources: dict[str, ResourceReport] = field(default_factory=dict)

    def of(self, resource: str) -> ResourceReport:
        """Return the report on `resource`, opening it where needed."""
        return self.resources.setdefault(resource, ResourceReport(resource))

    def not_loaded(self) -> None:
        """Report that the destination failed: what was read has not arrived."""
        for report in self.resources.values():
            report.not_loaded()

    @property
    def tally(self) -> Tally:
        """The calls of all resources in the report."""
        tallies = [report.tally for report in self.resources.values()]
        return Tally(
            calls=sum(tally.calls for tally in tallies),
            retries=sum(tally.retries for tally in tallies),
            rate_limited=sum(tally.rate_limited for tally in tallies),
            unlisted=sum(tally.unlisted for tally in tallies),
        )

    @property
    def failures(self) -> list[ResourceReport]:
        """The reports on resources that ended with an error."""
        return [report for report in self.resources.values() if report.error is not None]

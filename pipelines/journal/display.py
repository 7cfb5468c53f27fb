"""What a person sees while a run goes on: progress and messages, on standard error."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Literal

from rich.live import Live
from rich.table import Table
from rich.text import Text

from pipelines.console import console
from pipelines.invocation import as_started
from pipelines.journal.events import RESOURCE_READING, WARNING, Event, Level
from pipelines.journal.json_log import log
from pipelines.journal.remaining_time import count_expected, seconds_left, seconds_left_of_all
from sources.intercom.reading.resource_report import Report
from transforms.runner.build_report import CheckResult, ModelResult

LogFormat = Literal["text", "json"]

SECONDS_BETWEEN_LINES = 10.0
REFRESH_PER_SECOND = 4


class Display:
    """The display of a run: progress in place on a terminal, lines elsewhere, one JSON object a line for machines."""

    def __init__(self, log_format: LogFormat = "text", *, is_quiet: bool = False) -> None:
        self.log_format = log_format
        self.is_quiet = is_quiet
        self._console = console(to_errors=True)

    def say(self, event: Event, level: Level | None = None, /, **fields: Any) -> None:
        """Display one line: what happened, and the facts. An event without words is for machines only."""
        if not self.is_quiet:
            self._write(event, level, **fields)

    def end(self, event: Event, code: int, /, **fields: Any) -> None:
        """Display the line of a command's end; a failure is said also where nothing else is."""
        if code or not self.is_quiet:
            self._write(event, "error" if code else "info", **fields)

    def _write(self, event: Event, level: Level | None, /, **fields: Any) -> None:
        if self.log_format == "json":
            log(event, level, **fields)
        elif event.words:
            facts = {name: value for name, value in fields.items() if name not in event.names_in_words}
            told = "  ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
            self._console.print(as_started(f"{event.words.format(**fields)}  {told}".rstrip()), soft_wrap=True)

    def interrupted(self) -> None:
        """Display what the first Ctrl-C does."""
        message = "Stopping: what was read so far is being loaded. Press again to stop at once."
        self.say(WARNING, message=message)

    @contextmanager
    def reading(self, report: Report, calls_per_second: Callable[[], float | None]) -> Iterator[None]:
        """Display how far each resource is, until the block ends; `calls_per_second`: what Intercom's limit allows."""
        pace = _Pace(time.monotonic(), calls_per_second)
        if self._is_live:
            progress = Live(
                console=self._console,
                get_renderable=lambda: _progress_table(report, pace),
                refresh_per_second=REFRESH_PER_SECOND,
                transient=True,
            )
            with progress:
                yield
            return
        ended = threading.Event()
        # A new thread lacks the context of its creator, which holds the run's id.
        lines = threading.Thread(target=copy_context().run, args=(self._lines, report, pace, ended), daemon=True)
        lines.start()
        try:
            yield
        finally:
            ended.set()
            lines.join()

    @contextmanager
    def building(self) -> Iterator[Callable[[ModelResult | CheckResult], None]]:
        """Display models as they are built: gives a callback for each; on a terminal the current one is shown."""
        if not self._is_live:
            yield lambda result: None
            return
        with self._console.status("building models") as status:
            yield lambda result: status.update(Text(f"building models: {result.name}"))

    @property
    def _is_live(self) -> bool:
        return self._console.is_terminal and self.log_format == "text" and not self.is_quiet

    def _lines(self, report: Report, pace: "_Pace", ended: threading.Event) -> None:
        told: dict[str, int] = {}
        while not ended.wait(SECONDS_BETWEEN_LINES):
            for resource in list(report.resources.values()):
                if resource.status == "reading" and told.get(resource.resource) != resource.tally.calls:
                    told[resource.resource] = resource.tally.calls
                    left = seconds_left(resource, pace.seconds, pace.calls_per_second())
                    self.say(
                        RESOURCE_READING,
                        resource=resource.resource,
                        records=resource.count_records,
                        of=count_expected(resource),
                        seconds_left=None if left is None else round(left),
                    )


@dataclass(frozen=True)
class _Pace:
    """The pace of a run for the progress display: its start and its allowed calls per second."""

    began_at: float
    calls_per_second: Callable[[], float | None]

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began_at


def _progress_table(report: Report, pace: _Pace) -> Table:
    left = seconds_left_of_all(report, pace.seconds, pace.calls_per_second())
    caption = f"{_minutes(pace.seconds)} so far" + ("" if left is None else f", about {_minutes(left)} left")
    table = Table(box=None, show_header=False, pad_edge=False, caption=caption, caption_justify="left")
    for resource in list(report.resources.values()):
        expected = count_expected(resource)
        records = f"{resource.count_records:,}" + (f" of {expected:,}" if expected else "")
        style = {"waiting": "dim", "failed": "red", "complete": "green"}.get(resource.status, "")
        table.add_row(resource.resource, resource.status, records, f"{resource.tally.calls:,} calls", style=style)
    return table


def _minutes(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3_600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"

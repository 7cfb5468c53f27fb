"""The terminal: results go to standard output, progress and messages to standard error."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table

from pipelines.standard_streams import read_no_more, unfailing

WIDTH_OF_FILES = 120  # columns where the output is no terminal and so has no width of its own


class _HarmlessConsole(Console):
    """A console that replaces control characters in texts; only rich's own styling reaches the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the console's segments with harmless texts."""
        from sources.intercom.secrecy.safe_text import harmless  # noqa: PLC0415 - with dlt, which comes late

        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else harmless(text), style, control)

    def on_broken_pipe(self) -> None:
        """Let the console go on without a reader: `head` must not change a command's work or exit code."""
        self.quiet = True
        read_no_more(self.file.fileno())


def console(*, to_errors: bool = False, is_unfailing: bool = False) -> Console:
    """Return a console for standard output or standard error; it colours nothing but what is styled.

    Texts are shown literally: brackets and colons in them are not markup. `is_unfailing`: the output only reports what
    was done, so that failing to write it fails no command.
    """
    made = _HarmlessConsole(stderr=to_errors, highlight=False, markup=False, emoji=False)
    if is_unfailing:
        made.file = unfailing(made.file)
    if not made.is_terminal:
        made.width = WIDTH_OF_FILES
    return made


def plain_table(**options: Any) -> Table:
    """Return a table for the console without lines, whose cells are never cut: in a narrow terminal they wrap."""
    return _Whole(box=None, pad_edge=False, **options)


class _Whole(Table):
    def add_column(self, header: RenderableType = "", *rest: Any, **options: Any) -> None:
        """Add a column to a table on the console; it folds what does not fit."""
        super().add_column(header, *rest, **{"overflow": "fold", **options})

    def add_row(self, *cells: RenderableType | None, **options: Any) -> None:
        """Add a row to a table on the console; columns that nobody added fold what does not fit, too."""
        while len(self.columns) < len(cells):
            self.add_column()
        super().add_row(*cells, **options)

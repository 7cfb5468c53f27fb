"""How rows are shown to a person: as a table if they fit, else upright, one column per line."""

from bisect import bisect
from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sources.intercom.secrecy.safe_text import harmless

GAP = 2  # blanks between columns
SHORTEST_CUT = 24  # characters that a cut text keeps at least; if that is too many, rows are shown upright
LINE_BREAK = "\u21b5"

Rows = Sequence[Sequence[Any]]


def shown(columns: list[str], rows: Rows, width: int) -> Table | Group:
    """Lay rows out as a table with texts cut to fit `width` characters, or upright if no table would fit."""
    widths = fitting(columns, rows, width)
    return upright(columns, rows) if widths is None else rows_table(columns, rows, widths)


def fitting(columns: list[str], rows: Rows, width: int) -> list[int] | None:
    """Return column widths of a layout that fits, shortening the longest texts first, or None if they cannot fit.

    Names of columns, numbers and times are never cut.
    """
    longest = [max((cell_len(_line(row[at])) for row in rows), default=0) for at in range(len(columns))]
    least = [
        max([cell_len(harmless(name)), *(cell_len(_line(row[at])) for row in rows if not isinstance(row[at], str))])
        for at, name in enumerate(columns)
    ]
    room = width - GAP * (len(columns) - 1)

    def widths(cut: int) -> list[int]:
        return [max(floor, min(text, cut)) for floor, text in zip(least, longest, strict=True)]

    # The more is cut, the narrower: beyond the room no text needs to be longer.
    cuts = range(SHORTEST_CUT, max(min(room, max(longest, default=0)), SHORTEST_CUT) + 1)
    count_fitting = bisect(cuts, room, key=lambda cut: sum(widths(cut)))
    return widths(cuts[count_fitting - 1]) if count_fitting else None


def rows_table(columns: list[str], rows: Rows, widths: Sequence[int] | None = None) -> Table:
    """Lay rows out as a table for the terminal, cells cut to `widths` if given; numbers are right-aligned."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
    for at, name in enumerate(columns):
        is_number = any(isinstance(row[at], int | float) for row in rows)
        table.add_column(Text(harmless(name)), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        cells = [Text(_line(value)) for value in row]
        for cell, room in zip(cells, widths or (), strict=False):
            cell.truncate(room, overflow="ellipsis")
        table.add_row(*cells)
    return table


def upright(columns: list[str], rows: Rows) -> Group:
    """Lay rows out with one column a line; texts are whole, with their own line breaks."""
    if not rows:
        return Group(Text(f"No rows. Columns: {', '.join(map(harmless, columns))}"))
    parts: list[Text | Table] = []
    for number, row in enumerate(rows, start=1):
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, GAP, 0, 0))
        table.add_column(no_wrap=True, style="bold")
        table.add_column(overflow="fold")
        for name, value in zip(columns, row, strict=True):
            table.add_row(Text(harmless(name)), Text(_text(value)))
        parts += [Text(f"row {number:,}", style="dim"), table, Text()]
    return Group(*parts[:-1])


def _text(value: Any) -> str:
    return "" if value is None else harmless(str(value))


def _line(value: Any) -> str:
    return _text(value).replace("\n", LINE_BREAK).replace("\t", " ")

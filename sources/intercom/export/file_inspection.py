"""Checks an export before its first row is used: whether it is complete, and whether its lines can be read."""

import csv
import errno
import gzip
import lzma
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from ..api.call import Call
from ..api.errors import ExportCut, TooManyUnread
from .csv_files import DOWNLOAD_PATH, EXPORT_MEGABYTES, LINE_MEGABYTES, RECEIPTS_KIND, OddLine, Scales, Sheet, sheets
from .receipt_rows import NO_TIME, has_time

MOST_KINDS = 100  # each becomes a table, and Intercom documents nineteen
# "If your export job exceeds 10 millions rows … we will only return the first 10 millions rows": API reference 2.5,
# "The export job model". Later ones are silent about it, and so is the job.
MOST_ROWS = 10_000_000
MOST_UNREAD_LINES = 1_000  # more unreadable lines than this mean that the format has changed
# Errors of damaged containers.
BROKEN = (
    *(zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, csv.Error, struct.error),
    *(RuntimeError, ValueError, KeyError),
)


def problem_in(
    file: Path,
    line_megabytes: int = LINE_MEGABYTES,
    export_megabytes: int = EXPORT_MEGABYTES,
    most_rows: int = MOST_ROWS,
) -> str | None:
    """Inspect an export's file to its last byte; return what is wrong, or None; raise AnswerTooLarge beyond the bounds.

    Checksums are at the end of containers: only what has been read once can be trusted before its first row is used.
    Raises TooManyUnread if so many lines are unreadable that days would be replaced by parts of them, and ExportCut if
    a file that can be used has `most_rows` or more, of all kinds together: nobody says which of them are counted.
    """
    try:
        if not file.stat().st_size:
            return "an empty file"
        found = sheets(file, line_megabytes)
        if not any(sheet.kind == RECEIPTS_KIND for sheet in found):
            return "a container without receipts"  # else those of its days would go
        if len(kinds := {sheet.kind for sheet in found}) > MOST_KINDS:
            return f"a container with {len(kinds):,} kinds of files"
        scales, lines = Scales(export_megabytes), _Lines(most_rows)
        weighed = (replace(sheet, weigh=scales) for sheet in found)
        problem = next(filter(None, (_problem_in_sheet(sheet, lines) for sheet in weighed)), None)
        if problem is None:
            lines.check_whole()
    except BROKEN as error:
        return f"the file is not whole: {_words_of(error)}"
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):  # as bz2 says it, and a directory that points before the file
            raise
        return "the file is not whole"
    else:
        return problem


class _Lines:
    """Counts what inspection of an export's file finds: rows and unreadable lines of all CSVs."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._count_unread = 0
        self.count_rows = 0

    def check_whole(self) -> None:
        if self.count_rows >= self._most_rows:
            message = f"{self.count_rows:,} rows, as many as Intercom gives of one job"
            raise ExportCut(Call("GET", DOWNLOAD_PATH).failure(message))

    def unread(self, where: str, reason: str) -> None:
        self._count_unread += 1
        if self._count_unread > MOST_UNREAD_LINES:
            message = f"more than {MOST_UNREAD_LINES:,} lines cannot be read; {where}: {reason}"
            raise TooManyUnread(Call("GET", DOWNLOAD_PATH).failure(message))


def _problem_in_sheet(sheet: Sheet, lines: _Lines) -> str | None:
    has_receipts = sheet.kind == RECEIPTS_KIND
    needed = {"receipt_id", "received_at"} if has_receipts else set()
    if not needed <= set(sheet.columns()):
        missing = " and ".join(sorted(needed - set(sheet.columns())))
        return f"{sheet.kind} without {missing} among the {len(sheet.columns())} columns"

    def odd(line: OddLine) -> None:
        lines.count_rows += 1
        lines.unread(f"{sheet.title}, line {line.number}", line.reason)

    for batch in sheet.batches(odd):
        lines.count_rows += len(batch)
        for row in batch if has_receipts else ():
            if not has_time(row):
                lines.unread(sheet.title, NO_TIME)
    return None


def _words_of(error: Exception) -> str:
    # The messages of these errors quote what they met, which may be anything.
    return "its directory is damaged" if isinstance(error, ValueError | KeyError) else str(error)

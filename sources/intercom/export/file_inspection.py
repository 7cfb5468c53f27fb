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
from ..api.errors import TooManyUnread
from .csv_files import DOWNLOAD_PATH, EXPORT_MEGABYTES, LINE_MEGABYTES, RECEIPTS_KIND, Scales, Sheet, sheets
from .receipt_rows import NO_TIME, has_time

MOST_KINDS = 100  # each becomes a table, and Intercom documents nineteen
MOST_UNREAD_LINES = 1_000  # more unreadable lines than this mean that the format has changed
# Errors of damaged containers.
BROKEN = (
    *(zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, csv.Error, struct.error),
    *(RuntimeError, ValueError, KeyError),
)


def problem_in(
    file: Path, line_megabytes: int = LINE_MEGABYTES, export_megabytes: int = EXPORT_MEGABYTES
) -> str | None:
    """Inspect an export's file to its last byte; return what is wrong, or None; raise AnswerTooLarge beyond the bounds.

    Checksums are at the end of containers: only what has been read once can be trusted before its first row is used.
    Raises TooManyUnread if so many lines are unreadable that days would be replaced by parts of them.
    """
    try:
        if not file.stat().st_size:
            return "an empty file"
        found = sheets(file, line_megabytes)
        if not any(sheet.kind == RECEIPTS_KIND for sheet in found):
            return "a container without receipts"  # else those of its days would go
        if len(kinds := {sheet.kind for sheet in found}) > MOST_KINDS:
            return f"a container with {len(kinds):,} kinds of files"
        scales, unread = Scales(export_megabytes), _Unread()
        weighed = (replace(sheet, weigh=scales) for sheet in found)
        return next(filter(None, (_problem_in_sheet(sheet, unread) for sheet in weighed)), None)
    except BROKEN as error:
        return f"the file is not whole: {_words_of(error)}"
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):  # as bz2 says it, and a directory that points before the file
            raise
        return "the file is not whole"


class _Unread:
    """Counts what inspection of an export's file finds unreadable: lines of all CSVs."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, where: str, reason: str) -> None:
        self._count += 1
        if self._count > MOST_UNREAD_LINES:
            message = f"more than {MOST_UNREAD_LINES:,} lines cannot be read; {where}: {reason}"
            raise TooManyUnread(Call("GET", DOWNLOAD_PATH).failure(message))


def _problem_in_sheet(sheet: Sheet, unread: _Unread) -> str | None:
    needed = {"receipt_id", "received_at"} if sheet.kind == RECEIPTS_KIND else set()
    if not needed <= set(sheet.columns()):
        missing = " and ".join(sorted(needed - set(sheet.columns())))
        return f"{sheet.kind} without {missing} among the {len(sheet.columns())} columns"
    for batch in sheet.batches(lambda line: unread.add(f"{sheet.title}, line {line.number}", line.reason)):
        for row in batch if sheet.kind == RECEIPTS_KIND else ():
            if not has_time(row):
                unread.add(sheet.title, NO_TIME)
    return None


def _words_of(error: Exception) -> str:
    # The messages of these errors quote what they met, which may be anything.
    return "its directory is damaged" if isinstance(error, ValueError | KeyError) else str(error)

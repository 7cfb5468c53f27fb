"""The file of a content data export: gzip, ZIP or plain text by its first bytes, with one CSV per statistic.

Nothing of it is ever held in memory as a whole. Columns are known by the header of each CSV, never by position.
"""

import codecs
import csv
import gzip
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import IO

from ..api.call import Call
from ..api.errors import AnswerTooLarge
from ..api.http.nul import without_nul
from ..configuration import IntercomConfiguration
from ..configuration.bounds import MEGABYTE

RECEIPTS_KIND = "receipts"
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
BATCH_ROWS = 5_000
BIGINT_DIGITS = 18
DATED = re.compile(r"_?[0-9]{6,}.*$")  # click_20260301_120000.csv: the kind ends where the date begins
DOWNLOAD_PATH = "/download/content/data"

CsvRow = dict[str, str]

EXPORT_MEGABYTES = IntercomConfiguration.max_export_megabytes
LONGEST_KIND = 40
OTHER_KIND = "other"
LINE_MEGABYTES = IntercomConfiguration.max_csv_line_megabytes  # a field may have as many characters
FEW_ODD_LINES = 3  # a file of few reactions may have no others, and is whole


class BrokenCsv(csv.Error):
    """A CSV of the export whose rows do not fit its header."""


@dataclass(frozen=True)
class OddLine:
    """A line of an export's CSV with more or fewer fields than the header."""

    number: int
    reason: str
    values: tuple[str, ...]


def _unnoticed(_line: OddLine) -> None:
    return


def _unweighed(_characters: int) -> None:
    return


class Scales:
    """Count the unpacked characters of an export's CSVs, and enforce the limit: many short lines would fill a disk."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes
        self._spare = megabytes * MEGABYTE

    def __call__(self, characters: int) -> None:
        """Add some characters of the export's CSVs; raise AnswerTooLarge beyond the bound."""
        self._spare -= characters
        if self._spare < 0:
            advice = "raise it, or lower export_days_per_job or export_days"
            raise _too_large(f"the export is larger than max_export_megabytes = {self._megabytes}; {advice}")


@dataclass(frozen=True)
class Sheet:
    """One CSV of an export; `name` is its name in a ZIP, None if it is the whole file."""

    file: Path
    kind: str
    name: str | None = None
    line_megabytes: int = LINE_MEGABYTES
    weigh: Callable[[int], None] = _unweighed

    def batches(self, odd: Callable[[OddLine], None] = _unnoticed) -> Iterator[list[CsvRow]]:
        """Yield the CSV's rows as text by column name, many at a time; empty fields are left out (they are null).

        A line that does not fit the header goes to `odd`. Raises BrokenCsv if the file itself may be broken: its last
        line ends early, a quote may have swallowed other lines, or most lines do not fit.
        """
        with self._opened() as lines:
            reader = csv.reader(lines, strict=True)  # otherwise an unclosed quote swallows every row behind it
            header = _header(next(reader, []))
            batch: list[CsvRow] = []
            count = count_odd = 0
            last, ended = OddLine(0, "", ()), reader.line_num
            for values in reader:
                begun, ended = ended + 1, reader.line_num
                count += 1
                if len(values) == len(header):
                    batch.append({name: value for name, value in zip(header, values, strict=True) if value})
                elif values:
                    count_odd += 1
                    last = OddLine(ended, f"{len(values)} fields, the header has {len(header)}", tuple(values))
                    if begun < ended:
                        raise self._broken(last)
                    odd(last)
                if len(batch) == BATCH_ROWS:
                    yield batch
                    batch = []
            few = 0 if self.kind == RECEIPTS_KIND else FEW_ODD_LINES
            are_most_odd = count_odd > few and count_odd * 2 > count
            if are_most_odd or (last.number == ended and len(last.values) < len(header)):
                raise self._broken(last)
            if batch:
                yield batch

    def _broken(self, line: OddLine) -> BrokenCsv:
        return BrokenCsv(f"{self.title}: line {line.number} has {line.reason}")

    @property
    def title(self) -> str:
        """The name of the CSV in messages."""
        return self.name or self.kind

    def columns(self) -> list[str]:
        """Return the names in the CSV's header."""
        with self._opened() as lines:
            return _header(next(csv.reader(lines, strict=True), []))

    @contextmanager
    def _opened(self) -> Iterator[Iterator[str]]:
        # Python refuses fields of more than 128 KiB; the title of a message has no such limit.
        csv.field_size_limit(max(csv.field_size_limit(), self.line_megabytes * MEGABYTE))
        with self._unpacked() as text:
            yield map(without_nul, _lines(text, self.line_megabytes, self.weigh))

    @contextmanager
    def _unpacked(self) -> Iterator[IO[str]]:
        if self.name is not None:
            with zipfile.ZipFile(self.file) as archive, archive.open(self.name) as raw, _text(raw) as lines:
                yield lines
        elif magic_of(self.file) == GZIP_MAGIC:
            with gzip.open(self.file) as unpacked, _text(unpacked) as lines:
                yield lines
        else:
            with self.file.open("rb") as plain, _text(plain) as lines:
                yield lines


def sheets(file: Path, line_megabytes: int) -> list[Sheet]:
    """Return the CSVs in an export's file, receipts first; a container without names holds the receipts.

    Of two members with the same name the last one counts, as with other programs.
    """
    if magic_of(file) != ZIP_MAGIC:
        return [Sheet(file, RECEIPTS_KIND, None, line_megabytes)]
    with zipfile.ZipFile(file) as archive:
        names = dict.fromkeys(entry.filename for entry in archive.infolist() if not entry.is_dir())
    kinds = ((kind_of(name), name) for name in names)
    found = [Sheet(file, kind, name, line_megabytes) for kind, name in kinds if kind is not None]
    return sorted(found, key=lambda sheet: sheet.kind != RECEIPTS_KIND)


def kind_of(name: str) -> str | None:
    """Return the statistic that a CSV's name says (`click_20260301_120000.csv` is click), or None if it is no CSV.

    Letters lose their accents; a name in another script is one of the other statistics, never the receipts.
    """
    path = PurePosixPath(unicodedata.normalize("NFKD", name).lower())
    if path.suffix != ".csv" or path.name.startswith("."):
        return None
    undated = DATED.sub("", path.stem)
    latin = "".join(sign for sign in undated if not unicodedata.combining(sign))
    kind = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:LONGEST_KIND].strip("_")
    if not kind and not undated.isascii():
        return OTHER_KIND
    return RECEIPTS_KIND if kind in {"", "receipt"} else kind


def _header(names: list[str]) -> list[str]:
    """Return a CSV's column names; an unnamed column gets its position as name, a repeated name a number."""
    counts: Counter[str] = Counter()
    header = []
    for position, written in enumerate(names, 1):
        name = written.strip() or f"column_{position}"
        counts[name] += 1
        header.append(name if counts[name] == 1 else f"{name}__{counts[name]}")
    return header


def is_whole_number(value: str) -> bool:
    """Return True if a CSV's text is a count or unix seconds that a bigint holds as written, unlike "007"."""
    is_digits = value.isascii() and value.isdigit() and len(value) <= BIGINT_DIGITS
    return is_digits and (value == "0" or value[0] != "0")


def magic_of(file: Path) -> bytes:
    """Return the first bytes of an export's file, which identify the container of its CSVs."""
    with file.open("rb") as opened:
        return opened.read(2)


def _text(raw: IO[bytes] | gzip.GzipFile) -> TextIOWrapper:
    encoding = "utf-16" if raw.peek(2)[:2] in UTF_16 else "utf-8-sig"  # type: ignore[union-attr]  # each of them has it
    return TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")


def _lines(text: IO[str], megabytes: int, weigh: Callable[[int], None]) -> Iterator[str]:
    """Yield the lines of a CSV; raises an error for an endless line, which would fill the memory."""
    most = megabytes * MEGABYTE
    while line := text.readline(most + 1):
        if len(line) > most:
            raise _too_large(f"a line is longer than max_csv_line_megabytes = {megabytes}")
        weigh(len(line))
        yield line


def _too_large(message: str) -> AnswerTooLarge:
    return AnswerTooLarge(Call("GET", DOWNLOAD_PATH).failure(message))

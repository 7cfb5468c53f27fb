"""The files of a content data export: CSVs by kind, in a gzip or a ZIP container."""

import csv
import gzip
import io
import zipfile
from datetime import UTC, datetime

from simulator.record import Record

RECEIPTS = "receipts"


def packed(tables: dict[str, list[Record]], container: str, at: int) -> bytes:
    """Pack the export's files: a ZIP with one CSV per kind of row, or a gzip, which can hold the receipts alone."""
    if container == "gzip":
        return gzip.compress(_csv(tables[RECEIPTS]), mtime=at)
    stamp = datetime.fromtimestamp(at, UTC)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind, rows in tables.items():
            name = f"{kind}_{stamp:%Y%m%d_%H%M%S}.csv"
            entry = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _csv(rows))
    return buffer.getvalue()


def _csv(rows: list[Record]) -> bytes:
    text = io.StringIO(newline="")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(text, fieldnames=columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()

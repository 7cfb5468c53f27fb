"""Skipping lists that are read whole in every run and have not changed since the last load."""

import hashlib
from collections.abc import Iterable, Iterator

import orjson

from ..api.day import DAY_SECONDS
from ..privacy.kept_rules import kept
from ..reading.reading import Reading
from ..rows.deleted_records import is_marked
from ..rows.table import Rows
from .dlt_state import Versioned, opened


def changed(reading: Reading, batches: Iterable[Rows]) -> Iterator[Rows]:
    """Yield the `batches` of a list that differ from what the last changed reading brought: unchanged ones are skipped.

    Earlier and unfinished readings do not count: there may be newer versions by now. The list is loaded whole again
    after others have loaded rows of its table (see `reading.emission`), and on each new day, so that changes by hand do
    not last.
    """
    state = opened(reading.state, Versioned)
    wishes = reading.session.wishes
    last = state.pop("loaded", [])
    is_wished_for = wishes.from_scratch or wishes.since is not None
    digests = []
    is_any_new = False
    for rows_of_tables in batches:
        digest = _digest(reading, rows_of_tables)
        digests.append(digest)
        if digest is None or digest not in last or is_wished_for or _is_back(reading, rows_of_tables):
            is_any_new = True
            yield rows_of_tables
    state["loaded"] = [digest for digest in digests if digest is not None] if is_any_new else last


def _digest(reading: Reading, rows_of_tables: Rows) -> str | None:
    """Return the digest by which a list is unchanged: of its rows' values, of their processing, and of the day.

    None if JSON cannot express a value, such as a number of twenty digits.
    """
    session = reading.session
    on_the_way = [kept(session.guard.privacy), session.max_columns, session.identity.now() // DAY_SECONDS]
    try:
        content = [orjson.dumps(on_the_way, option=orjson.OPT_SORT_KEYS)]
        for table, rows in rows_of_tables:
            content.append(table.name.encode())
            content += sorted(orjson.dumps(row, option=orjson.OPT_SORT_KEYS) for row in rows)
    except TypeError:
        return None
    return hashlib.blake2b(b"\n".join(content), digest_size=8).hexdigest()


def _is_back(reading: Reading, rows_of_tables: Rows) -> bool:
    """Return True if a list brings a record that is marked as gone: unchanged or not, it is loaded to lose the mark."""
    return any(is_marked(table, rows, reading.session.marked) for table, rows in rows_of_tables)

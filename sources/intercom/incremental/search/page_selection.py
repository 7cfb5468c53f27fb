"""Which records of a listed page a pass takes: those that are not loaded yet, each once in a load package."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...api.identity import believable
from ...api.lists.page import Page
from ...api.record import Record, is_older, record_id, updated_at
from ...reading.reading import Reading
from ...records.attempts import Unreadable
from ...records.single_record import Whole
from ...rows.table import Table
from .batch import Batch
from .loaded_versions import digest
from .stored_progress import StoredProgress

NAMING = ("type", "id", "updated_at")  # they show nothing of a record, so that Intercom is asked for it by its id


@dataclass
class PageSelection:
    """The selection from a pass's pages, which goes on with what `reading` has in its load package.

    `table`: the records' own; one that is marked there as gone is asked for by its id when it is listed, unchanged or
    not. `as_listed`: see `Entity`.
    """

    path: str
    table: Table
    reading: Reading
    stored: StoredProgress
    as_listed: Callable[[Record], Any]

    def add_read_again(self, identity: str, record: Record | None, result: Whole[Any] | Unreadable | None) -> None:
        """Add to the selection what came of a record read outside of pages; by its id alone if `record` is None."""
        if isinstance(result, Whole):
            self.reading.taken[identity] = b"" if record is None else digest(record)
            self.reading.read_again[identity] = result.updated_at
        elif result is not None:
            self.reading.read_again[identity] = None

    def batch_of(self, page: Page) -> Batch:
        """Select the records of `page` that are not loaded yet.

        A record that was already taken into this load package in another version ends the chunk before it: two versions
        of one parent's lists in one package would both be merged.
        """
        start_at = self.stored.progress.earliest(self.reading.session.wishes.start_at)
        asked: list[Record] = []
        shown: list[tuple[Record, Whole[Any]]] = []
        moments: list[int] = []
        is_cut = False
        # Of two versions on one page only the last one counts.
        by_id = {record_id(record, self.path): record for record in page.records}
        is_proven = page.goes_on_after is not None  # a range, whose records may come again behind it
        for identity, record in by_id.items():
            version = digest(record)
            if self._is_loaded(identity, record, version):
                self.reading.report.count_repeated += 1
            elif identity in self.reading.taken:
                is_cut = True
                break
            elif not is_older(record, start_at):
                self.reading.taken[identity] = version
                if self._is_marked(identity) or self.stored.versions.is_outdated(version, updated_at(record)):
                    asked.append({name: record[name] for name in NAMING if name in record})
                elif (detail := self.as_listed(record)) is None:
                    asked.append(record)
                else:
                    shown.append((record, Whole(detail, updated_at(record), None)))
            moments.append(updated_at(record))
        # A page that is cut is asked for again.
        count_listed, came_again = (0, 0) if is_cut or is_proven else self._counted(page)
        return Batch(
            asked=asked,
            shown=shown,
            updated_at=max(believable(moments, page.server_at), default=None),
            page_cursor=page.page_cursor if is_cut else page.next_page_cursor,
            is_last=not (is_cut or is_proven) and page.next_page_cursor is None,
            is_cut=is_cut,
            server_at=page.server_at,
            count_listed=count_listed,
            came_again=came_again,
            again_at=min(map(updated_at, page.records)) if came_again else None,
            total_count=page.total_count if isinstance(page.total_count, int) and not is_proven else None,
            goes_on_after=None if is_cut else page.goes_on_after,
            count_in_range=page.count_in_range,
            is_unsorted=page.is_unsorted,
        )

    def _is_loaded(self, identity: str, record: Record, version: bytes) -> bool:
        """Return True if a version need not be selected: it is loaded, or asking for it would bring nothing else."""
        if self.reading.taken.get(identity) == version:
            return True
        if version in self.stored.versions.settled and not self._is_marked(identity):
            return True
        if identity not in self.reading.read_again:
            return False
        loaded_at = self.reading.read_again[identity]
        return self.as_listed(record) is None if loaded_at is None else updated_at(record) <= loaded_at

    def _is_marked(self, identity: str) -> bool:
        return identity in self.reading.session.marked.get(self.table.name, ())

    def _counted(self, page: Page) -> tuple[int, int]:
        """Return how many of a page's records are new to the pass in this run, and how many came again unchanged.

        A record that changes while pages are read comes again rightly; one that is listed twice as it is hides another.
        """
        counted = self.reading.session.counted[self.reading.report.resource]
        if page.page_cursor is None:
            counted.clear()
        added = counted.add(page.records, self.path)
        return added.new + len(page.strays), added.again

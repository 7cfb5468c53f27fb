"""The pass over a listing: each listed record against what the raw tables hold of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..api.errors import NotFound
from ..api.lists.lookahead import prefetched
from ..api.lists.page import Page
from ..api.record import Record, created_at, is_older, record_id, updated_at
from ..reading.reading import Reading
from ..records.attempts import Unreadable, account, each_attempted
from ..records.entity import shaped
from ..records.single_record import Whole
from ..rows.table import Rows
from ..rows.validation import SHAPE_ERRORS, fitting, merged, reason_of
from .finding import Finding
from .fingerprint import rows_by_table
from .listing_proof import ListingProof
from .loaded_records import LoadedRecords
from .swept_entity import Beside, SweptEntity


@dataclass
class ListingPass:
    """The pass over a sweep's listing; `listed` and `loaded` are known to the end once all rows were taken.

    `marked`: ids that are marked as gone; one that a listing shows again is back only when its own call finds it, and
    `stale` is what it does not find. `passed_at`: no sync will find changes before that any more (None: every sync
    reads everything, as this pass does). `unread`: ids that every sync asks for again. `beside`: further lists to keep
    up to date. Records that this sweep cannot read or load are requested again by the next.
    """

    swept: SweptEntity
    reading: Reading
    loaded: LoadedRecords
    proof: ListingProof
    marked: frozenset[str]
    beside: list[Beside]
    created_since: int
    passed_at: int | None
    unread: frozenset[str]

    def __post_init__(self) -> None:
        self.listed: dict[str, None] = {}
        self.stale: set[str] = set()
        self._lists_to_read: dict[str, list[Beside]] = {}

    def differences(self) -> Iterator[Rows]:
        """Yield what the pass has to read again: rows of records, page by page, each at most once."""
        session, report = self.reading.session, self.reading.report
        for _, results in each_attempted(session, self._to_be_read(), list, self._in_full):
            for record, result in results:
                self._account(record, result)
            found = [(record, result) for record, result in results if isinstance(result, Whole)]
            report.count_records += len(found)
            report.count_vanished += sum(result is None for _, result in results)
            report.found[Finding.RETURNED] += sum(self._id_of(record) in self.marked for record, _ in found)
            yield merged(whole.detail for _, whole in found)

    def _to_be_read(self) -> Iterator[list[Record]]:
        now = self.reading.session.identity.now()
        pages = self.swept.listing.pages(self.reading.client, self.created_since, now)
        for page in self.reading.noting_strays(prefetched(self.reading.session.lists, pages)):
            self.proof.add(page)
            self.reading.report.count_expected = page.total_count
            yield self._compared(page)

    def _compared(self, page: Page) -> list[Record]:
        to_be_read: list[Record] = []
        for record in page.records:
            identity = self._id_of(record)
            if identity in self.listed:
                continue
            self.listed[identity] = None
            try:
                finding = self._finding_of(identity, record)
            except SHAPE_ERRORS as error:
                self._account(record, Unreadable(reason_of(error)))
                continue
            if finding is None:
                self.reading.report.count_repeated += 1
            else:
                self.reading.report.found[finding] += 1
            if self._is_to_be_read(identity, finding):
                to_be_read.append(record)
            elif finding is Finding.NEWER:
                self.reading.unreadable.readable(identity)  # or named by the sync that reads it
        return to_be_read

    def _is_to_be_read(self, identity: str, finding: Finding | None) -> bool:
        if identity in self.marked:
            return True  # its mark goes with the rows that are loaded
        if finding is Finding.NEWER:
            return self.passed_at is None
        return finding is not None or identity in self.reading.unreadable.ids

    def _finding_of(self, identity: str, record: Record) -> Finding | None:
        """Return the pass's finding about a listed record; None if loaded as listed, or if it must never be."""
        shown = self.reading.session.guard.passed(fitting(self.swept.shown(record))[0], is_to_load=False)
        before = self.loaded.compared(identity, shown, self.swept.cut(record))
        if not rows_by_table(shown).get(self.swept.table.name):
            return None  # a person who was forgotten
        found_at = updated_at(record)
        if before is None:
            if is_older(record, self.reading.session.wishes.start_at) or created_at(record) < self.created_since:
                return None
            self._lists_to_read[identity] = self.beside
            return self._missed_or_newer(identity, found_at)
        if lists := [one for one in self.beside if one.aspect in before.differing]:
            self._lists_to_read[identity] = lists
        if before.updated_at < found_at:
            return self._missed_or_newer(identity, found_at)
        # The index may show an older version than the one that was read.
        return Finding.SILENT if before.differing and before.updated_at == found_at else None

    @property
    def missing(self) -> dict[str, None]:
        """The ids that are loaded, not marked as gone, and that the listing has not shown in this pass so far."""
        return dict.fromkeys(one for one in self.loaded.unlisted if one not in self.marked)

    def shows(self, identity: str) -> bool:
        """Return True if the pass has met a record, and not only a stale listing of it."""
        return identity in self.listed and identity not in self.stale

    def is_passed(self, changed_at: int) -> bool:
        """Return True if the syncs have passed this moment: none will find a change of it any more."""
        return self.passed_at is not None and changed_at < self.passed_at

    def _missed_or_newer(self, identity: str, found_at: int) -> Finding:
        return Finding.MISSED if self.is_passed(found_at) and identity not in self.unread else Finding.NEWER

    def _account(self, record: Record, result: Whole[Rows] | Unreadable | None) -> None:
        """Remember why the pass could not read or load a listed record; the others go on."""
        identity = self._id_of(record)
        if result is None and identity in self.marked:
            self.stale.add(identity)
        else:
            account(self.reading.unreadable, self.swept.table.name, identity, result)

    def _in_full(self, found: Record) -> Whole[Rows] | None:
        """Return the rows of a record that the pass over the listing completes; None if it has vanished."""
        entity, client, identity = self.swept.entity, self.reading.client, self._id_of(found)
        detail = entity.whole(client, identity) if identity in self.marked else entity.completed(client, found)
        whole = shaped(detail, entity.rows)
        if whole is None:
            return None
        lists = self._lists_to_read.pop(identity, [])
        beside, misfits = fitting([rows for one in lists for rows in self._rows_of(one, found)])
        return whole._replace(detail=[*whole.detail, *beside], misfits=(*whole.misfits, *misfits))

    def _id_of(self, record: Record) -> str:
        return record_id(record, self.swept.listing.call.path)

    def _rows_of(self, one: Beside, found: Record) -> Rows:
        """Return the rows of a listed record's further list; empty if it exists without such a list."""
        try:
            return [(one.table, one.rows_of(self.reading, found))]
        except NotFound:
            return []

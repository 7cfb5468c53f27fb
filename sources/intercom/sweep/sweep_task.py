"""The task of one sweep: every id that Intercom lists against every id that the raw tables hold.

In this order: the loaded ids are read; the listing is read page by page and compared; the listing is proved complete;
records that it lacks are requested by their own calls. Marks come last: a sweep that ends early marks nothing, but for
contacts whose survivors it has found by then.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..api.identity import not_ahead
from ..incremental.dlt_state import SearchState, SweepState, looked_at, opened
from ..incremental.search.progress import Progress
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..reading.unreadable_state import unread_ids
from ..records.attempts import account, attempted
from ..records.entity import shaped
from ..records.single_record import Whole
from ..resources import conversations
from ..rows.deleted_records import DELETED_RECORDS, deleted
from ..rows.table import Row, Rows
from .absence import Absence, looked_into
from .finding import Finding
from .listing_pass import ListingPass
from .listing_proof import ListingProof
from .loaded_records import LoadedRecords, RawTableReader
from .merges import Evidence, find_survivors, merge_marks
from .swept_entity import SweptEntity


@dataclass(frozen=True)
class Task:
    """The task of one sweep: which records, and what is known before it begins.

    `states`: the parts of dlt's state, by resource. `count_before`: Intercom's total. `created_since`: only records
    created at or after this (unix seconds); 0 for all.
    """

    swept: SweptEntity
    raw: RawTableReader
    states: Mapping[str, dict[str, Any]]
    count_before: int | None
    created_since: int = 0

    @property
    def resource(self) -> Resource:
        """The resource that does the task: it sweeps the entity, with all tables that it may write."""
        merges = conversations.CONVERSATION.tables if self.swept.has_merges else ()
        beside = (one.table for one in self.swept.beside)
        tables = (*self.swept.entity.tables, *beside, *merges, DELETED_RECORDS)
        return Resource(resource_name(self.swept), tables, self.read, (str(self.swept.listing.call),))

    def read(self, reading: Reading) -> Iterator[Rows]:
        """Do the sweep's task: yield the rows of records to be read again, then the marks of those that are gone."""
        session = reading.session
        begun_at = int(not_ahead(session.identity.now()))
        reading.unreadable.is_listed_whole = not self.created_since
        over = self._listing_pass(reading)
        yield from over.differences()
        if session.stop.is_set():
            return
        over.proof.check(len(over.listed))
        absence = self._absence(reading, over)
        if session.stop.is_set():
            return
        yield from self._changed_unlisted(reading, absence, over)
        if self.created_since:
            yield from self._older_unread(reading, over)
        yield from self._marks(reading, absence.gone, over)
        self._drop_unlisted(reading, over)
        if not session.stop.is_set() and not self.created_since:
            opened(reading.state, SweepState)["complete_at"] = begun_at

    def _listing_pass(self, reading: Reading) -> ListingPass:
        state = looked_at(self.states.get(self.swept.name, {}), SearchState)
        return ListingPass(
            swept=self.swept,
            reading=reading,
            loaded=LoadedRecords.of(self.raw, self.swept, self.created_since),
            proof=ListingProof(self.swept.listing, self.count_before),
            marked=frozenset(reading.session.marked.get(self.swept.table.name, ())),
            beside=[one for one in self.swept.beside if one.resource in self.states],
            created_since=self.created_since,
            unread=frozenset(unread_ids(state)),
            passed_at=Progress.of(state).passed_at(reading.session.overlap_seconds),
        )

    def _absence(self, reading: Reading, over: ListingPass) -> Absence:
        missing = over.missing
        if not self.created_since:
            over.proof.check_control(len(over.listed), len(missing))
        absence = looked_into(
            reading,
            self.swept,
            list(missing),
            over.listed,
            check=lambda found: over.proof.check_unlisted(self._unhidden(found), len(over.listed)),
        )
        reading.report.found[Finding.UNLISTED] += len(absence.there)
        return absence

    def _unhidden(self, absence: Absence) -> list[str]:
        """Return the ids of what is there, although no listing shows it, and that a whole listing would have shown."""
        return [one for one, whole in absence.there.items() if not self.swept.may_be_hidden(whole.detail)]

    def _changed_unlisted(self, reading: Reading, absence: Absence, over: ListingPass) -> Iterator[Rows]:
        """Yield the rows of records that no listing shows, and that have changed since they were loaded.

        A search will show them later, if they changed lately; the scroll, which every sync reads, will not.
        """
        changed = [
            (record_id, whole)
            for record_id, whole in absence.there.items()
            if record_id in reading.unreadable.ids or self._is_missed(record_id, whole, over)
        ]
        reading.report.found[Finding.MISSED] += sum(self._is_missed(*one, over) for one in changed)
        yield from self._loaded(reading, changed)

    def _older_unread(self, reading: Reading, over: ListingPass) -> Iterator[Rows]:
        """Yield the rows of records that earlier sweeps could not read, and that are too old for this one's listing.

        Those that are gone are forgotten here; the next sweep of all records marks them, as all others that are old.
        """
        met = {*over.listed, *over.missing, *over.marked}
        ids = [one for one in reading.unreadable.ids if one not in met]
        absence = looked_into(reading, self.swept, ids, over.listed, check=lambda _: None)
        yield from self._loaded(reading, absence.there.items())

    def _loaded(self, reading: Reading, wholes: Iterable[tuple[str, Whole[Any]]]) -> Iterator[Rows]:
        """Yield the rows of records that the sweep has read in full."""
        for record_id, whole in wholes:
            result = attempted(partial(shaped, rows=self.swept.entity.rows), whole)
            account(reading.unreadable, self.swept.table.name, record_id, result)
            if isinstance(result, Whole):
                reading.report.count_records += 1
                yield result.detail

    @staticmethod
    def _is_missed(record_id: str, whole: Whole[Any], over: ListingPass) -> bool:
        is_newer = whole.updated_at > over.loaded.updated_at(record_id)
        return is_newer and (over.passed_at is None or over.is_passed(whole.updated_at))

    def _drop_unlisted(self, reading: Reading, over: ListingPass) -> None:
        """Forget records that earlier sweeps could not load, and that are neither listed nor loaded: they are gone.

        What is unknown of a marked contact is who survived.
        """
        kept = {*over.missing, *(over.marked if self.swept.has_merges else ())}
        for record_id in () if self.created_since else reading.unreadable.ids:
            if not over.shows(record_id) and record_id not in kept:
                reading.unreadable.readable(record_id)

    def _marks(self, reading: Reading, gone: list[str], over: ListingPass) -> Iterator[Rows]:
        """Yield the sweep's marks; those of merged contacts name the survivor."""
        table, noticed_at, found = self.swept.table, reading.session.identity.now(), reading.report.found
        merged, evidence = dict[str, Row](), Evidence()
        if self.swept.has_merges:
            # An earlier sweep has marked these, and could not find out who survived.
            unexplained = [one for one in reading.unreadable.ids if one in over.marked and not over.shows(one)]
            evidence = yield from find_survivors(reading, self.raw, [*gone, *unexplained])
            merged = merge_marks(self.raw, evidence.survivor_of, over.listed, noticed_at)
            found[Finding.MERGED] += len(evidence.survivor_of)
        gone = gone if evidence.is_whole else [one for one in gone if one in merged]
        found[Finding.MARKED] += len(gone)
        marks = {one: deleted(table, one, noticed_at) for one in gone} | merged
        yield [(DELETED_RECORDS, list(marks.values()))]
        if evidence.failure is not None:
            raise evidence.failure


def resource_name(swept: SweptEntity) -> str:
    """Return the name of the resource that does the task of sweeping these records."""
    return f"sweep_{swept.name}"

"""The task of one sweep: every id that Intercom lists against every id that the raw tables hold.

In this order: the loaded ids are read; the listing is read page by page and compared; the listing is proved complete;
records that it lacks are requested by their own calls. Marks come last and all together: a sweep that ends early marks
nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..api.identity import not_ahead
from ..incremental.attempted_records import Unreadable, account, attempted
from ..incremental.dlt_state import SearchState, SweepState, looked_at, opened
from ..incremental.entity import Whole, shaped
from ..incremental.search.progress import Progress
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..reading.unreadable_facts import unread_ids
from ..resources import conversations
from ..rows.deleted_records import DELETED_RECORDS, deleted, merged_into
from ..rows.table import Rows
from .absence import Absence, looked_into
from .entities import SWEPT_CONTACTS
from .finding import Finding
from .listing_pass import ListingPass
from .listing_proof import ListingProof
from .loaded_records import LoadedRecords, RawTableReader
from .merges import Talks, read_conversations, resolved, survivors
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
        merges = conversations.CONVERSATION.tables if self.swept is SWEPT_CONTACTS else ()
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
            check=lambda found: over.proof.check_unlisted(found.there, len(over.listed)),
        )
        reading.report.found[Finding.UNLISTED] += len(absence.there)
        return absence

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
        """Forget records that earlier sweeps could not load, and that are neither listed nor loaded: they are gone."""
        missing = over.missing
        for record_id in () if self.created_since else reading.unreadable.ids:
            if record_id not in over.listed and record_id not in missing and record_id not in over.marked:
                reading.unreadable.readable(record_id)

    def _marks(self, reading: Reading, gone: list[str], over: ListingPass) -> Iterator[Rows]:
        """Yield the sweep's marks; those of merged contacts name the survivor.

        Contacts whose survivor an earlier sweep could not find out are examined once more.
        """
        table, noticed_at, found = self.swept.table, reading.session.identity.now(), reading.report.found
        survivor_of: dict[str, str] = {}
        open_before = [one for one in reading.unreadable.ids if one in over.marked and one not in over.listed]
        if self.swept is SWEPT_CONTACTS and (gone or open_before):
            talks = Talks.of(self.raw, [*gone, *open_before])
            now, unread = read_conversations(reading, talks.conversation_ids)
            if reading.session.stop.is_set():
                return
            yield reading.unreadable.rows_of(now.values(), conversations.conversation_rows)
            survivor_of = survivors(talks, now)
            for contact_id in (*gone, *open_before):
                silent = () if contact_id in survivor_of else unread.intersection(talks.of_contact.get(contact_id, ()))
                self._note_open(reading, contact_id, silent)
        former = self._former_merges(over)
        ends = resolved({one: following for one, (following, _) in former.items()} | survivor_of)
        marks = [
            merged_into(table, one, ends[one], noticed_at) if one in survivor_of else deleted(table, one, noticed_at)
            for one in (*gone, *(one for one in open_before if one in survivor_of))
        ]
        # The survivor of an earlier merge may have been merged, too.
        moved_on = [(one, at) for one, (following, at) in former.items() if ends[one] != following]
        marks += [merged_into(table, one, ends[one], at) for one, at in moved_on]
        found[Finding.MARKED] += len(gone)
        found[Finding.MERGED] += len(survivor_of)
        yield [(DELETED_RECORDS, marks)]

    def _note_open(self, reading: Reading, contact_id: str, silent: Collection[str]) -> None:
        """Remember a gone contact whose `silent` conversations may yet show the survivor, or forget one without any."""
        reason = (
            f"who took its place, if anybody, conversation {min(silent, default='')} may tell, which cannot be read"
        )
        account(reading.unreadable, self.swept.table.name, contact_id, Unreadable(reason) if silent else None)

    def _former_merges(self, over: ListingPass) -> dict[str, tuple[str, int]]:
        """Return merged contact -> survivor, and when an earlier sweep noticed it; without contacts that are back."""
        where = f"entity = '{self.swept.table.name}' AND reason = 'merged'"
        rows = self.raw.select(DELETED_RECORDS.name, "id", "merged_into_id", "noticed_at", where=where)
        return {str(one): (str(into), int(at or 0)) for one, into, at in rows if str(one) not in over.listed}


def resource_name(swept: SweptEntity) -> str:
    """Return the name of the resource that does the task of sweeping these records."""
    return f"sweep_{swept.name}"

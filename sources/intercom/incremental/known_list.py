"""A list that is read whole and merged: records that are new, changed, vanished or back."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple

from ..api.errors import IntercomError, NotFound
from ..api.lists.page import PER_PAGE
from ..api.record import Record, record_id, updated_at
from ..reading.reading import Reading
from ..reading.session import Wishes
from ..records.attempts import Unreadable, account, all_attempted
from ..records.settled import is_settled
from ..records.single_record import fetched, one_of
from ..records.vanished import CONTROLS, check_controls, unless_listed
from ..rows.deleted_records import DELETED_RECORDS, deleted, returned
from ..rows.table import Row, Rows, Table
from ..rows.validation import Misfit, Misshapen, problem_in
from .dlt_state import KnownListState, opened

DOUBTED_SECONDS = 3_600  # Intercom may find nothing for some minutes
FRESH_SECONDS = 20 * 3_600  # so that runs of every night, which do not begin to the minute, each find it over


class _Shaped(NamedTuple):
    """A known list's record in full, and its row."""

    record: Record
    row: Row


class _Gone(NamedTuple):
    """A known record of a list that does not exist any more; `server_at`: Intercom's clock at that moment."""

    server_at: float | None


@dataclass(frozen=True)
class KnownList:
    """A known list: without a filter, short enough to remember every id with its `updated_at` in the state.

    `in_full` returns a new or changed record with what the list does not show (None: it has just vanished), `row` its
    row. A record that the whole list no longer shows is asked for by its own call before it is marked as deleted; one
    that Intercom cannot deliver then stays known. `has_silent_figures`: what the list does not show changes without
    moving `updated_at`, so all are read in full once a day.
    """

    path: str
    table: Table
    in_full: Callable[[Reading, Record], Record | None]
    row: Callable[[Record], Row]
    has_silent_figures: bool = False

    def read(self, reading: Reading) -> Iterator[Rows]:
        """Read the known list: yield rows of changed records, and marks in `deleted_records`.

        Raises RecordsUnread at the end where some could not be read; everything else is loaded by then. Raises
        IncompleteListing, before any row, where Intercom does not find what it lists.
        """
        state = opened(reading.state, KnownListState)
        known = state.setdefault("known", {})
        if reading.session.begins(reading.report.resource):
            known.update(dict.fromkeys(wished_for(known, reading.session.wishes)))
        gone = state.setdefault("gone", [])
        listed_records, listed_at = self._listed(reading)
        # The version of one whose figures could not be read again is the loaded one.
        missed = reading.unreadable.ids if self.has_silent_figures else ()
        changed = {
            identity: record
            for identity, record in listed_records.items()
            if identity in missed or not _is_same(known.get(identity), record)
        }
        missing = [one for one in known if one not in listed_records]
        unlisted = dict(all_attempted(reading.session.details, partial(self._looked_up, reading), missing))
        vanished = {one: result.server_at for one, result in unlisted.items() if isinstance(result, _Gone)}
        if not self._is_evidence(reading, listed_records, vanished):
            vanished = {}
        results = self._results(reading, [*changed.values()])
        is_due, outage = self.has_silent_figures and is_stale(state, listed_at), None
        if is_due:
            others = [record for identity, record in listed_records.items() if identity not in changed]
            try:
                results |= self._results(reading, others)
            except IntercomError as error:  # what has changed is loaded all the same
                outage = error
        self._account(reading, {**results, **unlisted})
        loaded = {one: result for one, result in results.items() if isinstance(result, _Shaped)}
        # A stale listing may show a deleted record once more: it counts as back only when it is loaded.
        marks = [returned(self.table, identity) for identity in gone if identity in loaded]
        marks += [deleted(self.table, identity, at) for identity, at in vanished.items()]
        reading.report.count_records += len(loaded)
        reading.report.count_repeated += len(listed_records.keys() - results.keys())
        reading.report.count_vanished += sum(result is None for result in results.values())
        yield [(self.table, [shaped.row for shaped in loaded.values()]), (DELETED_RECORDS, marks)]
        known.update({one: _settled(updated_at(shaped.record), listed_at) for one, shaped in loaded.items()})
        state["known"] = {identity: at for identity, at in known.items() if identity not in vanished}
        state["gone"] = sorted({*gone, *vanished} - loaded.keys())
        if outage is not None:
            raise outage
        if is_due:
            state["whole_at"] = int(listed_at)
        reading.unreadable.check()

    def _is_evidence(self, reading: Reading, listed_ids: Collection[str], vanished: Collection[str]) -> bool:
        """Return True if known records that are neither listed nor found must be gone.

        A list that has lost everything is named as unreadable until that has lasted for an hour: somebody may have
        deleted it all. Raises IncompleteListing if listed ones are not found either.
        """
        if listed_ids or len(vanished) <= CONTROLS:
            if vanished:
                ask = partial(fetched, reading.client, self.path)
                # Those that fail in every run say nothing of this one.
                controls = islice((one for one in listed_ids if one not in reading.unreadable.ids), CONTROLS)
                check_controls(ask, controls, f"{self.path}/{{id}}")
            return True
        reason = f"nothing is listed, but {len(vanished):,} records are loaded"
        misfit = Misfit(self.table.name, f"GET {self.path}", reason)
        if reading.unreadable.seconds_known(misfit) >= DOUBTED_SECONDS:
            return True
        reading.unreadable.without_id(misfit, None)
        return False

    def _results(self, reading: Reading, changed: list[Record]) -> dict[str, _Shaped | Unreadable | None]:
        """Return id -> each of the list's changed records in full, None if it is neither found nor listed any more."""
        attempts = all_attempted(reading.session.details, partial(self._shaped, reading), changed)
        results = {record_id(record, self.path): result for record, result in attempts}
        return unless_listed(results, self.path, lambda: self._listed(reading)[0])

    def _shaped(self, reading: Reading, listed_record: Record) -> _Shaped | None:
        """Return a record of a known list in full, and its row."""
        whole = self.in_full(reading, listed_record)
        if whole is None:
            return None
        record_id(whole, self.path)
        row = self.row(whole)
        if problem := problem_in(self.table, row):
            raise Misshapen(problem)
        return _Shaped(whole, row)

    def _account(self, reading: Reading, results: Mapping[str, object]) -> None:
        """Remember the list's unreadable records: every run asks for them until they are loaded or known to be gone.

        One that nobody had to ask for is gone, or was only unlisted for a while and is loaded as it is listed again.
        """
        for identity in dict.fromkeys([*reading.unreadable.ids, *results]):
            account(reading.unreadable, self.table.name, identity, results.get(identity))

    def _listed(self, reading: Reading) -> tuple[dict[str, Record], float]:
        """Return the list as it is now, id -> record, and Intercom's clock when it began to be read."""
        records: dict[str, Record] = {}
        listed_at = reading.session.identity.now()
        for page in reading.listed(self.path, per_page=PER_PAGE):
            records |= {record_id(record, self.path): record for record in page.records}
        return records, listed_at

    def _looked_up(self, reading: Reading, identity: str) -> _Gone | None:
        """Return when Intercom said that a known record is gone, or None if it still exists."""
        try:
            one_of(reading.client, self.path, identity)
        except NotFound as error:
            return _Gone(error.server_at)
        return None


def is_stale(state: KnownListState, now: float) -> bool:
    """Return True if silent figures of the known list are to be read again; also where a clock has gone back since."""
    return not 0 <= now - state.get("whole_at", 0) < FRESH_SECONDS


def wished_for(known: dict[str, int | None], wishes: Wishes) -> list[str]:
    """Return the known ids to read again; they are kept with version None, so that their deletion is still noticed."""
    if wishes.from_scratch:
        return list(known)
    since = wishes.since
    return [] if since is None else [identity for identity, at in known.items() if at is not None and at >= since]


def _settled(changed_at: int, read_at: float) -> int | None:
    """Return the version as it is known from now on, or None if another may follow within the same second."""
    return changed_at if is_settled(changed_at, read_at) else None


def _is_same(known_at: int | None, record: Record) -> bool:
    """Return True if a listed record has the known version; never for a record without a time."""
    at = updated_at(record)
    return at > 0 and at == known_at

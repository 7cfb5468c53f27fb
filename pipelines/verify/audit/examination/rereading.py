"""Records read again, one by one, for a comparison with what is loaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from sources.intercom.api.errors import RecordDenied
from sources.intercom.api.lists.batches import in_batches
from sources.intercom.api.record import record_id
from sources.intercom.reading.reading import Reading
from sources.intercom.reading.resource import Resource
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from sources.intercom.records.attempts import Unreadable, each_attempted
from sources.intercom.records.entity import AnyEntity, shaped
from sources.intercom.records.single_record import Whole
from sources.intercom.records.vanished import CONTROLS, check_controls, confirmed
from sources.intercom.rows.table import Rows
from sources.intercom.rows.validation import fitting
from sources.intercom.sweep import SweptEntity

IDS_AT_ONCE = 50
ACCOUNTS = "audit_"  # so the names begin under which an audit's reading is accounted for

Results = Sequence[tuple[str, Whole[Any] | Unreadable | None]]


@dataclass
class Rereading:
    """Rereads the records `ids` of an entity in full.

    Afterwards `found` holds them by id, with those of their rows that cannot be loaded, `gone` the ids that Intercom no
    longer has, and `unreadable` those that it does not deliver, or not in a shape that can be loaded.
    """

    swept: SweptEntity
    ids: list[str]
    listed: tuple[str, ...] = ()
    found: dict[str, Whole[Any]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)

    @property
    def entity(self) -> AnyEntity:
        """The entity of the records to reread."""
        return self.swept.entity

    @property
    def resource(self) -> Resource:
        """The resource that rereads the records."""
        return Resource(resource_name(self.entity.table.name), self.entity.tables, self.read, ())

    def read(self, reading: Reading) -> Iterator[Rows]:
        """Reread the records, and yield the rows of those that are there.

        Raises the error of Intercom if it delivers so few that it is an outage, and IncompleteListing if it finds none.
        """

        def shaped_whole(identity: str) -> Whole[Any] | None:
            whole = self.entity.whole(reading.client, identity)
            made = shaped(whole, self.entity.rows)
            return whole and made and whole._replace(misfits=made.misfits)

        session = reading.session
        for _, first in each_attempted(session, in_batches(self.ids, IDS_AT_ONCE), list, shaped_whole):
            self._take(there := [(one, result) for one, result in first if result is not None])
            vanished = [(one, result) for one, result in first if result is None]
            check = partial(self._check_gone, reading, list(_whole(there)))
            self._take(again := confirmed(session.details, vanished, shaped_whole, check))
            found = _whole([*there, *again])
            self.found |= found  # with their rows, not before: without any a record looks like one that is held back
            reading.report.count_records += len(found)
            reading.report.count_vanished += sum(result is None for _, result in again)
            yield fitting(self.entity.rows([whole.detail for whole in found.values()]))[0]

    def _take(self, results: Results) -> None:
        for identity, result in results:
            if result is None:
                self.gone.add(identity)
            elif isinstance(result, Unreadable):
                self.unreadable[identity] = result
        errors = [one.error for one in self.unreadable.values() if one.error is not None]
        undelivered = [error for error in errors if not isinstance(error, RecordDenied)]  # that exists, however many
        if len(undelivered) > MOST_UNREAD:
            raise undelivered[-1]

    def _check_gone(self, reading: Reading, there: Sequence[str], gone: Sequence[str]) -> None:
        """Raise IncompleteListing if Intercom does not find records either that it lists: a 404 says nothing then."""
        ask = partial(self.entity.whole, reading.client)
        check_controls(ask, self._controls(reading, there, gone), f"/{self.entity.table.name}/{{id}}", gone)

    def _controls(self, reading: Reading, there: Sequence[str], gone: Sequence[str]) -> Iterator[str]:
        yield from islice((*there, *self.found, *self.listed), CONTROLS)
        if not self.swept.is_listed_whole:  # the one scroll of a workspace is not begun for that
            page = next(self.swept.listing.pages(reading.client, 0, reading.session.identity.now()))
            listed = (record_id(record, self.swept.listing.call.path) for record in page.records)
            yield from islice((one for one in listed if one not in gone), CONTROLS)


def _whole(results: Results) -> dict[str, Whole[Any]]:
    return {identity: result for identity, result in results if isinstance(result, Whole)}


def repair(rereading: Rereading, ids: list[str]) -> Resource:
    """Return the resource that loads the records `ids` from what was reread, without another call.

    It is accounted for as the rereading is, which has counted these records.
    """
    entity = rereading.entity

    def read(_reading: Reading) -> Iterator[Rows]:
        yield fitting(entity.rows([rereading.found[identity].detail for identity in ids]))[0]

    return Resource(resource_name(entity.table.name), entity.tables, read, ())


def resource_name(entity: str) -> str:
    """Return the name under which what is reread of an entity, and repaired, is accounted for."""
    return f"{ACCOUNTS}{entity}"


def entity_of(resource_name: str) -> str:
    """Return the entity of which what is reread is accounted for under the name."""
    return resource_name.removeprefix(ACCOUNTS)

"""Records read again, one by one, for a comparison with what is loaded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sources.intercom.api.lists.batches import in_batches
from sources.intercom.reading.reading import Reading
from sources.intercom.reading.resource import Resource
from sources.intercom.records.attempts import Unreadable, each_attempted
from sources.intercom.records.entity import AnyEntity, shaped
from sources.intercom.records.single_record import Whole
from sources.intercom.rows.table import Rows
from sources.intercom.rows.validation import fitting

IDS_AT_ONCE = 50
ACCOUNTS = "audit_"  # so the names begin under which an audit's reading is accounted for


@dataclass
class Rereading:
    """Rereads the records `ids` of `entity` in full.

    Afterwards `found` holds them by id, with those of their rows that cannot be loaded, `gone` the ids that Intercom no
    longer has, and `unreadable` those that it does not deliver, or not in a shape that can be loaded.
    """

    entity: AnyEntity
    ids: list[str]
    found: dict[str, Whole[Any]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)

    @property
    def resource(self) -> Resource:
        """The resource that rereads the records."""
        return Resource(resource_name(self.entity.table.name), self.entity.tables, self.read, ())

    def read(self, reading: Reading) -> Iterator[Rows]:
        """Reread the records, and yield the rows of those that are there."""

        def shaped_whole(record_id: str) -> Whole[Any] | None:
            whole = self.entity.whole(reading.client, record_id)
            made = shaped(whole, self.entity.rows)
            return whole and made and whole._replace(misfits=made.misfits)

        for _, results in each_attempted(reading.session, in_batches(self.ids, IDS_AT_ONCE), list, shaped_whole):
            self._take(results)
            found = [result.detail for _, result in results if isinstance(result, Whole)]
            reading.report.count_records += len(found)
            reading.report.count_vanished += sum(result is None for _, result in results)
            yield fitting(self.entity.rows(found))[0]

    def _take(self, results: list[tuple[str, Whole[Any] | Unreadable | None]]) -> None:
        for record_id, result in results:
            if result is None:
                self.gone.add(record_id)
            elif isinstance(result, Unreadable):
                self.unreadable[record_id] = result
            else:
                self.found[record_id] = result


def repair(rereading: Rereading, ids: list[str]) -> Resource:
    """Return the resource that loads the records `ids` from what was reread, without another call.

    It is accounted for as the rereading is, which has counted these records.
    """
    entity = rereading.entity

    def read(_reading: Reading) -> Iterator[Rows]:
        yield fitting(entity.rows([rereading.found[record_id].detail for record_id in ids]))[0]

    return Resource(resource_name(entity.table.name), entity.tables, read, ())


def resource_name(entity: str) -> str:
    """Return the name under which what is reread of an entity, and repaired, is accounted for."""
    return f"{ACCOUNTS}{entity}"


def entity_of(resource_name: str) -> str:
    """Return the entity of which what is reread is accounted for under the name."""
    return resource_name.removeprefix(ACCOUNTS)

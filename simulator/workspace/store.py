"""All records of one entity: findable by id, walkable by time, and those that are gone."""

from collections.abc import Iterator
from random import Random

from simulator.record import Record
from simulator.workspace.time_index import TimeIndex


class Store:
    """The readable records of an entity by id, in the API's own full form with nothing cut.

    `gone` keeps what a client can no longer read, with the reason (archived, deleted, merged).
    `revision` grows with every change, so that answers derived from the records can be cached.
    """

    def __init__(self, *time_fields: str) -> None:
        self.records: dict[str, Record] = {}
        self.gone: dict[str, tuple[str, Record]] = {}
        self.indexes = {name: TimeIndex() for name in time_fields}
        self.revision = 0
        self._order: list[str] = []
        self._order_revision = -1
        self._kept: dict[bytes, object] = {}
        self._kept_revision = -1

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records.values())

    def get(self, record_id: str) -> Record | None:
        """The readable record with this id."""
        return self.records.get(record_id)

    def fill(self, records: list[Record]) -> None:
        """Take over a generated set, indexing once."""
        self.records = {record["id"]: record for record in records}
        for name, index in self.indexes.items():
            index.fill((record["id"], record[name]) for record in records)
        self.revision += 1

    def put(self, record: Record) -> None:
        """Add a record, or tell that it changed."""
        self.records[record["id"]] = record
        for name, index in self.indexes.items():
            index.put(record["id"], record[name])
        self.revision += 1

    def remove(self, record_id: str, reason: str) -> Record:
        """Make a record unreadable and remember why."""
        record = self.records.pop(record_id)
        self.gone[record_id] = (reason, record)
        for index in self.indexes.values():
            index.drop(record_id)
        self.revision += 1
        return record

    def choose(self, random: Random) -> Record:
        """Any readable record; the same random state and history choose the same one."""
        if self._order_revision != self.revision:
            self._order, self._order_revision = list(self.records), self.revision
        return self.records[self._order[int(random.random() * len(self._order))]]

    def kept(self) -> dict[bytes, object]:
        """A place for answers derived from the records; emptied by the next change."""
        if self._kept_revision != self.revision:
            self._kept.clear()
            self._kept_revision = self.revision
        return self._kept

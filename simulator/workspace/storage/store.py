"""All records of one entity: findable by id, walkable by time, and those that are gone."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from simulator.record import Record
from simulator.workspace.storage.index_lag import IndexLag
from simulator.workspace.storage.time_index import RecordKey, TimeIndex


@dataclass(frozen=True)
class Kept:
    """What searches have found out about a store's records at one revision, by their text."""

    revision: int
    counts: dict[bytes, int] = field(default_factory=dict)
    orders: dict[bytes, list[tuple[float, RecordKey]]] = field(default_factory=dict)
    """(value, id) of what matches, in an order that no index has."""


class Store:
    """The store of an entity: its readable records by id, in the API's own full form with nothing cut.

    `name` is the entity's, as truth and changes say it.
    `gone` keeps what a client can no longer read, with the reason (archived, deleted, merged).
    `revision` grows with every change, so that answers derived from the records can be cached.
    Its indexes can lag behind: lists and searches then find a change only later, and what is gone for a while yet.
    """

    def __init__(self, entity: str, *time_fields: str, lag: IndexLag | None = None) -> None:
        self.name = entity
        self.records: dict[str, Record] = {}
        self.gone: dict[str, tuple[str, Record]] = {}
        self.revision = 0
        self._lag = lag
        self._indexes = {name: TimeIndex() for name in time_fields}
        self._unindexed: list[tuple[int, int, str, dict[str, int] | None]] = []
        self._fading: dict[str, Record] = {}
        self._indexed_revision: dict[str, int] = {}
        self._kept = Kept(self.revision)

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records.values())

    @property
    def time_fields(self) -> tuple[str, ...]:
        """The time fields by which the store can be walked; each of its records has them."""
        return tuple(self._indexes)

    def get(self, record_id: str) -> Record | None:
        """Get the readable record with this id from the store."""
        return self.records.get(record_id)

    def fill(self, records: list[Record]) -> None:
        """Fill the store with a generated set of records, indexing once."""
        self.records = {record["id"]: record for record in records}
        for name, index in self._indexes.items():
            index.fill((record["id"], record[name]) for record in records)
        self.revision += 1

    def put(self, record: Record) -> None:
        """Put a record in the store, or reindex it after a change."""
        self.records[record["id"]] = record
        times = {name: record[name] for name in self._indexes}
        self.revision += 1
        found_at = self._lag.found_at(record["id"]) if self._lag else None
        if found_at is None:
            self._enter(record["id"], times, self.revision)
        else:
            heappush(self._unindexed, (found_at, self.revision, record["id"], times))

    def remove(self, record_id: str, reason: str) -> Record:
        """Remove a record from the store: it becomes unreadable, and the reason is kept."""
        record = self.records.pop(record_id)
        self.gone[record_id] = (reason, record)
        self.revision += 1
        found_at = self._lag.found_at(record_id) if self._lag else None
        if found_at is None:
            self._drop(record_id)
        else:
            self._fading[record_id] = record
            heappush(self._unindexed, (found_at, self.revision, record_id, None))
        return record

    @property
    def listed(self) -> Mapping[str, Record]:
        """What the store's indexes may name, by id: the readable records, and those whose end they do not know yet."""
        return ChainMap(self.records, self._fading) if self._fading else self.records

    def index(self, field: str) -> TimeIndex:
        """The store's order by one of its time fields, as far as it has caught up with the changes."""
        while self._lag and self._unindexed and self._unindexed[0][0] <= self._lag.clock.now():
            _, revision, record_id, times = heappop(self._unindexed)
            if times is None:
                self._drop(record_id)
            else:
                self._enter(record_id, times, revision)
            self.revision += 1
        return self._indexes[field]

    def choose(self, random: Random) -> Record:
        """Choose any readable record of the store; the same random state and history choose the same one."""
        for index in self._indexes.values():
            if len(index.entries) == len(self.records) and not self._fading:
                return self.records[str(index.entries[int(random.random() * len(index.entries))][1])]
        return list(self.records.values())[int(random.random() * len(self.records))]

    def kept(self) -> Kept:
        """What searches have found out about the store's records; nothing after a change."""
        if self._kept.revision != self.revision:
            self._kept = Kept(self.revision)
        return self._kept

    def _drop(self, record_id: str) -> None:
        """Drop a record from the store's indexes, unless it has come back."""
        self._fading.pop(record_id, None)
        if record_id not in self.records:
            for index in self._indexes.values():
                index.drop(record_id)

    def _enter(self, record_id: str, times: dict[str, int], revision: int) -> None:
        """Enter a change in the store's indexes, unless a later change of this record came first."""
        if record_id in self.records and revision > self._indexed_revision.get(record_id, -1):
            self._indexed_revision[record_id] = revision
            for name, index in self._indexes.items():
                index.put(record_id, times[name])

"""All records of one entity: findable by id, walkable by time, and those that are gone."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from random import Random
from zlib import crc32

from simulator.record import Record
from simulator.workspace.time_index import TimeIndex


class Store:
    """The readable records of an entity by id, in the API's own full form with nothing cut.

    `name` is the entity's, as truth and changes say it.
    `gone` keeps what a client can no longer read, with the reason (archived, deleted, merged).
    `revision` grows with every change, so that answers derived from the records can be cached.
    Its indexes can lag behind (`index_lag_seconds`): lists and searches then find a change only later, or each change
    after a lag of its own (`has_uneven_lag`).
    """

    def __init__(self, name: str, *time_fields: str) -> None:
        self.name = name
        self.records: dict[str, Record] = {}
        self.gone: dict[str, tuple[str, Record]] = {}
        self.revision = 0
        self.index_lag_seconds: Callable[[], int] = int
        self.has_uneven_lag: Callable[[], bool] = bool
        self.now: Callable[[], int] = int
        self._indexes = {name: TimeIndex() for name in time_fields}
        self._unindexed: list[tuple[int, int, str, dict[str, int]]] = []
        self._indexed_revision: dict[str, int] = {}
        self._kept: dict[bytes, object] = {}
        self._kept_revision = -1

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records.values())

    @property
    def time_fields(self) -> tuple[str, ...]:
        """The fields by which the records can be walked in the order of time; each record has them."""
        return tuple(self._indexes)

    def get(self, record_id: str) -> Record | None:
        """The readable record with this id."""
        return self.records.get(record_id)

    def fill(self, records: list[Record]) -> None:
        """Take over a generated set of records, indexing once."""
        self.records = {record["id"]: record for record in records}
        for name, index in self._indexes.items():
            index.fill((record["id"], record[name]) for record in records)
        self.revision += 1

    def put(self, record: Record) -> None:
        """Add a record, or reindex it after a change."""
        self.records[record["id"]] = record
        times = {name: record[name] for name in self._indexes}
        self.revision += 1
        lag_seconds = self._lag_seconds(record["id"])
        if lag_seconds:
            heappush(self._unindexed, (self.now() + lag_seconds, self.revision, record["id"], times))
        else:
            self._enter(record["id"], times, self.revision)

    def _lag_seconds(self, record_id: str) -> int:
        lag_seconds = self.index_lag_seconds()
        if lag_seconds and self.has_uneven_lag():
            return crc32(f"{record_id} {self.now()}".encode()) % (lag_seconds + 1)
        return lag_seconds

    def remove(self, record_id: str, reason: str) -> Record:
        """Make a record unreadable and remember why."""
        record = self.records.pop(record_id)
        self.gone[record_id] = (reason, record)
        for index in self._indexes.values():
            index.drop(record_id)
        self.revision += 1
        return record

    def index(self, field: str) -> TimeIndex | None:
        """The order by a time field, as far as it has caught up with the changes; None when the field has none."""
        now = self.now()
        while self._unindexed and self._unindexed[0][0] <= now:
            _, revision, record_id, times = heappop(self._unindexed)
            self._enter(record_id, times, revision)
            self.revision += 1
        return self._indexes.get(field)

    def choose(self, random: Random) -> Record:
        """Any readable record; the same random state and history choose the same one."""
        for index in self._indexes.values():
            if len(index.entries) == len(self.records):
                return self.records[str(index.entries[int(random.random() * len(index.entries))][1])]
        return list(self.records.values())[int(random.random() * len(self.records))]

    def kept(self) -> dict[bytes, object]:
        """A cache for answers derived from the records; emptied by the next change."""
        if self._kept_revision != self.revision:
            self._kept.clear()
            self._kept_revision = self.revision
        return self._kept

    def _enter(self, record_id: str, times: dict[str, int], revision: int) -> None:
        """Index a change, unless a later change of this record was indexed first."""
        if record_id in self.records and revision > self._indexed_revision.get(record_id, -1):
            self._indexed_revision[record_id] = revision
            for name, index in self._indexes.items():
                index.put(record_id, times[name])

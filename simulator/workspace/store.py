"""All records of one entity: findable by id, walkable by time, and those that are gone."""

from collections import deque
from collections.abc import Callable, Iterator
from random import Random

from simulator.record import Record
from simulator.workspace.time_index import TimeIndex


class Store:
    """The readable records of an entity by id, in the API's own full form with nothing cut.

    `gone` keeps what a client can no longer read, with the reason (archived, deleted, merged).
    `revision` grows with every change, so that answers derived from the records can be cached.
    Its indexes can lag behind (`index_lag_seconds`): lists and searches then find a change only later.
    """

    def __init__(self, *time_fields: str) -> None:
        self.records: dict[str, Record] = {}
        self.gone: dict[str, tuple[str, Record]] = {}
        self.revision = 0
        self.index_lag_seconds: Callable[[], int] = int
        self.now: Callable[[], int] = int
        self._indexes = {name: TimeIndex() for name in time_fields}
        self._unindexed: deque[tuple[int, str, dict[str, int]]] = deque()
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
        for name, index in self._indexes.items():
            index.fill((record["id"], record[name]) for record in records)
        self.revision += 1

    def put(self, record: Record) -> None:
        """Add a record, or tell that it changed."""
        self.records[record["id"]] = record
        times = {name: record[name] for name in self._indexes}
        lag_seconds = self.index_lag_seconds()
        if lag_seconds:
            self._unindexed.append((self.now() + lag_seconds, record["id"], times))
        else:
            self._enter(record["id"], times)
        self.revision += 1

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
            _, record_id, times = self._unindexed.popleft()
            self._enter(record_id, times)
            self.revision += 1
        return self._indexes.get(field)

    def choose(self, random: Random) -> Record:
        """Any readable record; the same random state and history choose the same one."""
        for index in self._indexes.values():
            if len(index.entries) == len(self.records):
                return self.records[str(index.entries[int(random.random() * len(index.entries))][1])]
        return list(self.records.values())[int(random.random() * len(self.records))]

    def kept(self) -> dict[bytes, object]:
        """A place for answers derived from the records; emptied by the next change."""
        if self._kept_revision != self.revision:
            self._kept.clear()
            self._kept_revision = self.revision
        return self._kept

    def _enter(self, record_id: str, times: dict[str, int]) -> None:
        if record_id in self.records:
            for name, index in self._indexes.items():
                index.put(record_id, times[name])

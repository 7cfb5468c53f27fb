"""The records that a listing of many pages has brought, counted by id and by version."""

from collections.abc import Sequence

from ..record import Record, record_id, updated_at
from .distinct_ids import Added, DistinctIds


class ListedVersions:
    """Counts the records of a listing; one that changed while pages were read is told from one that came twice."""

    def __init__(self) -> None:
        self._ids = DistinctIds()
        self._versions = DistinctIds()

    @property
    def added_in_vain(self) -> int:
        """How many pages one after the other brought no new record."""
        return self._ids.added_in_vain

    def clear(self) -> None:
        """Forget all records, because the listing begins, or begins again."""
        self._ids.clear()
        self._versions.clear()

    def add(self, records: Sequence[Record], path: str) -> Added:
        """Add the records of a page; return how many are new, and how many were listed before as they are now."""
        listed = [(record_id(record, path), updated_at(record)) for record in records]
        return Added(self._ids.add([identity for identity, _ in listed]).new, self._versions.add(listed).again)

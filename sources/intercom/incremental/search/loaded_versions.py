"""Which versions of records were loaded lately, so that the overlap is listed again, but costs no further calls."""

import base64
import hashlib
import struct
from collections.abc import Mapping
from typing import Any

from ...api.record import content_of
from ...rows.file_links import has_links, without_signatures
from ..dlt_state import SearchState

_ENTRY = struct.Struct(">q8s")
CAPACITY = 20_000
IDENTITY_BYTES = 3  # of a digest; those of some records are the same, which may cost a call
CONTENT_BYTES = 5


def digest(record: Mapping[str, Any]) -> bytes:
    """Return a version as 8 bytes that change with any field of `record`, but not with a link's signature.

    The first bytes are those of all versions of the record.
    """
    content = content_of(record)
    if has_links(content):
        content = content_of(without_signatures(record))
    identity = str(record.get("id")).encode(errors="replace")
    own, version = ((identity, IDENTITY_BYTES), (content, CONTENT_BYTES))
    return b"".join(hashlib.blake2b(of, digest_size=size).digest() for of, size in (own, version))


class Digests:
    """Digests of loaded versions with their `updated_at`; the newest `capacity` of them.

    What is forgotten is read once more and merged, never lost.
    """

    def __init__(self, encoded: str = "", capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._updated_at: dict[bytes, int] = {}
        self._newest: dict[bytes, bytes] = {}  # identity -> version
        for at, entry in _ENTRY.iter_unpack(base64.b64decode(encoded)):
            self.add(entry, at)

    def __contains__(self, entry: bytes) -> bool:
        return entry in self._updated_at

    def reaches_back_to(self, updated_at: int) -> bool:
        """Return True if every loaded version that changed after `updated_at` would be remembered."""
        return len(self._updated_at) < self._capacity or updated_at > min(self._updated_at.values())

    def add(self, entry: bytes, updated_at: int) -> None:
        """Remember a loaded version; it takes the place of another one of the same second, as its row does."""
        identity = entry[:IDENTITY_BYTES]
        newest = self._newest.get(identity, entry)
        newest_at = self._updated_at.get(newest, updated_at)
        if newest != entry and newest_at == updated_at:
            del self._updated_at[newest]
        self._updated_at[entry] = updated_at
        self._newest[identity] = entry if updated_at >= newest_at else newest

    def has_newer(self, entry: bytes, updated_at: int) -> bool:
        """Return True if a newer version of the same record was loaded, it seems."""
        newest = self._newest.get(entry[:IDENTITY_BYTES])
        return newest is not None and self._updated_at[newest] > updated_at

    def forget_newer(self, entry: bytes, row_at: int) -> None:
        """Forget the newest version of the same record if it is newer than the row that has replaced its own."""
        newest = self._newest.get(entry[:IDENTITY_BYTES])
        if newest is not None and self._updated_at[newest] > row_at:
            del self._updated_at[newest], self._newest[entry[:IDENTITY_BYTES]]

    def encoded(self, since: int) -> str:
        """Return the digests of versions updated at or after `since` (unix seconds) as text for the state."""
        recent = sorted(((at, entry) for entry, at in self._updated_at.items() if at >= since), reverse=True)
        return base64.b64encode(b"".join(_ENTRY.pack(*pair) for pair in recent[: self._capacity])).decode()


class LoadedVersions:
    """The versions of records that a search loaded lately, in a resource's state.

    `settled`: of what was loaded within `horizon_seconds` before the watermark. `unsettled`: of what was, too, but so
    soon after its last change that it is read again.
    """

    def __init__(self, state: SearchState, horizon_seconds: int) -> None:
        self._state = state
        self.horizon_seconds = horizon_seconds
        self.settled = Digests(state.get("seen", ""))
        self.unsettled = Digests(state.get("unsettled", ""))

    def clear(self) -> None:
        """Forget all loaded versions, so that everything that is listed counts as new."""
        self._state.pop("seen", None)
        self._state.pop("unsettled", None)
        self.settled, self.unsettled = Digests(), Digests()

    def save(self, passed_at: int) -> None:
        """Write the versions into the state; once a chunk, because they are many. No pass looks before `passed_at`."""
        lowest = passed_at - self.horizon_seconds
        self._state["seen"] = self.settled.encoded(since=lowest)
        self._state["unsettled"] = self.unsettled.encoded(since=lowest)

    def forget_newer(self, version: bytes, row_at: int) -> None:
        """Forget a version that was newer than the loaded row (`row_at`): Intercom's own call may be stale, too."""
        self.settled.forget_newer(version, row_at)
        self.unsettled.forget_newer(version, row_at)

    def is_outdated(self, version: bytes, updated_at: int) -> bool:
        """Return True if a newer version of the same record was loaded, it seems: Intercom's index is a stale one."""
        return any(digests.has_newer(version, updated_at) for digests in (self.settled, self.unsettled))

    def seconds_late(self, version: bytes, updated_at: int, known_to: int | None) -> int | None:
        """Return how long before `known_to`, an earlier watermark, an unknown version changed; None if it did not."""
        is_known = version in self.settled or version in self.unsettled
        if known_to is None or updated_at > known_to or is_known:
            return None
        return known_to - updated_at if self.settled.reaches_back_to(updated_at) else None

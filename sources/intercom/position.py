"""How far an incremental resource has come: what its part of dlt's state means."""

from typing import Any

from sources.intercom.seen import Seen


class Position:
    """The watermark, the pass that is going on, and the versions loaded lately.

    * `watermark`: the highest `updated_at` (unix seconds) that was loaded; never a clock. None before the first record.
    * a pass is one search from a lower bound (`after`) to its last page. It may take many load packages; `page_cursor`
      says where the next one goes on, so that a day with a million records neither stalls nor starts over.
    * `seen`: digests of what was loaded within `horizon_seconds` before the watermark.

    State and rows are committed in the same load package, so that a killed run repeats its chunk and nothing else.
    """

    def __init__(self, state: dict[str, Any], horizon_seconds: int) -> None:
        self._state = state
        self._horizon_seconds = horizon_seconds
        self.seen = Seen(state.get("seen", ""))

    @property
    def watermark(self) -> int | None:
        """Unix seconds, or None."""
        watermark: int | None = self._state.get("watermark")
        return watermark

    @property
    def page_cursor(self) -> str | None:
        """Where the pass goes on; None at its start."""
        page_cursor: str | None = self._state.get("pass", {}).get("page_cursor")
        return page_cursor

    def after(self, start_at: int, overlap_seconds: int) -> int:
        """Return the lower bound of the pass going on; a new one starts at watermark minus overlap, or `start_at`."""
        if "pass" not in self._state:
            first = self.watermark is None
            self._state["pass"] = {"after": start_at if first else (self.watermark or 0) - overlap_seconds}
        return int(self._state["pass"]["after"])

    def reread(self, since: int) -> None:
        """Start a pass at `since`, but never after the watermark: a gap would be lost for good."""
        self._state["pass"] = {"after": since if self.watermark is None else min(since, self.watermark)}
        self._forget_seen()

    def forget(self) -> None:
        """Start from nothing; what is loaded stays and is merged over."""
        self._state.clear()
        self._forget_seen()

    def restart(self) -> None:
        """Give up the page cursor (refused or expired): the pass starts over at the watermark."""
        if self.watermark is None:
            self._state["pass"].pop("page_cursor", None)
        else:
            self._state.pop("pass", None)

    def advance(self, updated_at: int | None, page_cursor: str | None, is_last: bool) -> None:
        """Record that everything up to `updated_at` of this pass is on its way to the destination."""
        if updated_at is not None:
            self._state["watermark"] = max(updated_at, self.watermark or 0)
        if is_last:
            self._state.pop("pass", None)
        else:
            self._state["pass"]["page_cursor"] = page_cursor

    def save_seen(self) -> None:
        """Write the digests into the state; once a chunk, because they are many."""
        self._state["seen"] = self.seen.encoded(since=(self.watermark or 0) - self._horizon_seconds)

    def _forget_seen(self) -> None:
        self._state.pop("seen", None)
        self.seen = Seen()


def is_unfinished(state: dict[str, Any]) -> bool:
    """Tell whether a resource's state holds a pass that goes on in the next load package."""
    return "pass" in state

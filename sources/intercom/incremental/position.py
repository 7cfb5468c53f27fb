"""How far an incremental resource has come: what its part of dlt's state means."""

from typing import Any

from .seen import Seen


class Position:
    """The watermark, the pass that is going on, and the versions loaded lately. Times are unix seconds.

    * `watermark`: the highest `updated_at` that was loaded; never a clock. None before the first record.
    * a pass is one search from a lower bound (`after`) to its last page. It may take many load packages; `page_cursor`
      says where the next one goes on, so that a day with a million records neither stalls nor starts over, and
      `reached` is the highest `updated_at` of this pass.
    * a pass that reads again on purpose may begin before the `start_at` of the run that takes it up: it keeps its own.
    * `again_from`: where the next pass has to start although the watermark is further on. A pass that stopped close to
      the present and went on in a later run may have left out what was indexed late behind its page cursor.
    * `count_listed`: what the pass has brought so far, for the comparison with Intercom's own count.
    * `known_to`: the watermark when a pass began that does nothing but continue: what it finds before that, and was not
      loaded before, only the overlap has rescued.
    * `seen`: digests of what was loaded within `horizon_seconds` before the watermark; `unsettled`: of what was, too,
      but so soon after its last change that it is read again.

    State and rows are committed in the same load package, so that a killed run repeats its chunk and nothing else.
    """

    def __init__(self, state: dict[str, Any], overlap_seconds: int, horizon_seconds: int) -> None:
        self._state = state
        self._overlap_seconds = overlap_seconds
        self._horizon_seconds = horizon_seconds
        self.seen = Seen(state.get("seen", ""))
        self.unsettled = Seen(state.get("unsettled", ""))

    @property
    def watermark(self) -> int | None:
        """Highest `updated_at` that was loaded, or None."""
        watermark: int | None = self._state.get("watermark")
        return watermark

    @property
    def page_cursor(self) -> str | None:
        """Where the pass goes on; None at its start."""
        page_cursor: str | None = self._state.get("pass", {}).get("page_cursor")
        return page_cursor

    def after(self, start_at: int) -> int:
        """Return the lower bound of the pass going on, or begin a pass: at the overlap, or at `start_at`."""
        if "pass" not in self._state:
            lowest = start_at if self.watermark is None else self.watermark - self._overlap_seconds
            self._state["pass"] = {"after": min(lowest, self._state.pop("again_from", lowest))}
            if self.watermark is not None:
                self._state["pass"]["known_to"] = self.watermark
        return int(self._state["pass"]["after"])

    def start_at(self, start_at: int) -> int:
        """Return the moment before which nothing is read: `start_at` of the run, or an earlier one of the pass."""
        return min(start_at, int(self._state.get("pass", {}).get("start_at", start_at)))

    def resume(self) -> None:
        """Say that a new run takes up an unfinished pass: what was indexed late behind it needs another pass."""
        going_on = self._state.get("pass", {})
        if going_on.get("is_fresh"):
            again_from = going_on["reached"] - self._overlap_seconds
            self._state["again_from"] = min(again_from, self._state.get("again_from", again_from))

    def reread(self, since: int, start_at: int = 0) -> None:
        """Start a pass at `since`, but not after what is still to be read: a gap would be lost for good.

        Where nothing was ever loaded, everything from `start_at` on is still to be read.
        """
        unread = [since, start_at if self.watermark is None else self.watermark - self._overlap_seconds]
        if "pass" in self._state:
            unread.append(self.restarted_after())
        self._state["pass"] = {"after": min(unread), "start_at": self.start_at(start_at)}
        self._reset_seen()

    def reset(self) -> None:
        """Start from nothing; what is loaded stays and is merged over."""
        self._state.clear()
        self._reset_seen()

    def restarted_after(self) -> int:
        """Return the lower bound at which the pass can start over without its page cursor."""
        going_on = self._state["pass"]
        after = int(going_on["after"])
        return max(after, going_on["reached"] - self._overlap_seconds) if "reached" in going_on else after

    def restart(self) -> None:
        """Give up the page cursor (refused or expired)."""
        kept = {name: at for name, at in self._state["pass"].items() if name in {"known_to", "start_at"}}
        self._state["pass"] = {"after": self.restarted_after(), **kept}

    def repeat(self) -> bool:
        """Start the pass over; return False where that was done already, and is to be done by the next run."""
        going_on = self._state["pass"]
        is_first_time = "is_repeated" not in going_on
        kept = {name: at for name, at in going_on.items() if name in {"after", "start_at"}}
        self._state["pass"] = kept | ({"is_repeated": True} if is_first_time else {})
        return is_first_time

    @property
    def is_going_on(self) -> bool:
        """True in the middle of a pass."""
        return is_unfinished(self._state)

    @property
    def count_listed(self) -> int:
        """Number of records that the pass has listed."""
        return int(self._state["pass"].get("count_listed", 0))

    def count(self, records: int) -> None:
        """Add to what the pass has listed."""
        self._state["pass"]["count_listed"] = self.count_listed + records

    def seconds_late(self, version: bytes, updated_at: int) -> int | None:
        """Return how far behind the watermark a record was found that no former pass has seen; None for any other."""
        known_to = self._state.get("pass", {}).get("known_to")
        if known_to is None or updated_at > known_to or version in self.unsettled:
            return None
        return int(known_to - updated_at) if self.seen.reaches_back_to(updated_at) else None

    def advance(
        self, updated_at: int | None, page_cursor: str | None, is_last: bool, read_at: float | None = None
    ) -> None:
        """Record that everything up to `updated_at` of this pass is on its way to the destination.

        `read_at` is Intercom's clock when the page was read: close to it, a record may still be indexed late.
        """
        going_on = self._state["pass"]
        if updated_at is not None:
            self._state["watermark"] = max(updated_at, self.watermark or 0)
            going_on["reached"] = max(updated_at, going_on.get("reached", 0))
        if is_last:
            self._state.pop("pass")
        elif page_cursor is not None:
            going_on["page_cursor"] = page_cursor
            going_on.setdefault("reached", going_on["after"])
            going_on["is_fresh"] = read_at is not None and read_at - going_on["reached"] < self._overlap_seconds

    def save_seen(self) -> None:
        """Write the digests into the state; once a chunk, because they are many."""
        lowest = min((self.watermark or 0), self._state.get("pass", {}).get("reached", self.watermark or 0))
        self._state["seen"] = self.seen.encoded(since=lowest - self._horizon_seconds)
        self._state["unsettled"] = self.unsettled.encoded(since=lowest - self._horizon_seconds)

    def _reset_seen(self) -> None:
        for name in ("seen", "unsettled"):
            self._state.pop(name, None)
        self.seen, self.unsettled = Seen(), Seen()


def is_unfinished(state: dict[str, Any]) -> bool:
    """Tell whether a resource's state holds a pass that goes on in the next load package."""
    return "pass" in state


def passed_at(state: dict[str, Any], overlap_seconds: int) -> int | None:
    """Return the moment (unix seconds) before which no later pass looks for changes; None before the first record."""
    if "watermark" not in state:
        return None
    going_on = state.get("pass", {})
    reached = [going_on["reached"] if "reached" in going_on else going_on["after"]] if going_on else []
    again_from = [state["again_from"]] if "again_from" in state else []
    return int(min([state["watermark"], *reached, *again_from])) - overlap_seconds

"""How far a search has come, and which versions it loaded lately: in dlt's state, from chunk to chunk."""

from ..dlt_state import SearchState, reset
from .loaded_versions import Seen
from .state_machine import Progress


class Position:
    """The progress of a search in a resource's state.

    Setting `progress` writes it at once, so that whatever moment the rows are committed at, the progress that belongs
    to them is. `seen`: digests of what was loaded within `horizon_seconds` before the watermark; `unsettled`: of what
    was, too, but so soon after its last change that it is read again.

    State and rows are committed in the same load package, so that a killed run repeats its chunk and nothing else.
    """

    def __init__(self, state: SearchState, overlap_seconds: int, horizon_seconds: int) -> None:
        self._state = state
        self._progress = Progress.of(state)
        self.overlap_seconds = overlap_seconds
        self._horizon_seconds = horizon_seconds
        self.seen = Seen(state.get("seen", ""))
        self.unsettled = Seen(state.get("unsettled", ""))

    @property
    def progress(self) -> Progress:
        """What the rows on their way to the destination have reached."""
        return self._progress

    @progress.setter
    def progress(self, progress: Progress) -> None:
        self._progress = progress
        progress.put_into(self._state)

    @property
    def page_cursor(self) -> str | None:
        """Where the pass goes on; None at its start."""
        return None if self._progress.going_on is None else self._progress.going_on.page_cursor

    def reset(self) -> None:
        """Reset progress, so that everything is read again and merged over what is loaded."""
        reset(self._state)
        self._progress = Progress()
        self.seen, self.unsettled = Seen(), Seen()

    def start(self, start_at: int) -> bool:
        """Take up the start date of a run; True where it is earlier than before, and all since then is read again."""
        read_from = self.progress.read_from
        self.progress = self.progress.starting(start_at, self.overlap_seconds)
        is_earlier = read_from is not None and start_at < read_from and self.progress.going_on is not None
        if is_earlier:
            self._forget_seen()
        return is_earlier

    def reread(self, since: int, start_at: int) -> None:
        """Start a pass at `since` that reads also what was loaded already."""
        self.progress = self.progress.rereading(since, start_at, self.overlap_seconds)
        self._forget_seen()

    def _forget_seen(self) -> None:
        self._state.pop("seen", None)
        self._state.pop("unsettled", None)
        self.seen, self.unsettled = Seen(), Seen()

    def seconds_late(self, version: bytes, updated_at: int) -> int | None:
        """Return how many seconds behind the watermark a record is that no former pass has seen; None for any other."""
        known_to = None if self._progress.going_on is None else self._progress.going_on.known_to
        if known_to is None or updated_at > known_to or version in self.unsettled:
            return None
        return known_to - updated_at if self.seen.reaches_back_to(updated_at) else None

    def save_seen(self) -> None:
        """Write the digests into the state; once a chunk, because they are many."""
        lowest = (self._progress.passed_at(0) or 0) - self._horizon_seconds
        self._state["seen"] = self.seen.encoded(since=lowest)
        self._state["unsettled"] = self.unsettled.encoded(since=lowest)

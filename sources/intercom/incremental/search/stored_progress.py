"""How far a search has come, in dlt's state: from chunk to chunk, and from run to run."""

from ...api.lists.search_endpoint import Search
from ..dlt_state import MOST_VANISHED, SearchState, reset
from .day_comparison import as_compared
from .loaded_versions import LoadedVersions
from .progress import Progress


class StoredProgress:
    """The progress of a search as it is stored in a resource's state, and what it has met and not found.

    Setting `progress` writes it at once, so that rows are always committed together with their progress. `versions`:
    what it loaded lately; reading again on purpose clears them.

    State and rows are committed in the same load package, so that a killed run repeats its chunk and nothing else.
    """

    def __init__(self, state: SearchState, overlap_seconds: int, horizon_seconds: int) -> None:
        self._state = state
        self._progress = Progress.of(state)
        self.overlap_seconds = overlap_seconds
        self.versions = LoadedVersions(state, horizon_seconds)

    @property
    def progress(self) -> Progress:
        """The progress including the rows on their way to the destination."""
        return self._progress

    @progress.setter
    def progress(self, progress: Progress) -> None:
        self._progress = progress
        progress.put_into(self._state)

    @property
    def page_cursor(self) -> str | None:
        """Where the pass continues by its stored progress; None at its start."""
        return None if self._progress.going_on is None else self._progress.going_on.page_cursor

    @property
    def known_to(self) -> int | None:
        """The stored watermark when the pass began, if it does nothing but continue."""
        return None if self._progress.going_on is None else self._progress.going_on.known_to

    @property
    def vanished(self) -> list[str]:
        """The ids that the last run met in the search and did not find; the next one asks for them once more."""
        return self._state.get("vanished", [])

    def has_room_for_vanished(self, identity: str) -> bool:
        """Return True if one more record can be stored as listed and not found: an outage may hide any number."""
        return len(self.vanished) < MOST_VANISHED or identity in self.vanished

    def note_vanished(self, identity: str, *, is_vanished: bool) -> None:
        """Store that a record of the search is listed and not found, or that it need not be asked for."""
        if not is_vanished and identity not in self.vanished:
            return
        others = [one for one in self.vanished if one != identity]
        self._state["vanished"] = [*others, *[identity] * is_vanished]
        if not self._state["vanished"]:
            del self._state["vanished"]

    def as_compared(self, search: Search) -> Search:
        """Return the search as its stored progress knows it to compare times."""
        return as_compared(search, self._state)

    def compare_days(self, granularity_seconds: int, horizon_seconds: int) -> None:
        """Store that the search compares days, so that its passes bring records again from so far back."""
        self._state["granularity_seconds"] = granularity_seconds
        self.versions.horizon_seconds = horizon_seconds

    def reset(self) -> None:
        """Reset the stored progress, so that everything is read again and merged over what is loaded."""
        reset(self._state)
        self._progress = Progress()
        self.versions.clear()

    def start(self, start_at: int) -> bool:
        """Store the start date of a run; True if it is earlier than before: all since then is read again."""
        read_from = self.progress.read_from
        self.progress = self.progress.starting(start_at, self.overlap_seconds)
        is_earlier = read_from is not None and start_at < read_from and self.progress.going_on is not None
        if is_earlier:
            self.versions.clear()
        return is_earlier

    def reread(self, since: int, start_at: int) -> None:
        """Store that a pass starts at `since` and reads loaded records again."""
        self.progress = self.progress.rereading(since, start_at, self.overlap_seconds)
        self.versions.clear()

    def save_versions(self) -> None:
        """Store the versions in the state, as far back as a pass can bring them again."""
        self.versions.save(self._progress.passed_at(0) or 0)

"""Windows of time in which a list is read one after another: Intercom answers wide ones with 500 or not at all."""

from dataclasses import dataclass, replace

from ..api.day import DAY_SECONDS

WINDOW_SECONDS = 30 * DAY_SECONDS
SHORTEST_WINDOW_SECONDS = 3_600
FEW_PAGES = 2


@dataclass(frozen=True)
class Window:
    """A window of time from `after` on, both ends included, on the way to the present (`until`), in unix seconds."""

    after: int
    until: int
    seconds: int = WINDOW_SECONDS

    @property
    def end(self) -> int:
        """Where the next window starts."""
        return self.after + self.seconds

    @property
    def is_last(self) -> bool:
        """True if the window reaches the present."""
        return self.end >= self.until

    @property
    def before(self) -> int | None:
        """The end of the window; None if it is open: Intercom's clock may be behind its own records."""
        return None if self.is_last else self.end

    def halved(self) -> "Window | None":
        """Return half of the window, or of what it has up to the present; None if that is too short to be tried."""
        seconds = min(self.seconds, max(self.until - self.after, 0)) // 2
        return replace(self, seconds=seconds) if seconds >= SHORTEST_WINDOW_SECONDS else None

    def following(self, count_pages: int) -> "Window":
        """Return the next window, which is twice as long if this one had only a few pages.

        After many it is at most as long as usual, and where this one had to be halved, no longer than this one.
        """
        seconds = self.seconds * 2 if count_pages <= FEW_PAGES else min(self.seconds, WINDOW_SECONDS)
        return replace(self, after=self.end, seconds=seconds)

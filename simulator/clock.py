"""The simulator's time: real seconds on top of a chosen start, shifted, set or frozen on demand."""

import time
from datetime import UTC, datetime

HOUR_SECONDS = 3_600
DAY_SECONDS = 24 * HOUR_SECONDS
WEEK_SECONDS = 7 * DAY_SECONDS


class Clock:
    """The simulator's clock, in unix seconds; shifts are whole seconds so that windows stay aligned."""

    def __init__(self, start_at: int) -> None:
        self._start_at = start_at
        self._started = time.monotonic()
        self._shift_seconds = 0
        self._frozen_at: float | None = None

    def exact(self) -> float:
        """Now by the simulator's clock, with its fraction of a second."""
        if self._frozen_at is not None:
            return self._frozen_at
        return self._start_at + self._shift_seconds + time.monotonic() - self._started

    def now(self) -> int:
        """Now by the simulator's clock in whole unix seconds, as every timestamp of the API."""
        return int(self.exact())

    def advance(self, seconds: int) -> None:
        """Move the simulator's clock forward (or back, negative) by whole seconds, frozen or not."""
        if self._frozen_at is not None:
            self._frozen_at += seconds
        self._shift_seconds += seconds

    def set(self, at: int) -> None:
        """Set the simulator's clock to a moment."""
        self.advance(at - self.now())

    def freeze(self) -> None:
        """Let the simulator's clock stand still until `resume`; `advance` and `set` still move it."""
        self._frozen_at = float(self.now())

    def resume(self) -> None:
        """Let the simulator's clock run again from where it stopped."""
        if self._frozen_at is not None:
            standing_at, self._frozen_at = int(self._frozen_at), None
            self._shift_seconds += standing_at - self.now()

    @property
    def is_frozen(self) -> bool:
        """Whether the simulator's clock stands still."""
        return self._frozen_at is not None


def moment(text: str) -> int:
    """Read the clock's setting, a number of unix seconds or ISO 8601 (UTC without a zone); empty is the real now."""
    if not text:
        return int(time.time())
    if text.lstrip("-").isdigit():
        return int(text)
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())

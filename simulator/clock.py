"""The simulator's time: real seconds on top of a chosen start, shifted, set or frozen on demand."""

import time
from datetime import UTC, datetime

HOUR_SECONDS = 3_600
DAY_SECONDS = 24 * HOUR_SECONDS
WEEK_SECONDS = 7 * DAY_SECONDS


class Clock:
    """Unix seconds as the simulated workspace sees them; shifts are whole seconds so that windows stay aligned."""

    def __init__(self, start_at: int) -> None:
        self._start_at = start_at
        self._started = time.monotonic()
        self._shift_seconds = 0
        self._frozen_at: float | None = None

    def exact(self) -> float:
        """Now with its fraction of a second."""
        if self._frozen_at is not None:
            return self._frozen_at
        return self._start_at + self._shift_seconds + time.monotonic() - self._started

    def now(self) -> int:
        """Now in whole unix seconds, as every timestamp of the API."""
        return int(self.exact())

    def advance(self, seconds: int) -> None:
        """Move forward (or back, negative) by whole seconds, frozen or not."""
        if self._frozen_at is not None:
            self._frozen_at += seconds
        self._shift_seconds += seconds

    def set(self, at: int) -> None:
        """Jump to a moment."""
        self.advance(at - self.now())

    def freeze(self) -> None:
        """Let time stand still until `resume`; `advance` and `set` still move it."""
        self._frozen_at = float(self.now())

    def resume(self) -> None:
        """Let time run again from where it stopped."""
        if self._frozen_at is not None:
            standing_at, self._frozen_at = int(self._frozen_at), None
            self._shift_seconds += standing_at - self.now()

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen_at is not None


def moment(text: str) -> int:
    """Unix seconds of a text that is either a number or ISO 8601 (UTC when it names no zone); empty: the real now."""
    if not text:
        return int(time.time())
    if text.lstrip("-").isdigit():
        return int(text)
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())

"""The rate limit: an allowance per window of ten real seconds, in times of the simulator's clock."""

import math
import time
from collections import deque

from simulator.clock import Clock
from simulator.options import Options
from simulator.record import Record

WINDOW_SECONDS = 10
WINDOWS_PER_MINUTE = 6
KEPT_WINDOWS = 1_000


class RateWindows:
    """Counts calls per rate window; windows end on whole seconds of the simulator's clock, as Intercom's do."""

    def __init__(self, clock: Clock, options: Options) -> None:
        self._options = options
        self._clock = clock
        self._origin = time.monotonic() - clock.exact() % WINDOW_SECONDS
        self._window = 0
        self._count_calls = 0
        self._count_forgotten = 0
        self.history: deque[tuple[int, int]] = deque(maxlen=KEPT_WINDOWS)
        """(window number, calls counted in it) of the windows that are over."""

    @property
    def allowance(self) -> int:
        """Calls allowed per rate window: 166 for 1,000 a minute, 1,666 for 10,000; at least one."""
        return max(1, self._options.rate_limit // WINDOWS_PER_MINUTE)

    def count(self) -> bool:
        """Count one call in its rate window; False when the window's allowance was used up before it."""
        window = int((time.monotonic() - self._origin) // WINDOW_SECONDS)
        if window != self._window:
            if self._count_known:
                self.history.append((self._window, self._count_known))
            self._window, self._count_calls, self._count_forgotten = window, 0, 0
        self._count_calls += 1
        return not self._options.rate_limit or self._count_calls <= self.allowance

    def headers(self) -> dict[str, str]:
        """The three X-RateLimit headers of the current rate window; none when no limit is set."""
        if not self._options.rate_limit:
            return {}
        left_seconds = self._origin + (self._window + 1) * WINDOW_SECONDS - time.monotonic()
        # Rounded, not cut: the window ends on a whole second and the sum misses it by a float's error.
        reset_at = math.ceil(round(self._clock.exact() + left_seconds, 3))
        return {
            "X-RateLimit-Limit": str(self.allowance),
            "X-RateLimit-Remaining": str(max(0, self.allowance - self._count_calls)),
            "X-RateLimit-Reset": str(reset_at),
        }

    def counted(self) -> list[Record]:
        """Calls per rate window so far, the current window last."""
        windows = [*self.history, (self._window, self._count_known)]
        return [{"window": window, "calls": calls} for window, calls in windows]

    def forget(self) -> None:
        """Forget the calls that were counted in rate windows so far; the current allowance stays used up by them."""
        self.history.clear()
        self._count_forgotten = self._count_calls

    @property
    def _count_known(self) -> int:
        return self._count_calls - self._count_forgotten

"""Random moments: a year of office days before now, with busier hours."""

from bisect import bisect_right
from itertools import accumulate

from simulator.clock import DAY_SECONDS, HOUR_SECONDS, WEEK_SECONDS
from simulator.dice import Dice

WEEKS = 52
THURSDAY = 3
"""Unix time began on a Thursday (Monday is 0)."""
HOUR_WEIGHTS = (1, 1, 1, 1, 1, 2, 3, 6, 12, 16, 15, 13, 10, 13, 14, 13, 11, 8, 6, 5, 4, 3, 2, 1)
WEEKDAY_WEIGHTS = (10, 11, 10, 9, 8, 3, 2)


class Rhythm:
    """The rhythm of a support team: random moments of the year before `now`, more on weekdays and in busy hours."""

    def __init__(self, now: int) -> None:
        self.now = now
        self._first_week_at = now - WEEKS * WEEK_SECONDS
        self._hours = [day * hour for day in WEEKDAY_WEIGHTS for hour in HOUR_WEIGHTS]
        self._cumulative = list(accumulate(self._hours))

    def moment(self, dice: Dice) -> int:
        """Return a moment between a year ago and now, as likely as the rhythm makes it."""
        monday_at = self._first_week_at - (self._first_week_at // DAY_SECONDS + THURSDAY) % 7 * DAY_SECONDS
        monday_at -= monday_at % DAY_SECONDS
        while True:
            week = int(dice.random() * (WEEKS + 1))
            hour = bisect_right(self._cumulative, dice.random() * self._cumulative[-1])
            at = monday_at + week * WEEK_SECONDS + hour * HOUR_SECONDS + int(dice.random() * HOUR_SECONDS)
            if self._first_week_at <= at < self.now:
                return at

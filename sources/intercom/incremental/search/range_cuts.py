"""Where a long search is cut into ranges of time: with as many records in each as are best read at once.

Pure values: how records are spread over time is learned from the counts of earlier ranges.
"""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from zoneinfo import available_timezones

import pendulum

from ...api.day import DAY_SECONDS

PAGES_PER_RANGE = 7  # each waits for the one before; 17 ranges then fill the threads for lists
RANGES_AHEAD = 6  # at least
WORTHWHILE = 4  # ranges; a shorter search is read as quickly page by page
LONGEST_SHIFT_SECONDS = 7_200  # of the clocks, in any time zone
SHORTEST_SECONDS = 60
MOST_GROWTH = 4
NOON = 12


@dataclass(frozen=True)
class Scale:
    """The scale of cuts into ranges: `per_page` records at once, about `records` a range, `ahead` in all under way."""

    per_page: int
    records: int
    ahead: int

    @classmethod
    def of(cls, per_page: int, records_ahead: int, chunk_records: int) -> "Scale":
        """Return the scale by which a search with so many `records_ahead` is cut, in chunks of so many records."""
        ahead = min(records_ahead, chunk_records)
        return cls(per_page, min(PAGES_PER_RANGE * per_page, max(ahead // RANGES_AHEAD, per_page)), ahead)


class Fit(Enum):
    """How well a range was cut, by the number of its records."""

    GOOD = "read it"
    TOO_LARGE = "cut it shorter"
    TOO_DENSE = "read it page by page: it is as short as can be"


class Cuts:
    """The cuts of a search into ranges between two moments (unix seconds) with `count` records in all.

    `is_by_day`: whole days of the workspace's `timezone` are compared, so that a range begins and ends within one: at
    noon, which is in the same day even if the hours are those of another place.
    """

    def __init__(
        self, after: int, end: int, count: int, scale: Scale, *, is_by_day: bool, timezone: object = None
    ) -> None:
        self._is_by_day = is_by_day
        self._timezone = timezone if isinstance(timezone, str) and timezone in available_timezones() else "UTC"
        self._scale = scale
        self._end = self._joint(end)
        self._shortest = DAY_SECONDS if is_by_day else SHORTEST_SECONDS
        self._seconds = (self._end - after) * scale.records / max(count, 1)
        self.after = after
        self.is_worthwhile = count >= WORTHWHILE * scale.records and self._end - after >= WORTHWHILE * self._shortest

    def following(self, most: int) -> list[tuple[int, int]]:
        """Return begin and end of ranges as cut from `after` on, estimated before any of them was looked at."""
        shortest = self._shortest + (LONGEST_SHIFT_SECONDS if self._is_by_day else 0)
        joints = [self.after]
        while len(joints) <= most:
            until = min(self._joint(joints[-1] + max(round(self._seconds), shortest)), self._end)
            if until <= joints[-1]:
                break
            joints.append(until)
        return list(pairwise(joints))

    def sized(self, until: int, count: int) -> Fit:
        """Return how to cut the range from `after` to `until`, which has `count` records; a good one is passed."""
        seconds = until - self.after
        fitting = seconds * self._scale.records / max(count, 1)
        self._seconds = max(min(fitting, MOST_GROWTH * seconds), self._shortest)
        if count > 2 * self._scale.records and seconds >= 2 * self._shortest:
            return Fit.TOO_LARGE
        if count > self._scale.ahead:
            return Fit.TOO_DENSE
        self.after = until
        return Fit.GOOD

    def _joint(self, at: int) -> int:
        if not self._is_by_day:
            return at
        noon = pendulum.from_timestamp(at, self._timezone).set(hour=NOON, minute=0, second=0)
        return (noon if noon.int_timestamp <= at else noon.subtract(days=1)).int_timestamp

"""Office hours of a workspace: how much of a stretch of time lies within them."""

import re
from bisect import bisect_right
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ENTRY = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
MINUTES_PER_DAY = 24 * 60
Minutes = tuple[int, int]
"""From and until, in minutes of a local day."""


class OfficeHours:
    """The office hours of a simulated workspace, by weekday, written like "mon-thu 09:00-17:30, fri 09:00-15:00".

    Entries may overlap. An hour that a clock change repeats is worked twice. ValueError: the text has another form.
    """

    def __init__(self, text: str, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._week: list[list[Minutes]] = [[] for _ in WEEKDAYS]
        for entry in text.split(","):
            days, minutes = _entry(entry.strip())
            for day in days:
                self._week[day].append(minutes)
        self._week = [_merged(stretches) for stretches in self._week]
        self._opened = lru_cache(maxsize=None)(self._opened_by)

    def seconds_between(self, since: int, until: int) -> int:
        """Seconds of office hours from one moment (unix seconds) to a later one."""
        first, last = (datetime.fromtimestamp(at, self._zone).year for at in (since, until))
        whole_years = sum(self._opened(year)[1][-1] for year in range(first, last))
        return whole_years + self._within_year(last, until) - self._within_year(first, since)

    def _within_year(self, year: int, at: int) -> int:
        starts, before = self._opened(year)
        position = bisect_right(starts, at) - 1
        if position < 0:
            return 0
        return min(before[position] + at - starts[position], before[position + 1])

    def _opened_by(self, year: int) -> tuple[list[int], list[int]]:
        """When the office hours of a year begin, stretch by stretch, and the open seconds before each and in all."""
        starts, before = [], [0]
        day = date(year, 1, 1)
        while day.year == year:
            for since, until in self._week[day.weekday()]:
                starts.append(self._moment(day, since))
                before.append(before[-1] + self._moment(day, until) - starts[-1])
            day += timedelta(days=1)
        return starts, before

    def _moment(self, day: date, minutes: int) -> int:
        day += timedelta(days=minutes // MINUTES_PER_DAY)
        hour, minute = divmod(minutes % MINUTES_PER_DAY, 60)
        return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone).timestamp())


def _merged(stretches: list[Minutes]) -> list[Minutes]:
    """Return the same office hours of a day in order, as stretches that neither overlap nor touch."""
    merged: list[Minutes] = []
    for since, until in sorted(stretches):
        if merged and since <= merged[-1][1]:
            first, last = merged[-1]
            merged[-1] = (first, max(last, until))
        else:
            merged.append((since, until))
    return merged


def _entry(text: str) -> tuple[range, Minutes]:
    found = ENTRY.fullmatch(text)
    if found is None or {found[1], found[2] or found[1]} - set(WEEKDAYS):
        raise ValueError(f"office hours are written like 'mon-fri 09:00-17:00', not {text!r}")
    first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2] or found[1])
    since, until = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if first > last or not since < until <= MINUTES_PER_DAY:
        raise ValueError(f"office hours end after they begin, within a week and a day: {text!r}")
    return range(first, last + 1), (since, until)

"""Days of the workspace's time zone as spans of epoch seconds, so that SQL never computes with time zones.

A slot is a quarter of an hour of epoch time: `slot_id = floor(epoch / 900)`. Every time zone in use today is a multiple
of a slot away from UTC, so that a day is a whole number of slots: 96, or some more or fewer when the clock changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pendulum
from pendulum.tz.exceptions import InvalidTimezone

SECONDS_PER_SLOT = 900
SLOTS_PER_HOUR = 4
MOST_SLOTS_PER_DAY = 128  # a day of 24 hours and a clock change of up to 8
FIRST_DAY = date(2000, 1, 1)  # Intercom did not exist then: times before, and far ahead, are mistakes and have no day
DAYS_AHEAD = 366
SECONDS_PER_DAY = 86_400
FRIDAY = 5

CALENDAR_COLUMNS = {
    "day": "date",
    "week_start": "date",
    "month_start": "date",
    "weekday": "bigint",  # 1 Monday to 7 Sunday
    "is_business_day": "boolean",
    "starts_at_epoch": "bigint",
    "ends_at_epoch": "bigint",  # the next day's start
    "first_slot": "bigint",
    "count_slots": "bigint",
    "first_local_slot": "bigint",  # 0, unless the clock change skips midnight
    "shift_at_slot": "bigint",  # from this slot of the day on ...
    "shift_slots": "bigint",  # ... the local clock is this many slots ahead of where it would be
}


@dataclass
class Calendar:
    """A time zone (IANA name; an unknown one becomes UTC, see `warning`) and the days on which nobody works."""

    time_zone: str = "UTC"
    holidays: frozenset[date] = field(default_factory=frozenset)
    warning: str = ""

    def __post_init__(self) -> None:
        try:
            pendulum.timezone(self.time_zone)
        except (InvalidTimezone, ZoneInfoNotFoundError, ValueError):
            self.warning = f"time zone {self.time_zone!r} is unknown: days are counted in UTC"
            self.time_zone = "UTC"

    def day_at(self, epoch: int) -> date:
        """Return the day on which this moment falls."""
        return pendulum.from_timestamp(epoch, tz=self.time_zone).date()

    def starts_at(self, day: date) -> int:
        """Return the epoch second at which the day begins: after the gap, when a clock change skips midnight."""
        first = pendulum.datetime(day.year, day.month, day.day, tz=self.time_zone, fold=0)
        if first.date() != day:  # midnight is in the gap, and fold=0 looks at it from the evening before
            first = pendulum.datetime(day.year, day.month, day.day, tz=self.time_zone, fold=1)
        return first.int_timestamp

    def days(self, first_epoch: int, last_epoch: int) -> list[tuple[object, ...]]:
        """Return one row (CALENDAR_COLUMNS) per day, from the first moment's day to the last moment's."""
        first = max(self.day_at(max(first_epoch, 0)), FIRST_DAY)
        last = self.day_at(min(last_epoch, epoch_now() + DAYS_AHEAD * SECONDS_PER_DAY))
        starts = {day: self.starts_at(day) for day in days_between(first, last + timedelta(days=1))}
        return [
            self._row(day, starts[day], starts[day + timedelta(days=1)])
            for day in days_between(first, max(first, last))
        ]

    def _row(self, day: date, start: int, end: int) -> tuple[object, ...]:
        first_slot, count_slots = start // SECONDS_PER_SLOT, (end - start) // SECONDS_PER_SLOT
        first_local_slot, shift_at_slot, shift_slots = self._clock_change(first_slot, count_slots)
        return (
            day,
            day - timedelta(days=day.weekday()),
            day.replace(day=1),
            day.isoweekday(),
            day.isoweekday() <= FRIDAY and day not in self.holidays,
            start,
            end,
            first_slot,
            count_slots,
            first_local_slot,
            shift_at_slot,
            shift_slots,
        )

    def _clock_change(self, first_slot: int, count_slots: int) -> tuple[int, int, int]:
        """Return where the day's clock starts, from which slot on it is shifted, and by how many slots."""
        if count_slots in (0, SECONDS_PER_DAY // SECONDS_PER_SLOT):
            return 0, count_slots, 0
        local = [self._local_slot(first_slot + slot) for slot in range(count_slots)]
        shifts = [shown - local[0] - slot for slot, shown in enumerate(local)]
        return local[0], next((slot for slot, shift in enumerate(shifts) if shift), count_slots), shifts[-1]

    def _local_slot(self, slot: int) -> int:
        local = pendulum.from_timestamp(slot * SECONDS_PER_SLOT, tz=self.time_zone)
        return local.hour * SLOTS_PER_HOUR + local.minute * 60 // SECONDS_PER_SLOT


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def epoch_now() -> int:
    """Return the current time in epoch seconds."""
    return int(datetime.now(tz=pendulum.UTC).timestamp())

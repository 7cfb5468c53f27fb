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
FIRST_DAY = date(2011, 1, 1)  # Intercom did not exist before; earlier times are mistakes and have no day
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
        return pendulum.datetime(day.year, day.month, day.day, tz=self.time_zone, fold=0).int_timestamp

    def days(self, first_epoch: int, last_epoch: int) -> list[tuple[object, ...]]:
        """Return one row (CALENDAR_COLUMNS) per day, from the first moment's day to the last moment's."""
        first = max(self.day_at(first_epoch), FIRST_DAY)
        return [self._row(day) for day in days_between(first, self.day_at(last_epoch))]

    def _row(self, day: date) -> tuple[object, ...]:
        start, end = self.starts_at(day), self.starts_at(day + timedelta(days=1))
        first_slot, count_slots = start // SECONDS_PER_SLOT, (end - start) // SECONDS_PER_SLOT
        local = [self._local_slot(first_slot + slot) for slot in (0, count_slots - 1)] if count_slots else [0, 0]
        shift = local[1] - local[0] - max(count_slots - 1, 0)
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
            local[0],
            self._shift_at(first_slot, count_slots, local[0]) if shift else count_slots,
            shift,
        )

    def _local_slot(self, slot: int) -> int:
        local = pendulum.from_timestamp(slot * SECONDS_PER_SLOT, tz=self.time_zone)
        return local.hour * SLOTS_PER_HOUR + local.minute * 60 // SECONDS_PER_SLOT

    def _shift_at(self, first_slot: int, count_slots: int, first_local_slot: int) -> int:
        return next(
            slot for slot in range(count_slots) if self._local_slot(first_slot + slot) != first_local_slot + slot
        )


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def epoch_now() -> int:
    """Return the current time in epoch seconds."""
    return int(datetime.now(tz=pendulum.UTC).timestamp())

"""Days of the workspace's time zone as spans of epoch seconds, so that SQL never computes with time zones.

A slot is a quarter of an hour of epoch time: `slot_id = floor(epoch / 900)`. Every time zone in use today is a multiple
of a slot away from UTC, so that a day is a whole number of slots: 96, or some more or fewer when the clock changes.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pendulum
from pendulum.tz.exceptions import InvalidTimezone

SECONDS_PER_SLOT = 900
SECONDS_PER_DAY = 86_400
LAST_EPOCH = 4_102_444_800  # 2100: a bound that no day moves
SAMPLE_SECONDS = 7 * SECONDS_PER_DAY  # no clock has changed twice within a week
SLOTS_PER_DAY = SECONDS_PER_DAY // SECONDS_PER_SLOT
MOST_SLOTS_PER_DAY = 128  # a day of 24 hours and a clock change of up to 8
FIRST_DAY = date(2000, 1, 1)  # Intercom did not exist then: times before, and far ahead, are mistakes and have no day
DAYS_AHEAD = 366

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


class Calendar:
    """The calendar of a time zone (IANA name). An unknown name becomes UTC, and `warning` says so."""

    def __init__(self, time_zone: str = "UTC") -> None:
        self.warning = ""
        try:
            self._zone = pendulum.timezone(time_zone)
        except (InvalidTimezone, ZoneInfoNotFoundError, ValueError, OSError):  # `America` is a folder of time zones
            self.warning = f"time zone {time_zone!r} is unknown: days are counted in UTC"
            self._zone = pendulum.UTC
        self.time_zone = self._zone.name
        self._starts: dict[date, int] = {}

    def day_at(self, epoch: int) -> date:
        """Return the calendar's day on which this moment falls."""
        return datetime.fromtimestamp(epoch, self._zone).date()

    def offset_at(self, epoch: int) -> int:
        """Return how many seconds the calendar's clock is ahead of UTC at this moment."""
        return int((datetime.fromtimestamp(epoch, self._zone).utcoffset() or timedelta()).total_seconds())

    def starts_at(self, day: date) -> int:
        """Return the epoch second at which a calendar day begins: after the gap, when a clock change skips midnight."""
        if day not in self._starts:
            # A time in a gap counts with the offset before it: a skipped midnight is the moment of the change.
            self._starts[day] = int(datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp())
        return self._starts[day]

    def count_slots(self, day: date) -> int:
        """Return how many quarters of an hour a calendar day has: 96, unless the clock changes; 0 if it never was."""
        return (self.starts_at(day + timedelta(days=1)) - self.starts_at(day)) // SECONDS_PER_SLOT

    def local_slots(self, day: date) -> list[int]:
        """Return what the clock shows in each slot of a calendar day, in quarters of an hour since local midnight."""
        count = self.count_slots(day)
        if count == SLOTS_PER_DAY:
            return list(range(SLOTS_PER_DAY))
        start = self.starts_at(day)
        return [self._local_slot(start + number * SECONDS_PER_SLOT) for number in range(count)]

    def span(self, first_epoch: int, last_epoch: int, now_epoch: int) -> tuple[date, date]:
        """Return the first and the last day of the calendar, by the data without times that can only be mistakes."""
        first = self.first_day(first_epoch)
        return first, max(first, self.day_at(min(last_epoch, now_epoch + DAYS_AHEAD * SECONDS_PER_DAY)))

    def first_day(self, first_epoch: int) -> date:
        """Return the first calendar day of data that begins at this moment."""
        return max(self.day_at(max(first_epoch, 0)), FIRST_DAY)

    def row(self, day: date, is_business_day: bool) -> tuple[object, ...]:
        """Return a day's row of the table `calendar_days` (CALENDAR_COLUMNS)."""
        first_local_slot, shift_at_slot, shift_slots = self._clock_change(day)
        return (
            day,
            day - timedelta(days=day.weekday()),
            day.replace(day=1),
            day.isoweekday(),
            is_business_day,
            self.starts_at(day),
            self.starts_at(day + timedelta(days=1)),
            self.starts_at(day) // SECONDS_PER_SLOT,
            self.count_slots(day),
            first_local_slot,
            shift_at_slot,
            shift_slots,
        )

    def _clock_change(self, day: date) -> tuple[int, int, int]:
        """Return where a calendar day's clock starts, from which slot on it is shifted, and by how many slots."""
        count = self.count_slots(day)
        if count in (0, SLOTS_PER_DAY):
            return 0, count, 0
        local = self.local_slots(day)
        shifts = [shown - local[0] - number for number, shown in enumerate(local)]
        return local[0], next((number for number, shift in enumerate(shifts) if shift), count), shifts[-1]

    def _local_slot(self, epoch: int) -> int:
        local = datetime.fromtimestamp(epoch, self._zone)
        return (local.hour * 3600 + local.minute * 60) // SECONDS_PER_SLOT


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every calendar day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def epoch_now() -> int:
    """Return the current time in epoch seconds."""
    return int(datetime.now(tz=pendulum.UTC).timestamp())


def clock_changes(calendar: Calendar, first_epoch: int) -> Iterator[tuple[int, int]]:
    """Yield (moment, seconds ahead of UTC then) of a calendar's time zone: the first moment, and each later change."""
    before, offset = first_epoch, calendar.offset_at(first_epoch)
    yield before, offset
    for sample in range(first_epoch + SAMPLE_SECONDS, LAST_EPOCH, SAMPLE_SECONDS):
        if calendar.offset_at(sample) != offset:
            after = sample
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (middle, after) if calendar.offset_at(middle) == offset else (before, middle)
            offset = calendar.offset_at(after)
            yield after, offset
        before = sample

"""Whole days in UTC, as the content data export counts them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ..api.day import DAY_SECONDS

_EPOCH = date(1970, 1, 1)


def day_of(at: int) -> date:
    """Return the UTC day of a moment in unix seconds, as exports count days, within the bounds of the calendar."""
    bounded = min(max(at, 0), int(datetime(9999, 12, 31, tzinfo=UTC).timestamp()))
    return _EPOCH + timedelta(bounded // DAY_SECONDS)


def start_of(day: date) -> int:
    """Return the first second of a UTC day, as the export counts days."""
    return (day - _EPOCH).days * DAY_SECONDS


@dataclass(frozen=True)
class Days:
    """The days of an export from `first_on` to `last_on`, both included."""

    first_on: date
    last_on: date

    @classmethod
    def starting(cls, first_on: date, count: int, not_after: date) -> "Days":
        """Return `count` days to export from `first_on` on, fewer where they would go beyond `not_after`."""
        return cls(first_on, max(first_on, min(first_on + timedelta(count - 1), not_after)))

    def followed_by(self, count: int, not_after: date) -> "Days":
        """Return these days to export and the `count` after them, fewer where they would go beyond `not_after`."""
        return Days(self.first_on, max(self.last_on, min(self.last_on + timedelta(count), not_after)))

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on

    def __iter__(self) -> Iterator[date]:
        return (self.first_on + timedelta(number) for number in range(len(self)))

    def __len__(self) -> int:
        return (self.last_on - self.first_on).days + 1

    @property
    def start_at(self) -> int:
        """The first second of the days to export, in unix seconds."""
        return start_of(self.first_on)

    @property
    def last_at(self) -> int:
        """The last second of the days to export, in unix seconds."""
        return start_of(self.last_on) + DAY_SECONDS - 1

    def first_half(self) -> "Days":
        """Return the older half of the days to export; a single day stays itself."""
        return Days(self.first_on, self.first_on + timedelta((len(self) - 1) // 2))

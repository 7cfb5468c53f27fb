"""The calendar days of the workspace's time zone, by which contact search compares times."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=4_096)
def day_bounds(at: int, timezone: str) -> tuple[int, int]:
    """Return unix seconds of 00:00 of the day of `at` in that time zone, and of 00:00 of the next day."""
    zone = ZoneInfo(timezone)
    day = datetime.fromtimestamp(at, zone).date()
    next_day = day + timedelta(days=1)
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    end = datetime(next_day.year, next_day.month, next_day.day, tzinfo=zone)
    return int(start.timestamp()), int(end.timestamp())

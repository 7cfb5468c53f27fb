"""Business hours: the windows of a week in a time zone, and the seconds of them between two moments."""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BusinessHours:
    """A schedule of the settings: windows such as 22:00-24:00 by the day of the week, holidays, and a time zone."""

    def __init__(self, schedule, workspace_zone):
        self._schedule = schedule
        self._zone = ZoneInfo(schedule.get("time_zone", workspace_zone))

    def seconds(self, begins, ends):
        """Seconds from one moment to another, without those outside of a window and those of a holiday."""
        days = self._windows.items()
        first, last = self._day(begins), self._day(ends)
        windows = [window for day, of_day in days if first <= day <= last for window in of_day]
        return sum(max(0, min(closes, ends) - max(opens, begins)) for opens, closes in windows)

    def _day(self, moment):
        return datetime.fromtimestamp(moment, self._zone).date()

    @cached_property
    def _windows(self):
        days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
        return {day: [self._moments(day, hours) for hours in self._hours(day)] for day in days}

    def _hours(self, day):
        return [] if day in self._schedule.get("holidays", ()) else self._schedule.get(WEEK[day.weekday()], [])

    def _moments(self, day, hours):
        """When a window opens and closes: hours of the clock on the wall, so that a night may have 7 or 9 of 8."""
        midnight = datetime.combine(day, time(), self._zone)
        clocks = [timedelta(hours=int(clock[:2]), minutes=int(clock[3:])) for clock in hours.split("-")]
        return tuple(int((midnight + clock).timestamp()) for clock in clocks)

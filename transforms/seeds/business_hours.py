"""When a team works: weekly hours and holidays of a schedule as spans of open and closed slots."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from transforms.seeds.calendar import SECONDS_PER_SLOT, Calendar, days_between

DEFAULT_SCHEDULE = "default"
OFFICE_HOURS = range(9 * 4, 17 * 4)  # 09:00 to 17:00 in local slots

BUSINESS_SPAN_COLUMNS = {
    "schedule_id": "varchar",
    "first_slot": "bigint",
    "count_slots": "bigint",  # a span ends with its day at the latest
    "is_open": "bigint",  # 1 or 0
    "open_seconds_before": "bigint",  # open seconds of this schedule before the span, counted from the first day on
}


def _office_week() -> dict[int, frozenset[int]]:
    return {weekday: frozenset(OFFICE_HOURS) for weekday in range(1, 6)}


@dataclass(frozen=True)
class Schedule:
    """The business hours of a week, of one or several teams.

    `open_slots` maps a weekday (1 Monday to 7 Sunday) to the local quarters of an hour, 0 to 95, in which the team
    works. When a clock change repeats an hour, the team works it twice. `time_zone` None means the workspace's.
    """

    schedule_id: str = DEFAULT_SCHEDULE
    time_zone: str | None = None
    open_slots: Mapping[int, frozenset[int]] = field(default_factory=_office_week)
    holidays: frozenset[date] = field(default_factory=frozenset)
    team_ids: tuple[str, ...] = ()

    def is_business_day(self, day: date) -> bool:
        """Return True if the team has business hours on this day at all."""
        return bool(self.slots_of(day))

    def slots_of(self, day: date) -> frozenset[int]:
        """Return the local slots that are business hours of the team on this day."""
        return frozenset() if day in self.holidays else self.open_slots.get(day.isoweekday(), frozenset())

    def spans(self, calendar: Calendar, first: date, last: date) -> Iterator[tuple[object, ...]]:
        """Yield the business hours as rows (BUSINESS_SPAN_COLUMNS) that cover the days first to last without a gap."""
        open_seconds = 0
        for day in days_between(first, last):
            open_slots = self.slots_of(day)
            for slot, count, is_open in _runs(calendar, day, open_slots):
                yield self.schedule_id, slot, count, int(is_open), open_seconds
                open_seconds += is_open * count * SECONDS_PER_SLOT


def _runs(calendar: Calendar, day: date, open_slots: frozenset[int]) -> Iterator[tuple[int, int, bool]]:
    """Yield (first slot, number of slots, open?) for each stretch of a day that is all in or out of business hours."""
    slot = calendar.starts_at(day) // SECONDS_PER_SLOT
    for is_open, stretch in groupby(calendar.local_slots(day), key=open_slots.__contains__):
        count = len(list(stretch))
        yield slot, count, is_open
        slot += count

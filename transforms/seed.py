"""Seeds: small tables made in Python for what SQL cannot say on every warehouse: the calendar, and what "now" is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.calendar import CALENDAR_COLUMNS, MOST_SLOTS_PER_DAY, Calendar
from transforms.warehouse import Row, Warehouse

# Every moment that a model places on a day comes from one of these columns.
SPAN_OF_DATA = """
    select min(first_epoch) as first_epoch, max(last_epoch) as last_epoch
    from (
        select min(created_at) as first_epoch, max(created_at) as last_epoch from raw.conversations
        union all
        select min(created_at) as first_epoch, max(created_at) as last_epoch from raw.conversation_parts
        union all
        select min(created_at) as first_epoch, max(created_at) as last_epoch from raw.tickets
        union all
        select min(created_at) as first_epoch, max(created_at) as last_epoch from raw.ticket_parts
    ) as spans
"""
WORKSPACE_TIME_ZONE = "select timezone from raw.workspace where timezone is not null"


@dataclass(frozen=True)
class Seed:
    """A table made in Python: its columns (name -> type in DuckDB's words) and rows."""

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Row]


SEED_NAMES = ("build_clock", "calendar_days", "slot_numbers")


def make_seeds(calendar: Calendar, first_epoch: int, last_epoch: int, now_epoch: int) -> list[Seed]:
    """Return the seeds for data from the first to the last moment; `now_epoch` is where open spans end."""
    return [
        Seed("build_clock", {"now_epoch": "bigint", "today": "date"}, [(now_epoch, calendar.day_at(now_epoch))]),
        Seed("calendar_days", CALENDAR_COLUMNS, calendar.days(first_epoch, max(last_epoch, now_epoch))),
        Seed("slot_numbers", {"n": "bigint"}, [(number,) for number in range(MOST_SLOTS_PER_DAY)]),
    ]


def span_of_data(warehouse: Warehouse, now_epoch: int) -> tuple[int, int]:
    """Return the first and the last moment of the raw data; now and now when there is none."""
    first, last = warehouse.rows(SPAN_OF_DATA)[0]
    return (now_epoch, now_epoch) if first is None else (min(int(first), now_epoch), int(last))


def workspace_time_zone(warehouse: Warehouse) -> str | None:
    """Return the time zone of the workspace in raw, None when raw does not say."""
    rows = warehouse.rows(WORKSPACE_TIME_ZONE)
    return str(rows[0][0]) if rows else None

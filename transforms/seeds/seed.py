"""Seeds: small tables made in Python for what SQL cannot say on every warehouse: days, working hours, what "now" is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta

from transforms.runner.warehouse.values import Row
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.business_hours import BUSINESS_SPAN_COLUMNS
from transforms.seeds.calendar import CALENDAR_COLUMNS, MOST_SLOTS_PER_DAY, Calendar, days_between
from transforms.seeds.settings import Settings

# When things began and were done. What else models place on days (closes and ratings that only a conversation's own
# fields show, the last change of a ticket) comes after a beginning, and before the present, which ends the calendar.
SPAN_OF_DATA = """
    select min(first_epoch) as first_epoch, max(last_epoch) as last_epoch
    from (
        select min(created_at) as first_epoch, max(created_at) as last_epoch from raw.conversations
        union all
        select min(coalesce(created_at, updated_at)) as first_epoch, max(coalesce(created_at, updated_at)) as last_epoch
        from raw.conversation_parts
        union all
        select min(created_at) as first_epoch, max(created_at) as last_epoch from raw.tickets
        union all
        select min(coalesce(created_at, updated_at)) as first_epoch, max(coalesce(created_at, updated_at)) as last_epoch
        from raw.ticket_parts
        union all
        select min(received_at) as first_epoch, max(received_at) as last_epoch from raw.message_receipts
    ) as spans
"""
WORKSPACE_TIME_ZONE = "select timezone from raw.workspace where timezone is not null"
TEAMS = "select id, name from raw.teams order by id"
TEAMS_OF_RECORDS = (  # the largest table last
    "select distinct team_assignee_id from raw.conversations",
    "select distinct team_assignee_id from raw.tickets",
    "select distinct assigned_to__id from raw.conversation_parts where assigned_to__type = 'team'",
)
TEAMS_NAMED_AT_MOST = 10
READ_BY_SEEDS = frozenset(re.findall(r"raw\.(\w+)", SPAN_OF_DATA + WORKSPACE_TIME_ZONE))  # raw tables


@dataclass(frozen=True)
class Seed:
    """A seed: a table made in Python, with columns (name -> type in DuckDB's words) and rows."""

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Row]


SEED_GRAINS = {
    "build_clock": "One row: the moment of the build, where spans end that are still open.",
    "calendar_days": "One row per day in the workspace's time zone: when it begins and ends, and whether it is worked.",
    "slot_numbers": "One row per quarter of an hour of the longest day.",
    "business_spans": "One row per span of office hours of a schedule.",
    "team_schedules": "One row per team with office hours of its own.",
    "sla_targets": "One row per target of your own, in seconds of office hours.",
    "help_center_locales": "One row per language that an article may have.",
}
SEED_NAMES = tuple(SEED_GRAINS)
SLA_TARGET_COLUMNS = {
    "priority": "varchar",  # NULL: every priority
    "team_id": "varchar",  # NULL: every team
    "first_response_seconds": "bigint",  # all three in business seconds
    "next_response_seconds": "bigint",
    "resolution_seconds": "bigint",
}

# The keys that an article's translated_content may have (schema "Article Translated Content" of the API reference).
HELP_CENTER_LOCALES = (
    "ar", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr",
    "he", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "mn", "nb", "nl", "pl",
    "pt", "ro", "ru", "sl", "sr", "sv", "tr", "vi", "pt-BR", "zh-CN", "zh-TW",
)  # fmt: skip


def make_seeds(
    settings: Settings, calendar: Calendar, first_epoch: int, last_epoch: int, now_epoch: int
) -> Iterator[Seed]:
    """Yield the seeds for data from the first to the last moment; `now_epoch` is where open spans end."""
    first, last = calendar.span(first_epoch, max(last_epoch, now_epoch), now_epoch)
    default = settings.schedules[0]
    days = [calendar.row(day, default.is_business_day(day)) for day in days_between(first, last)]
    yield Seed("build_clock", {"now_epoch": "bigint", "today": "date"}, [(now_epoch, calendar.day_at(now_epoch))])
    yield Seed("calendar_days", CALENDAR_COLUMNS, days)
    yield Seed("slot_numbers", {"n": "bigint"}, [(number,) for number in range(MOST_SLOTS_PER_DAY)])
    yield Seed("business_spans", BUSINESS_SPAN_COLUMNS, list(_business_spans(settings, calendar, first, last)))
    teams = [(team_id, schedule.schedule_id) for schedule in settings.schedules for team_id in schedule.team_ids]
    yield Seed("team_schedules", {"team_id": "varchar", "schedule_id": "varchar"}, teams)
    yield Seed("sla_targets", SLA_TARGET_COLUMNS, [astuple(target) for target in settings.sla_targets])
    yield Seed("help_center_locales", {"locale": "varchar"}, [(locale,) for locale in HELP_CENTER_LOCALES])


def _business_spans(settings: Settings, calendar: Calendar, first: date, last: date) -> Iterator[Row]:
    for schedule in settings.schedules:
        zone = calendar if schedule.time_zone is None else Calendar(schedule.time_zone)
        # The same moment may fall on a day before or after in the schedule's own time zone; islands in the Pacific
        # are 25 hours apart, which may be two days.
        yield from schedule.spans(zone, first - timedelta(days=2), last + timedelta(days=2))


def span_of_data(warehouse: Warehouse, now_epoch: int) -> tuple[int, int]:
    """Return the span of raw data for the seeds, first and last moment; the present for both if there is none."""
    first, last = warehouse.rows(SPAN_OF_DATA)[0]
    return (now_epoch, now_epoch) if first is None else (min(int(first), now_epoch), int(last))


def workspace_time_zone(warehouse: Warehouse) -> str | None:
    """Return the workspace's time zone for the seeds from the raw tables, or None."""
    rows = warehouse.rows(WORKSPACE_TIME_ZONE)
    return str(rows[0][0]) if rows else None


def unknown_teams(warehouse: Warehouse, settings: Settings) -> list[str]:
    """Return a warning if settings name teams that neither Intercom nor a record knows, such as by their names.

    A team that is gone from Intercom is known as long as a conversation, its history or a ticket has it: its hours
    still apply there. Without any team nothing is said, because teams may not have been loaded.
    """
    if not (unknown := set(settings.team_ids())):
        return []
    teams = {str(team_id): name for team_id, name in warehouse.rows(TEAMS)}
    unknown -= teams.keys()
    for query in TEAMS_OF_RECORDS if teams else ():
        if unknown:
            unknown -= {str(row[0]) for row in warehouse.rows(query)}
    if not unknown or not teams:
        return []
    ids = [f"{team_id} ({name})" if name else team_id for team_id, name in teams.items()]
    more = ", …" if len(ids) > TEAMS_NAMED_AT_MOST else ""
    return [
        f"settings of the models: no team has the id {', '.join(map(repr, sorted(unknown)))}, whose hours or targets "
        f"apply to nothing; teams are {', '.join(ids[:TEAMS_NAMED_AT_MOST])}{more}"
    ]

"""What the models need and Intercom does not say: when teams work, and their own targets."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from transforms.seeds.business_hours import DEFAULT_SCHEDULE, Schedule
from transforms.seeds.calendar import SLOTS_PER_DAY, Calendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SCHEDULE_KEYS = {*WEEKDAYS, "time_zone", "holidays", "teams"}
MOST_SECONDS = 100 * 366 * 86_400
TARGET_KEYS = ("priority", "team_id", "first_response_seconds", "next_response_seconds", "resolution_seconds")
PRIORITIES = ("priority", "not_priority")  # what a conversation has, in Intercom's words
HOURS = re.compile(r"(\d\d):(00|15|30|45)-(\d\d):(00|15|30|45)")


class SettingsError(ValueError):
    """Settings for the models that cannot be used: the message names the entry and what it should look like."""


@dataclass(frozen=True)
class SlaTarget:
    """Own targets in business seconds. Without `priority` it is for both, without `team_id` for all teams.

    Of a conversation's targets the most specific one applies, and takes nothing from the others: team and priority,
    team, priority, all.
    """

    priority: str | None = None
    team_id: str | None = None
    first_response_seconds: int | None = None
    next_response_seconds: int | None = None
    resolution_seconds: int | None = None


@dataclass(frozen=True)
class Settings:
    """The models' settings: schedules (the first is the default, for teams that have none of their own) and targets.

    `models_folder` holds models of the user's own.
    """

    schedules: tuple[Schedule, ...] = (Schedule(),)
    sla_targets: tuple[SlaTarget, ...] = field(default_factory=tuple)
    models_folder: Path | None = None

    def team_ids(self) -> frozenset[str]:
        """Return the ids of all teams that a schedule or a target names."""
        named = [team for schedule in self.schedules for team in schedule.team_ids]
        return frozenset(named) | {target.team_id for target in self.sla_targets if target.team_id is not None}


def read_settings(path: Path) -> Settings:
    """Return the models' settings in a TOML file.

        models = "../models"                    # a folder of own models, as seen from the file's folder

        [schedules.default]
        time_zone = "Europe/Berlin"             # left out: the workspace's
        monday = ["09:00-12:30", "13:30-18:00"] # on quarters of an hour; a day left out is closed
        holidays = [2024-12-25]

        [schedules.night]
        teams = ["814865"]                      # team ids
        saturday = ["00:00-24:00"]

        [[sla_targets]]
        priority = "priority"
        first_response_seconds = 3600

    Without `schedules.default` it is Monday to Friday, 09:00 to 17:00. Raises SettingsError with the wrong entry.
    """
    try:
        return parse_settings(tomllib.loads(path.read_text(encoding="utf-8-sig")), path.parent)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, SettingsError) as error:
        raise SettingsError(f"{path} cannot be used: {error}") from error


def parse_settings(entries: Mapping[str, Any], folder: Path = Path()) -> Settings:
    """Return the models' settings of a mapping as `read_settings` describes it; paths are seen from the folder."""
    _only_known("settings", entries, ("schedules", "sla_targets", "models"))
    models = entries.get("models")
    if models is not None and not isinstance(models, str):
        raise SettingsError('models: write a folder, like "../models"')
    named = dict(_table_of("schedules", entries.get("schedules", {})))
    default = named.pop(DEFAULT_SCHEDULE, None)
    first = Schedule() if default is None else _schedule(DEFAULT_SCHEDULE, default)
    schedules = (first, *(_schedule(name, entry) for name, entry in named.items()))
    teams = [team for schedule in schedules for team in schedule.team_ids]
    if twice := sorted({team for team in teams if teams.count(team) > 1}):
        raise SettingsError(f"team {twice[0]} has more than one schedule")
    return Settings(schedules, _sla_targets(entries), folder / models if models else None)


def _schedule(name: str, entry: Any) -> Schedule:
    where = f"schedules.{name}"
    _only_known(where, _table_of(where, entry), SCHEDULE_KEYS)
    time_zone = entry.get("time_zone")
    if time_zone is not None and Calendar(str(time_zone)).warning:
        raise SettingsError(f"{where}.time_zone: {time_zone!r} is not a time zone name like 'Europe/Berlin'")
    holidays = _list(f"{where}.holidays", entry.get("holidays", []), "[2024-12-25]")
    if not all(type(day) is date for day in holidays):  # a time of day is of another type, and equals no day
        raise SettingsError(f"{where}.holidays: write days like 2024-12-25, without quotes and time")
    entered = _list(f"{where}.teams", entry.get("teams", []), '["814865"]')
    teams = tuple(_id(f"{where}.teams", team) for team in entered)
    open_slots = {
        number: _slots(f"{where}.{weekday}", entry[weekday])
        for number, weekday in enumerate(WEEKDAYS, start=1)
        if weekday in entry
    }
    if not open_slots:  # an empty list says that a day is closed; none at all says that hours were forgotten
        raise SettingsError(f'{where}: a day that is left out is closed, and all are; write monday = ["09:00-17:00"] …')
    if name != DEFAULT_SCHEDULE and not teams:
        raise SettingsError(
            f'{where}: these are nobody\'s hours; write teams = ["814865"], or the hours of all others '
            f"under [schedules.{DEFAULT_SCHEDULE}]"
        )
    return Schedule(name, time_zone, open_slots, frozenset(holidays), teams)


def _slots(where: str, hours: Any) -> frozenset[int]:
    """Return the local slots of ranges like "09:00-17:30"."""
    slots: set[int] = set()
    for text in _list(where, hours, '["09:00-17:30"]'):
        found = HOURS.fullmatch(str(text))
        start, end = (int(found[n]) * 4 + int(found[n + 1]) // 15 for n in (1, 3)) if found else (0, 0)
        if not start < end <= SLOTS_PER_DAY:
            raise SettingsError(
                f"{where}: {text!r} is not a range of quarter hours within a day like '09:00-17:30'; "
                "a night is two: to '24:00', and from '00:00' on the day after"
            )
        slots.update(range(start, end))
    return frozenset(slots)


def _sla_targets(entries: Mapping[str, Any]) -> tuple[SlaTarget, ...]:
    """Return the settings' targets; raises SettingsError for two of the same conversations."""
    entered = entries.get("sla_targets", [])
    if not isinstance(entered, list) or not all(isinstance(target, Mapping) for target in entered):
        raise SettingsError("sla_targets: write each target under a line [[sla_targets]], in two brackets")
    targets = tuple(map(_target, entered))
    scopes = [(target.team_id, target.priority) for target in targets]
    if twice := next((scope for scope in scopes if scopes.count(scope) > 1), None):
        named = [f"{key} {value!r}" for key, value in zip(("team_id", "priority"), twice, strict=True) if value]
        raise SettingsError(
            f"sla_targets: more than one target of {' and '.join(named) or 'all conversations'}; "
            "write its seconds under one [[sla_targets]]"
        )
    return targets


def _target(entry: Mapping[str, Any]) -> SlaTarget:
    _only_known("sla_targets", entry, TARGET_KEYS)
    for key, value in entry.items():
        # A truth value is an int, too; and a century is more than any column of seconds has to hold.
        if key.endswith("_seconds") and (type(value) is not int or not 0 < value <= MOST_SECONDS):
            raise SettingsError(f"sla_targets.{key}: {value!r} is not a whole number of seconds, 1 to {MOST_SECONDS:,}")
    if (priority := entry.get("priority", PRIORITIES[0])) not in PRIORITIES:
        raise SettingsError(f"sla_targets.priority: {priority!r} is not one of {', '.join(PRIORITIES)}")
    team_id = _id("sla_targets.team_id", entry["team_id"]) if "team_id" in entry else None
    seconds = {key: int(value) for key, value in entry.items() if key.endswith("_seconds")}
    return SlaTarget(entry.get("priority"), team_id, **seconds)


def _id(where: str, value: Any) -> str:
    if type(value) not in (str, int) or not str(value) or str(value).strip() != str(value):  # True is an int, too
        raise SettingsError(f'{where}: {value!r} is not an id like "814865"')
    return str(value)


def _table_of(where: str, entry: Any) -> Mapping[str, Any]:
    if not isinstance(entry, Mapping):
        raise SettingsError(f"{where}: write hours under a line like [schedules.default], in single brackets")
    return entry


def _list(where: str, entry: Any, example: str) -> list[Any]:
    if not isinstance(entry, list):
        raise SettingsError(f"{where}: {entry!s} is not a list like {example}")
    return entry


def _only_known(where: str, entry: Mapping[str, Any], known: Iterable[str]) -> None:
    if unknown := sorted(set(entry) - set(known)):
        raise SettingsError(f"{where}: {unknown[0]!r} is not known here; known are {', '.join(sorted(known))}")

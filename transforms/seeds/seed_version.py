"""The version of the seeds, because models that are built incrementally keep rows that were made with them."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from transforms.seeds.calendar import Calendar, clock_changes
from transforms.seeds.seed import HELP_CENTER_LOCALES
from transforms.seeds.settings import Settings

CODE = Path(__file__).parent


def seeds_version(settings: Settings, calendar: Calendar, first_epoch: int) -> str:
    """Return the version of the seeds, a text that stays the same while new days only come at the end.

    It is another one with other settings, with a time zone database that knows other clock changes in these time
    zones, and with other code of the seeds.
    """

    def plain(value: object) -> object:
        return sorted(str(one) for one in value) if isinstance(value, frozenset) else str(value)

    in_seeds = {name: value for name, value in asdict(settings).items() if name != "models_folder"}
    zones = [calendar, *(Calendar(one.time_zone) for one in settings.schedules if one.time_zone is not None)]
    first = calendar.first_day(first_epoch)
    begin = calendar.starts_at(first)  # an earlier record of the same day changes nothing
    changes = {zone.time_zone: list(clock_changes(zone, begin)) for zone in zones}
    return json.dumps(
        [in_seeds, calendar.time_zone, first, HELP_CENTER_LOCALES, changes, code_digest(CODE)],
        default=plain,
        sort_keys=True,
    )


def code_digest(folder: Path) -> str:
    """Return for the seeds' version a digest of the code in the folder."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in sorted(folder.glob("*.py")))).hexdigest()

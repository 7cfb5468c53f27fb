"""The marts that are older than others on the page: a build that failed, or was one of a selection, has left them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

# The build's clock is Intercom's, in the workspace's time zone; the log has this machine's.
CLOCKS_DIFFER_BY = timedelta(days=3)


@dataclass(frozen=True)
class OlderMarts:
    """Marts that the last build (it ended `build_at`) has left as they were, by name; the oldest is from `oldest_at`.

    `are_all`: it made none anew. Times are unix seconds; that of the oldest is None if the log of builds does not say.
    """

    names: tuple[str, ...]
    oldest_at: int | None
    build_at: int
    are_all: bool


def older_marts(last_builds: Mapping[str, list[Any]], read: Collection[str], last_build_on: date) -> OlderMarts | None:
    """Return the older marts of those that the page reads; None if all are of one build.

    `last_builds` is the answer to the question of this name, `last_build_on` the day of the last build by its clock. If
    the log ends before that, dbt has built since, which logs nothing.
    """
    columns = (last_builds[column] for column in ("name", "built_at", "tried_at"))
    builds = {name: (built_at, tried_at) for name, built_at, tried_at in zip(*columns, strict=True) if name in read}
    if not builds or _ends_before(last_builds, last_build_on):
        return None
    last_at = max(tried_at for _, tried_at in builds.values())
    built = {name: built_at for name, (built_at, _) in builds.items() if built_at != last_at}
    if not built:
        return None
    oldest_at = min((built_at for built_at in built.values() if built_at is not None), default=None)
    return OlderMarts(tuple(sorted(built)), oldest_at, last_at, len(built) == len(builds))


def _ends_before(last_builds: Mapping[str, list[Any]], last_build_on: date) -> bool:
    log_ends_on = datetime.fromtimestamp(max(last_builds["tried_at"]), UTC).date()
    return last_build_on - log_ends_on > CLOCKS_DIFFER_BY

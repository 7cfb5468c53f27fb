"""The workspace itself, its teammates and its teams."""

from collections.abc import Iterator
from typing import Any

from ..api.record import Record
from ..incremental.unchanged_lists import changed
from ..incremental.whole_list import all_records, whole
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..rows.flatten import as_id, flatten, with_avatar
from ..rows.table import Row, Rows, Table, json, text, truth, unix_seconds

WORKSPACE_TABLE = Table(
    name="workspace",
    one_row="the workspace that the access token belongs to",
    key=("id_code",),
    columns=text(
        "impersonal",
        id_code="the workspace's id",
        type="always app",
        name="name",
        timezone="time zone",
        region="region",
    )
    | unix_seconds(created_at="when it was created")
    | truth(secure="messages are signed", identity_verification="identity verification is on"),
    replaced="whole",
)
ADMINS_TABLE = Table(
    name="admins",
    one_row="a teammate who is in the workspace now; departed ones are still named by conversations",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always admin",
        name="name",
        email="e-mail address",
        job_title="job title",
        avatar__type="always avatar",
        avatar__image_url="picture",
    )
    | truth(
        away_mode_enabled="is away",
        away_mode_reassign="conversations are reassigned while away",
        has_inbox_seat="may work in the inbox",
        email_verified="e-mail address is verified; by its description, the list of teammates does not say so: null",
    )
    | json(
        "impersonal",
        team_ids="teams.id of the teams",
        team_priority_level__primary_team_ids="teams that come first",
        team_priority_level__secondary_team_ids="teams that come second",
    ),
    replaced="whole",
)
TEAMS_TABLE = Table(
    name="teams",
    one_row="a team",
    key=("id",),
    columns=text(
        "impersonal", id="Intercom's id", type="always team", name="name", distribution_method="how work is handed out"
    )
    | json(
        "impersonal",
        admin_ids="admins.id of the members",
        admin_priority_level__primary_admin_ids="members who come first",
        admin_priority_level__secondary_admin_ids="members who come second",
    ),
    replaced="whole",
)
TEAM_ADMINS_TABLE = Table(
    name="team_admins",
    one_row="a teammate's membership in a team",
    key=("team_id", "admin_id"),
    columns=text(
        "impersonal",
        team_id="teams.id",
        admin_id="admins.id",
        priority_level="primary or secondary; null where the team has no levels",
    ),
    replaced="whole",
)


def read_workspace(reading: Reading) -> Iterator[Rows]:
    """Read the workspace to which the staff belongs, from `/me`, which every run asks before anything else.

    If it does not name itself, the loaded row stays, because it keeps the rows of another workspace out.
    """
    app = reading.session.identity.app
    if not app:
        return
    reading.report.count_records += 1
    rows = reading.unreadable.rows_of([app], workspace_rows)
    if rows[0][1]:
        yield from changed(reading, [rows])


def workspace_rows(apps: list[Record]) -> Rows:
    """Return the row of the one workspace to which the staff belongs."""
    return [(WORKSPACE_TABLE, [flatten(app) for app in apps])]


def admins(reading: Reading) -> list[Record]:
    """List the staff: the teammates of the workspace; the list is never paged."""
    return all_records(reading, "/admins", "admins", display_avatar="true")


def admin_rows(records: list[Record]) -> Rows:
    """Return the rows of the staff's teammates."""
    return [(ADMINS_TABLE, [flatten(with_avatar(admin)) for admin in records])]


def teams(reading: Reading) -> list[Record]:
    """List the staff's teams; the list is never paged."""
    return all_records(reading, "/teams", "teams")


def team_rows(records: list[Record]) -> Rows:
    """Return the rows of the staff's teams and of their members."""
    return [
        (TEAMS_TABLE, [flatten(team) for team in records]),
        (TEAM_ADMINS_TABLE, [member for team in records for member in _members(team)]),
    ]


def _members(team: Record) -> list[Row]:
    levels = team.get("admin_priority_level")
    levels = levels if isinstance(levels, dict) else {}
    level_of = {
        admin_id: level for level in ("secondary", "primary") for admin_id in _ids(levels.get(f"{level}_admin_ids"))
    }
    team_id = as_id(team["id"])
    return [
        {"team_id": team_id, "admin_id": admin_id, "priority_level": level_of.get(admin_id)}
        for admin_id in dict.fromkeys(_ids(team.get("admin_ids")))
    ]


def _ids(values: Any) -> list[str | None]:
    """Return the ids of a team's staff as text; None, which makes the row invalid, for what is no id."""
    values = [] if values is None else values if isinstance(values, list) else [values]
    ids = map(as_id, values)
    return [value if isinstance(value, str) else None for value in ids]


STAFF = (
    Resource("workspace", (WORKSPACE_TABLE,), read_workspace, ("GET /me",)),
    whole("admins", (ADMINS_TABLE,), admins, admin_rows, "GET /admins"),
    whole("teams", (TEAMS_TABLE, TEAM_ADMINS_TABLE), teams, team_rows, "GET /teams"),
)

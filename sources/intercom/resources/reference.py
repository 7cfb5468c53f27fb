"""The small lists that are read whole in every run: who works here, and what things are called."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..api.client import Client
from ..api.errors import AccessDenied, IntercomError, InvalidRequest, NotFound
from ..api.record import Record
from ..incremental.whole_list import all_records, whole, whole_list
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..rows.flatten import as_id, flatten, inner_list
from ..rows.table import Row, Rows, Table, integer, json, text, truth, unix_seconds

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
        email_verified="e-mail address is verified",
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
TAGS_TABLE = Table(
    name="tags",
    one_row="a tag",
    key=("id",),
    columns=text("impersonal", id="Intercom's id", type="always tag", name="name"),
    replaced="whole",
)
SEGMENTS_TABLE = Table(
    name="segments",
    one_row="a segment of contacts or of companies",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always segment",
        name="name",
        person_type="contact (leads), user, or company",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | integer(count="members"),
    replaced="whole",
)
SUBSCRIPTION_TYPES_TABLE = Table(
    name="subscription_types",
    one_row="a kind of message that people can subscribe to",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always subscription",
        state="live, draft or archived",
        consent_type="opt_in or opt_out",
        default_translation__name="name",
        default_translation__description="description",
        default_translation__locale="language of the name",
    )
    | json("impersonal", translations="name and description in other languages", content_types="email, sms_message"),
    replaced="whole",
)
DATA_ATTRIBUTES_TABLE = Table(
    name="data_attributes",
    one_row="an attribute of contacts, companies or conversations",
    key=("model", "full_name", "id"),  # two live attributes may share a name
    columns=text(
        "impersonal",
        model="contact, company or conversation",
        full_name="path of the attribute, such as custom_attributes.plan",
        id="Intercom's id; empty for built-in attributes, which have none",
        type="always data_attribute",
        name="name",
        label="what people see",
        description="description",
        data_type="string, integer, float, boolean, date, …",
        admin_id="admins.id of who created it",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | truth(
        api_writable="can be set by the API",
        messenger_writable="can be set by the Messenger",
        ui_writable="can be set by teammates",
        custom="the workspace's own",
        archived="archived",
    )
    | json("impersonal", options="values to choose from"),
    replaced="whole",
)
TICKET_TYPES_TABLE = Table(
    name="ticket_types",
    one_row="a kind of ticket",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always ticket_type",
        name="name",
        description="description",
        icon="emoji",
        workspace_id="the workspace's id code",
        category="Customer, Back-office or Tracker",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | truth(archived="archived", is_internal="for teammates only"),
    replaced="whole",
)
TICKET_TYPE_ATTRIBUTES_TABLE = Table(
    name="ticket_type_attributes",
    one_row="an attribute of a ticket type",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        ticket_type_id="ticket_types.id",
        type="always ticket_type_attribute",
        workspace_id="the workspace's id code",
        name="name",
        description="description",
        data_type="string, list, integer, decimal, boolean, datetime or files",
    )
    | integer(order="place in the form")
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | truth(
        required_to_create="teammates must fill it in",
        required_to_create_for_contacts="customers must fill it in",
        visible_on_create="teammates see it in the form",
        visible_to_contacts="customers see it",
        default="part of every ticket type",
        archived="archived",
    )
    | json("impersonal", input_options="multiline, or the values to choose from"),
    replaced="whole",
)


def read_workspace(reading: Reading) -> Iterator[Rows]:
    """Yield the workspace of `/me`, which every run asks before anything else."""
    app = reading.session.identity.app
    reading.report.count_records += len(app) > 0
    yield reading.unreadable.rows_of([app] if app else [], workspace_rows)


def workspace_rows(apps: list[Record]) -> Rows:
    """Return the row of the one workspace."""
    return [(WORKSPACE_TABLE, [flatten(app) for app in apps])]


def admins(client: Client) -> list[Record]:
    """Return the teammates of the workspace; the list is never paged."""
    return all_records(client, "/admins", "admins", display_avatar="true")


def admin_rows(records: list[Record]) -> Rows:
    """Return the rows of teammates. A picture comes as an address, as an object, or not at all."""
    rows = []
    for admin in records:
        avatar = admin.get("avatar")
        rows.append(flatten(admin | {"avatar": {"image_url": avatar} if isinstance(avatar, str) else avatar or {}}))
    return [(ADMINS_TABLE, rows)]


def teams(client: Client) -> list[Record]:
    """Return the teams; the list is never paged."""
    return all_records(client, "/teams", "teams")


def team_rows(records: list[Record]) -> Rows:
    """Return the rows of teams and of who is in them."""
    return [
        (TEAMS_TABLE, [flatten(team) for team in records]),
        (TEAM_ADMINS_TABLE, [member for team in records for member in _members(team)]),
    ]


def _members(team: Record) -> list[Row]:
    levels = team.get("admin_priority_level") or {}
    level_of = {
        admin_id: level for level in ("secondary", "primary") for admin_id in _ids(levels.get(f"{level}_admin_ids"))
    }
    team_id = as_id(team["id"])
    return [
        {"team_id": team_id, "admin_id": admin_id, "priority_level": level_of.get(admin_id)}
        for admin_id in dict.fromkeys(_ids(team.get("admin_ids")))
    ]


def _ids(values: Any) -> list[str | None]:
    """Return a list of ids as text; None, which no row does with, for what is none."""
    values = [] if values is None else values if isinstance(values, list) else [values]
    ids = map(as_id, values)
    return [value if isinstance(value, str) else None for value in ids]


Refusals = list[IntercomError]


def segments(client: Client, refusals: Refusals | None = None) -> list[Record]:
    """Return the segments of both kinds; a plain call lists only those of contacts."""
    kinds: tuple[str | None, ...] = (None, "company")
    found = _parts(
        [partial(all_records, client, "/segments", "segments", include_count="true", type=kind) for kind in kinds],
        refusals,
    )
    return list({as_id(segment["id"]): segment for part in found for segment in part}.values())


def segment_rows(records: list[Record]) -> Rows:
    """Return the rows of segments."""
    return [(SEGMENTS_TABLE, [flatten(segment) for segment in records])]


def data_attributes(client: Client, refusals: Refusals | None = None) -> list[Record]:
    """Return the attributes of all three models, archived ones too; one call per model, which each of them names."""
    models = ("contact", "company", "conversation")
    found = _parts(
        [partial(all_records, client, "/data_attributes", model=model, include_archived="true") for model in models],
        refusals,
    )
    return [attribute | {"model": model} for model, part in zip(models, found, strict=True) for attribute in part]


def data_attribute_rows(records: list[Record]) -> Rows:
    """Return the rows of attributes; those built in have no id."""
    return [(DATA_ATTRIBUTES_TABLE, [{"id": "", **flatten(attribute)} for attribute in records])]


def _parts(calls: list[Callable[[], list[Record]]], refusals: Refusals | None) -> list[list[Record]]:
    """Return what each call lists; one that Intercom refuses lists nothing, and its error goes to `refusals`.

    Some workspaces refuse `model=company`, which is no reason to load nothing of the others. Without `refusals`, or
    where all are refused, the error is raised.
    """
    refused: Refusals = []
    parts: list[list[Record]] = []
    for call in calls:
        try:
            parts.append(call())
        except (InvalidRequest, AccessDenied, NotFound) as error:
            refused.append(error)
            parts.append([])
    if refused and (refusals is None or len(refused) == len(calls)):
        raise refused[0]
    if refusals is not None:
        refusals += refused
    return parts


def _in_parts(
    name: str,
    table: Table,
    list_all: Callable[[Client, Refusals], list[Record]],
    rows_of: Callable[[list[Record]], Rows],
) -> Resource:
    """Return a list whose parts are asked for one by one; it is loaded without a refused one, and fails then."""

    def read(reading: Reading) -> Iterator[Rows]:
        refusals: Refusals = []
        rows = reading.unreadable.rows_of(list_all(reading.client, refusals), rows_of)
        reading.report.count_records += len(rows[0][1])
        yield rows
        if refusals:
            raise refusals[0]

    return Resource(name, (table,), read, (f"GET /{name}",))


def ticket_types(client: Client) -> list[Record]:
    """Return the ticket types with their attributes, which no endpoint lists by themselves."""
    return all_records(client, "/ticket_types", "ticket_types")


def ticket_type_rows(records: list[Record]) -> Rows:
    """Return the rows of ticket types and of their attributes."""
    attributes = [
        {"ticket_type_id": as_id(kind["id"])} | flatten(attribute, {"input_options"})
        for kind in records
        for attribute in inner_list(kind, "ticket_type_attributes")
    ]
    types = [flatten(kind, without={"ticket_type_attributes"}) for kind in records]
    return [(TICKET_TYPES_TABLE, types), (TICKET_TYPE_ATTRIBUTES_TABLE, attributes)]


REFERENCE = (
    Resource("workspace", (WORKSPACE_TABLE,), read_workspace, ("GET /me",)),
    whole("admins", (ADMINS_TABLE,), admins, admin_rows, "GET /admins"),
    whole("teams", (TEAMS_TABLE, TEAM_ADMINS_TABLE), teams, team_rows, "GET /teams"),
    whole_list("tags", "/tags", TAGS_TABLE, flatten),
    _in_parts("segments", SEGMENTS_TABLE, segments, segment_rows),
    whole_list("subscription_types", "/subscription_types", SUBSCRIPTION_TYPES_TABLE, flatten),
    _in_parts("data_attributes", DATA_ATTRIBUTES_TABLE, data_attributes, data_attribute_rows),
    whole(
        "ticket_types",
        (TICKET_TYPES_TABLE, TICKET_TYPE_ATTRIBUTES_TABLE),
        ticket_types,
        ticket_type_rows,
        "GET /ticket_types",
    ),
)

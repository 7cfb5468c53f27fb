"""The small full lists: the token's owner, admins, teams, tags, segments, subscription types, data attributes."""

from simulator import errors
from simulator.http.call import Call
from simulator.record import Record

MODELS = ("contact", "company", "conversation")


def identify(call: Call) -> Record:
    """GET /me: the admin whose token it is (a recorded workspace may have none), and the workspace."""
    first = next(iter(call.workspace.admins), None)
    admin = Record() if first is None else with_avatar(call, first, "object")
    owner: Record = {key: admin[key] for key in ("id", "email", "name", "avatar", "has_inbox_seat") if key in admin}
    return {"type": "admin", **owner, "email_verified": True, "app": call.workspace.app}


def list_admins(call: Call) -> Record:
    """GET /admins: present teammates; the avatar only when asked for."""
    has_avatar = call.is_set("display_avatar")
    admins = [with_avatar(call, admin, "object") if has_avatar else _plain(admin) for admin in call.workspace.admins]
    return {"type": "admin.list", "admins": admins}


def show_admin(call: Call) -> Record:
    """GET /admins/{id}: here the avatar is usually a text."""
    admin = call.one_of(call.workspace.admins, errors.admin_not_found)
    return with_avatar(call, admin, "text")


def with_avatar(call: Call, admin: Record, usual: str) -> Record:
    """Return an admin with the avatar in the knob's form, or in the form that is usual for this endpoint."""
    form = usual if call.options.admin_avatar == "mixed" else call.options.admin_avatar
    avatar = admin.get("avatar")
    return {**admin, "avatar": avatar["image_url"]} if form == "text" and isinstance(avatar, dict) else admin


def _plain(admin: Record) -> Record:
    return {key: value for key, value in admin.items() if key != "avatar"}


def list_teams(call: Call) -> Record:
    """GET /teams."""
    return {"type": "team.list", "teams": list(call.workspace.teams)}


def show_team(call: Call) -> Record:
    """GET /teams/{id}."""
    return call.one_of(call.workspace.teams, errors.team_not_found)


def list_tags(call: Call) -> Record:
    """GET /tags."""
    return {"type": "list", "data": list(call.workspace.tags)}


def show_tag(call: Call) -> Record:
    """GET /tags/{id}."""
    return call.one_of(call.workspace.tags)


def list_segments(call: Call) -> Record:
    """GET /segments: contact segments, or company segments with the undocumented `type=company`."""
    is_company = call.query.get("type") == "company"
    segments = [each for each in call.workspace.segments if (each["person_type"] == "company") is is_company]
    if call.is_set("include_count"):
        segments = [{**segment, "count": count_members(call, segment)} for segment in segments]
    return {"type": "segment.list", "segments": segments}


def show_segment(call: Call) -> Record:
    """GET /segments/{id}."""
    return call.one_of(call.workspace.segments)


def count_members(call: Call, segment: Record) -> int:
    """How many contacts or companies are in a segment."""
    segment_id = segment["id"]
    if segment["person_type"] == "company":
        lists = (company["segments"]["segments"] for company in call.workspace.companies)
    else:
        lists = (contact["segments"]["data"] for contact in call.workspace.contacts)
    return sum(any(item["id"] == segment_id for item in items) for items in lists)


def list_subscription_types(call: Call) -> Record:
    """GET /subscription_types."""
    return {"type": "list", "data": list(call.workspace.subscription_types)}


def list_data_attributes(call: Call) -> Record:
    """GET /data_attributes: of one model or all, archived ones only when asked for."""
    model = call.query.get("model")
    if model is not None and model not in MODELS:
        raise errors.parameter_invalid(f"model must be one of: {', '.join(MODELS)}")
    has_archived = call.is_set("include_archived")
    attributes = call.workspace.data_attributes
    data = [each for each in attributes if model in {None, each["model"]} and (has_archived or not each["archived"])]
    return {"type": "list", "data": data}

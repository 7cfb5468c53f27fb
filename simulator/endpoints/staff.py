"""The token's owner, admins and teams."""

from simulator.http.call import Call
from simulator.record import Record


def identify(call: Call) -> Record:
    """Answer GET /me: the admin whose token it is (a recorded workspace may have none), and the workspace."""
    first = next(iter(call.workspace.admins), None)
    admin = Record() if first is None else with_avatar(call, first, "object")
    owner: Record = {key: admin[key] for key in ("id", "email", "name", "avatar", "has_inbox_seat") if key in admin}
    return {"type": "admin", **owner, "email_verified": True, "app": call.workspace.app}


def list_admins(call: Call) -> Record:
    """Answer GET /admins: the staff's present teammates; the avatar only when asked for."""
    has_avatar = call.is_set("display_avatar")
    admins = [with_avatar(call, admin, "object") if has_avatar else _plain(admin) for admin in call.workspace.admins]
    return {"type": "admin.list", "admins": admins}


def show_admin(call: Call) -> Record:
    """Answer GET /admins/{id}: here the avatar is usually a text."""
    admin = call.one_of(call.workspace.admins)
    return with_avatar(call, admin, "text")


def with_avatar(call: Call, admin: Record, usual: str) -> Record:
    """Return an admin with the avatar in the knob's form, or in the form that is usual for this endpoint."""
    form = usual if call.options.admin_avatar == "mixed" else call.options.admin_avatar
    avatar = admin.get("avatar")
    return {**admin, "avatar": avatar["image_url"]} if form == "text" and isinstance(avatar, dict) else admin


def _plain(admin: Record) -> Record:
    return {key: value for key, value in admin.items() if key != "avatar"}


def list_teams(call: Call) -> Record:
    """Answer GET /teams."""
    return {"type": "team.list", "teams": list(call.workspace.teams)}


def show_team(call: Call) -> Record:
    """Answer GET /teams/{id}."""
    return call.one_of(call.workspace.teams)

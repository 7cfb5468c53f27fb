"""Changes of admins and teams.

Copies of a name inside other records (the author of a part) stay as they were written:
a rename does not move the records that carry it.
"""

from simulator.changes.scene import Change, Changed, Scene
from simulator.dice import NothingFitsError
from simulator.generate.administration.staff import new_admin
from simulator.generate.words import person_name

FEWEST_ADMINS = 4


def _admin_renamed(scene: Scene) -> Changed:
    admin = scene.admin()
    admin["name"] = person_name(scene.dice)
    return "admins", admin["id"]


def _admin_away(scene: Scene) -> Changed:
    admin = scene.admin()
    admin["away_mode_enabled"] = not admin["away_mode_enabled"]
    return "admins", admin["id"]


def _admin_joined(scene: Scene) -> Changed:
    admin = new_admin(scene.workspace, scene.dice)
    team = scene.any(scene.workspace.teams)
    admin["team_ids"].append(int(team["id"]))
    team["admin_ids"].append(int(admin["id"]))
    scene.workspace.admins.put(admin)
    return "admins", admin["id"]


def _admin_departed(scene: Scene) -> Changed:
    if len(scene.workspace.admins) <= FEWEST_ADMINS:
        raise NothingFitsError
    owner_id = next(iter(scene.workspace.admins))["id"]
    admin = scene.find(scene.workspace.admins, lambda record: record["id"] != owner_id)  # the token's owner stays
    scene.workspace.admins.remove(admin["id"], "deleted")
    number = int(admin["id"])
    for team in scene.workspace.teams:
        team["admin_ids"] = [member for member in team["admin_ids"] if member != number]
        levels = team.get("admin_priority_level", {})
        for level in levels:
            levels[level] = [member for member in levels[level] if member != number]
    return "admins", admin["id"]


def _team_renamed(scene: Scene) -> Changed:
    team = scene.any(scene.workspace.teams)
    team["name"] = f"{team['name'].split(' #')[0]} #{scene.dice.within(1, 99)}"
    return "teams", team["id"]


KINDS: dict[str, tuple[float, Change]] = {
    "admin_renamed": (0.5, _admin_renamed),
    "admin_away": (0.5, _admin_away),
    "admin_joined": (0.5, _admin_joined),
    "admin_departed": (0.5, _admin_departed),
    "team_renamed": (0.5, _team_renamed),
}

"""Changes of the small lists.

Copies of a name inside other records (a tag on a conversation, the author of a part) stay as they were written:
a rename does not move the records that carry it.
"""

from simulator.changes.scene import Change, Changed, Scene
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
    team = scene.workspace.teams.choose(scene.dice)
    admin["team_ids"].append(int(team["id"]))
    team["admin_ids"].append(int(admin["id"]))
    scene.workspace.admins.put(admin)
    return "admins", admin["id"]


def _admin_departed(scene: Scene) -> Changed | None:
    if len(scene.workspace.admins) <= FEWEST_ADMINS:
        return None
    owner_id = next(iter(scene.workspace.admins))["id"]
    admin = scene.find(scene.workspace.admins, lambda record: record["id"] != owner_id)  # the token's owner stays
    if admin is None:
        return None
    scene.workspace.admins.remove(admin["id"], "deleted")
    number = int(admin["id"])
    for team in scene.workspace.teams:
        team["admin_ids"] = [member for member in team["admin_ids"] if member != number]
        levels = team.get("admin_priority_level", {})
        for level in levels:
            levels[level] = [member for member in levels[level] if member != number]
    return "admins", admin["id"]


def _team_renamed(scene: Scene) -> Changed:
    team = scene.workspace.teams.choose(scene.dice)
    team["name"] = f"{team['name'].split(' #')[0]} #{scene.dice.within(1, 99)}"
    return "teams", team["id"]


def _tag_renamed(scene: Scene) -> Changed:
    tag = scene.workspace.tags.choose(scene.dice)
    tag["name"] = f"{tag['name'].split(' v')[0]} v{scene.dice.within(2, 99)}"
    return "tags", tag["id"]


def _tag_created(scene: Scene) -> Changed:
    tag = {"type": "tag", "id": scene.workspace.next_id("tag"), "name": f"new tag {scene.dice.within(1, 9_999)}"}
    scene.workspace.tags.put(tag)
    return "tags", tag["id"]


KINDS: dict[str, tuple[float, Change]] = {
    "admin_renamed": (0.5, _admin_renamed),
    "admin_away": (0.5, _admin_away),
    "admin_joined": (0.5, _admin_joined),
    "admin_departed": (0.5, _admin_departed),
    "team_renamed": (0.5, _team_renamed),
    "tag_renamed": (0.5, _tag_renamed),
    "tag_created": (0.5, _tag_created),
}

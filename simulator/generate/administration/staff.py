"""Teammates, departed teammates, bots and teams."""

from simulator.dice import Dice
from simulator.generate.odd_values import ODD_PEOPLE
from simulator.generate.words import person_name
from simulator.record import Record
from simulator.workspace import Workspace

TEAM_NAMES = ("Support", "Billing", "Tier 2 / Engineering", 'Équipe "France" 🇫🇷 \\')
JOBS = ("Support Agent", "Support Lead", None, "Engineer", "Customer Success Manager")
COUNT_ADMINS = 12
COUNT_DEPARTED = 2
FIRST_ADMIN_ID = 991_267_700
FIRST_TEAM_ID = 5_017_690


def add_staff(workspace: Workspace, dice: Dice) -> None:
    """Generate the staff: twelve teammates in four teams, two more who have left, the Operator and Fin."""
    odd_names = dict(enumerate(ODD_PEOPLE, COUNT_ADMINS + COUNT_DEPARTED - len(ODD_PEOPLE)))
    for position in range(COUNT_ADMINS + COUNT_DEPARTED):
        admin = new_admin(workspace, dice)
        admin["name"] = odd_names.get(position, admin["name"])
        workspace.admins.put(admin)
        if position >= COUNT_ADMINS:
            workspace.admins.remove(admin["id"], "deleted")
    add_bots(workspace)
    for name in TEAM_NAMES:
        workspace.teams.put(_team(workspace, dice, name))


def add_bots(workspace: Workspace) -> None:
    """Add the bots to the staff: the Operator and Fin, numbered like admins but not among them."""
    for name in ("Operator", "Fin"):
        bot_id = workspace.next_id("admin", FIRST_ADMIN_ID)
        email = f"operator+{workspace.workspace_id}@intercom.io"
        workspace.bots.append({"type": "bot", "id": bot_id, "name": name, "email": email})


def new_admin(workspace: Workspace, dice: Dice) -> Record:
    """Return a new member of the staff: a teammate without a team."""
    name = person_name(dice)
    admin_id = workspace.next_id("admin", FIRST_ADMIN_ID)
    return {
        "type": "admin",
        "id": admin_id,
        "name": name,
        "email": f"{name.split()[0].lower()}.{admin_id[-4:]}@example.com",
        "job_title": dice.pick(JOBS),
        "away_mode_enabled": dice.happens(0.2),
        "away_mode_reassign": dice.happens(0.1),
        "has_inbox_seat": dice.happens(0.9),
        "team_ids": [],
        "team_priority_level": {},
        "avatar": {"type": "avatar", "image_url": f"https://static.example.com/avatars/{admin_id}.png"},
    }


def _team(workspace: Workspace, dice: Dice, name: str) -> Record:
    team_id = workspace.next_id("team", FIRST_TEAM_ID)
    members = dice.some(list(workspace.admins), dice.within(0 if name != "Support" else 5, 6))
    for admin in members:
        admin["team_ids"].append(int(team_id))
    team: Record = {
        "type": "team",
        "id": team_id,
        "name": name,
        "admin_ids": [int(admin["id"]) for admin in members],
        "distribution_method": dice.pick(("round_robin", "manual")),
    }
    if dice.happens(0.5):
        team["admin_priority_level"] = {
            "primary_admin_ids": team["admin_ids"][:2],
            "secondary_admin_ids": team["admin_ids"][2:],
        }
        for admin in members[:2]:
            admin["team_priority_level"].setdefault("primary_team_ids", []).append(int(team_id))
        for admin in members[2:]:
            admin["team_priority_level"].setdefault("secondary_team_ids", []).append(int(team_id))
    return team

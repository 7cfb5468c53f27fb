"""Activity logs of admins, whose metadata has another shape for every kind of activity."""

from simulator.dice import Dice
from simulator.generate.rhythm import Rhythm
from simulator.record import Record
from simulator.workspace import Workspace

ACTIVITIES: tuple[tuple[str, Record | None], ...] = (
    ("admin_login_success", {"sign_in_method": "email"}),
    ("admin_away_mode_change", {"away_mode": True, "away_status_reason": "Lunch", "reassign_conversations": False}),
    ("app_name_change", {"before": "Old name", "after": "New name 🚀"}),
    ("message_state_change", {"message": {"id": 123, "title": "Welcome"}, "before": "draft", "after": "live"}),
    ("office_hours_change", {"before": {"mon": [9, 17]}, "after": {"mon": [8, 16], "tue": []}}),
    ("admin_assignment_limit_change", {"update_by": 1, "update_by_name": "Ada", "auto_changed": "false"}),
    ("bulk_export", None),
    ("app_team_membership_modification", {"teams": [{"id": "1", "members": ["2", "3"]}], "source": "api"}),
)


def add_activity_logs(workspace: Workspace, dice: Dice, rhythm: Rhythm, count: int) -> None:
    """Generate `count` activity logs of admins, of the last year."""
    workspace.activity_logs.fill([new_activity_log(workspace, dice, rhythm.moment(dice)) for _ in range(count)])


def new_activity_log(workspace: Workspace, dice: Dice, created_at: int) -> Record:
    """Return one activity log of an admin, who may have left since."""
    activity_type, metadata = dice.pick(ACTIVITIES)
    admin = dice.pick([*workspace.admins, *(record for _, record in workspace.admins.gone.values())])
    return {
        "id": workspace.uuid(dice),
        "performed_by": {
            "type": "admin",
            "id": admin["id"],
            "email": admin["email"],
            "ip": f"192.0.2.{dice.within(1, 254)}",
        },
        "metadata": metadata,
        "created_at": created_at,
        "activity_type": activity_type,
        "activity_description": f"{admin['name']} did {activity_type.replace('_', ' ')}.",
    }

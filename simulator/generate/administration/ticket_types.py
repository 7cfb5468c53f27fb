"""Ticket types with attributes of every data type."""

from simulator.clock import DAY_SECONDS, HOUR_SECONDS
from simulator.dice import Dice
from simulator.record import Record
from simulator.workspace import Workspace

TYPES = (
    ("Bug report", "Customer", "🐞", False),
    ("Refund", "Customer", "💸", False),
    ("Infrastructure task", "Back-office", "🛠️", False),
    ("Outage", "Tracker", "🔥", True),
    ("Old request", "Customer", "🎟️", False),
)
ATTRIBUTES: tuple[tuple[str, str, Record | None], ...] = (
    ("Steps", "string", {"multiline": True}),
    ("Severity", "list", {"list_options": [{"id": "1", "label": "low"}, {"id": "2", "label": "high"}]}),
    ('Affected "users" {{ 7 * 6 }} \\', "integer", None),
    ("Amount", "decimal", None),
    ("severity!", "boolean", None),
    ("Due date", "datetime", None),
    ("\u202e\u05d0\u05d1\u05d2 🔥", "files", None),
)


def add_ticket_types(workspace: Workspace, dice: Dice) -> None:
    """Generate five ticket types of the three categories; the last one is archived."""
    for name, category, icon, is_internal in TYPES:
        created_at = workspace.clock.now() - dice.within(200, 380) * DAY_SECONDS
        type_id = workspace.next_id("ticket_type", 80)
        attributes = [
            _attribute(workspace, type_id, "_default_title_", "string", {"multiline": False}, 0, created_at),
            _attribute(workspace, type_id, "_default_description_", "string", {"multiline": True}, 1, created_at),
        ]
        for order, (label, data_type, choices) in enumerate(dice.some(ATTRIBUTES, 7 if name == "Bug report" else 3)):
            attributes.append(_attribute(workspace, type_id, label, data_type, choices, order + 2, created_at))
        workspace.ticket_types.put(
            {
                "type": "ticket_type",
                "id": type_id,
                "name": name,
                "description": f"{name} template" if not is_internal else None,
                "icon": icon,
                "workspace_id": workspace.workspace_id,
                "archived": name == "Old request",
                "created_at": created_at,
                "updated_at": created_at + HOUR_SECONDS,
                "is_internal": is_internal,
                "ticket_type_attributes": {"type": "list", "data": attributes},
                "category": category,
            }
        )


def _attribute(
    workspace: Workspace, type_id: str, name: str, data_type: str, choices: Record | None, order: int, at: int
) -> Record:
    is_default = name.startswith("_default_")
    return {
        "type": "ticket_type_attribute",
        "id": workspace.next_id("ticket_type_attribute", 260),
        "workspace_id": workspace.workspace_id,
        "name": name,
        "description": "",
        "data_type": data_type,
        "input_options": choices,
        "order": order,
        "required_to_create": False,
        "required_to_create_for_contacts": False,
        "visible_on_create": True,
        "visible_to_contacts": is_default,
        "default": is_default,
        "ticket_type_id": int(type_id),
        "archived": False,
        "created_at": at,
        "updated_at": at,
    }

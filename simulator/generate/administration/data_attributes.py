"""Data attributes of the three models: the built-in ones and the workspace's own."""

from simulator.clock import DAY_SECONDS, HOUR_SECONDS
from simulator.generate.odd_values import ODD_ATTRIBUTES
from simulator.record import Record
from simulator.workspace import Workspace

BUILT_IN = (
    ("contact", "id", "ID", "string"),
    ("contact", "name", "Name", "string"),
    ("contact", "email", "Email", "string"),
    ("contact", "signed_up_at", "Signed up", "date"),
    ("contact", "location_data.city_name", "City", "string"),
    ("company", "name", "Company name", "string"),
    ("company", "plan.name", "Plan", "string"),
    ("company", "monthly_spend", "Monthly Spend", "float"),
    ("company", "user_count", "People", "integer"),
    ("conversation", "priority", "Priority", "string"),
)
CUSTOM: tuple[tuple[str, str, str, tuple[str, ...] | None], ...] = (
    ("contact", "plan", "string", None),
    ("contact", "Plan", "string", None),
    ("contact", "Account Number", "string", None),
    ("contact", "lifetime value", "float", None),
    ("contact", "trial_ends_at", "date", None),
    ("contact", "is_admin", "boolean", None),
    ("contact", "seats", "integer", None),
    ("contact", "old field", "string", None),
    ("company", "region", "string", ("EMEA", "AMER", "APAC")),
    ("company", "Employees", "integer", None),
    ("company", "contract ends", "date", None),
    ("conversation", "Issue type", "string", ("Billing", "Bug", "How to", "Other")),
    ("conversation", "issue_type", "string", None),
    ("conversation", "order_total", "float", None),
    ("conversation", "AI Title", "string", None),
    ("conversation", "is_escalated", "boolean", None),
    *(("contact", name, data_type, None) for name, data_type in ODD_ATTRIBUTES),
)


def add_data_attributes(workspace: Workspace) -> None:
    """Generate data attributes: built-in ones carry no id, times or author; one custom attribute is archived."""
    workspace.data_attributes = [_built_in(*attribute) for attribute in BUILT_IN]
    admins = list(workspace.admins)
    created_at = workspace.clock.now() - 300 * DAY_SECONDS
    for position, (model, name, data_type, choices) in enumerate(CUSTOM):
        attribute = _shape(model, name, name.capitalize(), data_type, is_custom=True)
        attribute["id"] = int(workspace.next_id("data_attribute", 12_000_000))
        attribute["archived"] = name == "old field"
        attribute["created_at"] = created_at + position * HOUR_SECONDS
        attribute["updated_at"] = attribute["created_at"]
        attribute["admin_id"] = admins[position % len(admins)]["id"]
        if choices:
            attribute["options"] = list(choices)
        workspace.data_attributes.append(attribute)


def _built_in(model: str, full_name: str, label: str, data_type: str) -> Record:
    return _shape(model, full_name, label, data_type, is_custom=False)


def _shape(model: str, full_name: str, label: str, data_type: str, *, is_custom: bool) -> Record:
    is_attribute = is_custom and model != "conversation"
    return {
        "type": "data_attribute",
        "model": model,
        "name": full_name.rsplit(".", maxsplit=1)[-1],
        "full_name": f"custom_attributes.{full_name}" if is_attribute else full_name,
        "label": label,
        "description": "" if is_custom else f"{label} of the {model}",
        "data_type": data_type,
        "api_writable": is_custom,
        "messenger_writable": is_custom,
        "ui_writable": is_custom,
        "custom": is_custom,
        "archived": False,
    }

"""What people write and nobody expects: names that are code elsewhere, texts of fonts and of broken halves."""

from simulator.record import Record

ODD_ATTRIBUTES = (
    ("ends in \\", "string"),
    ('$"budget', "float"),
    ("{{ 7 * 6 }}", "string"),
    ("{% raw %}", "string"),
    ("contact_id", "string"),
    ("attribute", "string"),
    ("100% 'sure' -- really", "boolean"),
    ("客户", "string"),
    ("tier", "string"),
    ("tier", "integer"),  # two live ones of one name
    ("desks", "integer"),
)


def odd_attributes(created_at: int) -> Record:
    """Return values for the odd attributes of the tenth contact or so; `created_at` makes them differ."""
    if created_at % 10:
        return {}
    desks: int | str = "about 30" if created_at % 20 else 30
    values = {name: f"{name} {created_at % 100}" for name, data_type in ODD_ATTRIBUTES if data_type == "string"}
    return values | {'$"budget': 12.5, "100% 'sure' -- really": True, "tier": created_at % 3, "desks": desks}

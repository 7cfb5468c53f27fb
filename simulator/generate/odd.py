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

# The first characters are of symbol fonts, which mails are full of; some loaders take them for marks of their own.
ODD_TEXTS = (
    "\uf02a12ab",
    "\uf0282026-01-01",
    "\uf0261.5",
    "\ufdd0 no character",
    "two\u2028lines\u0085",
    "\ufeffbegins",
)


def odd_attributes(created_at: int) -> Record:
    """Return values for the odd attributes of the tenth contact or so; `created_at` makes them differ."""
    if created_at % 10:
        return {}
    desks: int | str = "about 30" if created_at % 20 else 30
    values: Record = {name: f"{name} {created_at % 100}" for name, data_type in ODD_ATTRIBUTES if data_type == "string"}
    values |= {"ends in \\": ODD_TEXTS[created_at // 10 % len(ODD_TEXTS)], "attribute": list(ODD_TEXTS)}
    return values | {'$"budget': 12.5, "100% 'sure' -- really": True, "tier": created_at % 3, "desks": desks}

"""Unexpected values: names that are code elsewhere, characters of symbol fonts, marks that turn a text."""

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
    ("Tier!", "string"),  # and one that becomes the same in SQL
    ("\u202e\u05d0\u05d1\u05d2 🔥", "string"),
    ("a name that is longer than the sixty-three bytes which PostgreSQL has for one", "string"),
    ("desks", "integer"),
)

# The first characters are from symbol fonts, which are common in mails; some loaders use them as markers.
ODD_TEXTS = (
    "\uf02a12ab",
    "\uf0282026-01-01",
    "\uf0261.5",
    "\ufdd0 no character",
    "two\u2028lines\u0085",
    "\ufeffbegins",
)

ODD_NAMES = (
    "ends in \\",
    '$"x',
    "{{ 7 * 6 }}",
    'it\'s "quoted"',
    "'; drop table tags; --",
    "\u202e\u05d0\u05d1\u05d2",
    "👩\u200d🚀 astronauts",
    "a,b;c\td",
    "NULL",
    "a name that is longer than the sixty-three bytes which PostgreSQL has for one",
)

BLANK_NAME = "   "
LONG_NAME = "A name that nobody shortens. " * 173  # 5,017 characters
# Names of the last teammates; two of them have left.
ODD_PEOPLE = ('Rob "the Rock" O\'Brien \\', "\u202e\u05d0\u05d1\u05d2 🔥\u202c", "\uf02a12ab", BLANK_NAME)


def odd_attributes(created_at: int) -> Record:
    """Return values for the odd attributes of about every tenth contact; `created_at` makes them differ."""
    if created_at % 10:
        return {}
    desks: int | str = "about 30" if created_at % 20 else 30
    values: Record = {name: f"{name} {created_at % 100}" for name, data_type in ODD_ATTRIBUTES if data_type == "string"}
    values |= {"ends in \\": ODD_TEXTS[created_at // 10 % len(ODD_TEXTS)], "attribute": list(ODD_TEXTS)}
    return values | {'$"budget': 12.5, "100% 'sure' -- really": True, "tier": created_at % 3, "desks": desks}


def odd_fields(created_at: int) -> Record:
    """Return odd fields that no version of the API has, for every fifth record or so: a later version may add any.

    They have names of columns that loaders add, names that are equal in SQL, and values whose type differs from record
    to record.
    """
    if created_at % 5:
        return {}
    turned = (created_at, f"at {created_at}", {"at": {"second": created_at}}, [created_at], True, 0.5)
    return {
        "_dlt_id": "not dlt's",
        "_is_removed": True,
        "further_fields": ["further"],
        "select": 1,
        "Score": 1,
        "score": 2,
        "score!": 3,
        "🔥": "hot",
        '$"x': ODD_TEXTS[0],
        "turns": turned[created_at // 5 % len(turned)],
    }


def odd_object(created_at: int) -> Record:
    """Return the odd attribute of about every seventh conversation, whose value is a list of custom objects."""
    if created_at % 7:
        return {}
    order = {"id": str(created_at), "external_id": f"#{created_at}", "type": "Order", "custom_attributes": {"Sum": 9.5}}
    return {"Orders {{ 7 * 6 }}": {"type": "Order.list", "instances": [order]}}

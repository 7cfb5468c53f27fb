"""Names and texts as they are written in statements of standard SQL: also those of others, whatever is in them."""


def identifier(name: str) -> str:
    """Return a name in quotation marks."""
    return '"' + name.replace('"', '""') + '"'


def string_literal(text: str) -> str:
    """Return a text in quotation marks."""
    return "'" + text.replace("'", "''") + "'"

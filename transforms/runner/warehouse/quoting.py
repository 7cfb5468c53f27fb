"""Names and texts as they are written in statements of standard SQL: also those of others, whatever is in them."""


def identifier(name: str) -> str:
    """Quote a name for a statement, in double quotation marks."""
    return '"' + name.replace('"', '""') + '"'


def string_literal(text: str) -> str:
    """Quote a text for a statement, in single quotation marks."""
    return "'" + text.replace("'", "''") + "'"

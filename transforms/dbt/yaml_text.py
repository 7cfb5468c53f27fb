"""Texts of anybody's in dbt's files: what dbt reads there is the text, whatever is in it."""

import json
import re

LARGEST_SHORT_ESCAPE = 0xFFFF
JINJA = re.compile(r"\{(?=[{%#\r])")  # what begins an expression, a statement or a comment of dbt's


def plain(text: str) -> str:
    """Return a text of which dbt's Jinja makes this text again, whatever names it holds."""
    # Jinja makes a line feed of a carriage return, as Python does where it reads a file.
    return JINJA.sub("{{ '{' }}", text).replace("\r", "{{ '\\r' }}")


def yaml_text(value: str | int) -> str:
    """Return a text as YAML's double-quoted one, of which dbt makes this text again; a number as it is."""
    if isinstance(value, int):
        return str(value)
    # JSON's escapes are YAML's; above U+FFFF, and of what YAML forbids to be there bare, YAML has its own.
    quoted = json.dumps(plain(value), ensure_ascii=False)
    return "".join(each if each.isprintable() else _escape(ord(each)) for each in quoted)


def _escape(code_point: int) -> str:
    return f"\\u{code_point:04x}" if code_point <= LARGEST_SHORT_ESCAPE else f"\\U{code_point:08x}"

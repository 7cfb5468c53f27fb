"""Writes arbitrary texts into dbt's files, so that dbt reads the same text whatever it contains."""

import json
import re

LARGEST_SHORT_ESCAPE = 0xFFFF
JINJA = re.compile(r"\{(?=[{%#\r])")  # the beginnings of dbt's expressions, statements and comments


def plain(text: str) -> str:
    """Return a text for dbt's files of which its Jinja makes this text again, whatever names it holds."""
    # Jinja turns a carriage return into a line feed, as Python does when it reads a file.
    return JINJA.sub("{{ '{' }}", text).replace("\r", "{{ '\\r' }}")


def yaml_text(value: str | int) -> str:
    """Return a text as YAML's double-quoted one, of which dbt makes this text again; a number as it is."""
    if isinstance(value, int):
        return str(value)
    # JSON's escapes are valid in YAML, except above U+FFFF and for characters that YAML forbids unescaped.
    quoted = json.dumps(plain(value), ensure_ascii=False)
    return "".join(each if each.isprintable() else _escape(ord(each)) for each in quoted)


def _escape(code_point: int) -> str:
    return f"\\u{code_point:04x}" if code_point <= LARGEST_SHORT_ESCAPE else f"\\U{code_point:08x}"

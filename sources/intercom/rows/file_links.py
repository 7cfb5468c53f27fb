"""Links to files, which Intercom signs anew in every answer: which part of them is compared.

Source of the rule: API reference, "File" ("a temporary URL and will expire after 30 minutes"). A link is loaded as it
was given; it says nothing about whether a record has changed.
"""

import re
from typing import Any

_MARKS = ("ignature=", "xpires=")
_SIGNED_QUERY = re.compile(r"\?([^\s\"'<>?#]*?\b(?:signature|expires)=[^\s\"'<>?#]*)", re.IGNORECASE)
_BETWEEN = re.compile(r"(&amp;|&)")
_SIGNING = frozenset({"expires", "signature", "req"})
_SIGNING_PREFIX = "x-amz-"
_MOST_LEVELS = 254  # what is nested deeper is not loaded (see `validation.is_too_deep`)


def without_signatures(value: Any, levels: int = _MOST_LEVELS) -> Any:
    """Return a JSON value or text with every link to a file in a form that is the same in all answers.

    The `url` of an upload has no query then, and a link in another text, such as that of a picture in a message, has
    none of the parameters by which links are signed; what else it asks for says where it leads. Nothing becomes empty.
    What is nested in more than so many `levels` stays as it is.
    """
    if isinstance(value, str):
        return (_SIGNED_QUERY.sub(_unsigned, value) or value) if any(mark in value for mark in _MARKS) else value
    if not levels:
        return value
    if isinstance(value, list):
        return [without_signatures(item, levels - 1) for item in value]
    if isinstance(value, dict):
        plain = {name: without_signatures(item, levels - 1) for name, item in value.items()}
        if plain.get("type") == "upload" and isinstance(plain.get("url"), str):
            plain["url"] = re.split("[?#]", plain["url"], maxsplit=1)[0]
        return plain
    return value


def _unsigned(query: re.Match[str]) -> str:
    first, *others = _BETWEEN.split(query[1])
    pairs = [("", first), *zip(others[::2], others[1::2], strict=True)]
    kept = [(mark, parameter) for mark, parameter in pairs if not _is_signing(parameter)]
    if len(kept) == len(pairs):
        return query[0]
    text = "".join(mark + parameter for mark, parameter in kept)
    return f"?{text[len(kept[0][0]) :]}" if kept else ""


def _is_signing(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _SIGNING or name.startswith(_SIGNING_PREFIX)


def has_links(content: bytes) -> bool:
    """Return True if JSON may have links that `without_signatures` changes."""
    return b'"upload"' in content or any(mark.encode() in content for mark in _MARKS)

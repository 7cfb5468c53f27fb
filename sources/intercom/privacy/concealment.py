"""How a protected value is concealed: left out, replaced by a fixed text, or hashed.

`leave_out`, `redact` and a `hashing` function are the three concealments; `inside` applies one of them to keys of a
JSON value.
"""

import hmac
import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ..rows.file_links import without_signatures
from .personal_columns import FORGOTTEN

REDACTED = "[redacted]"
HASH_PREFIX = "hmac:"
HASHED = re.compile(HASH_PREFIX + "[0-9a-f]{64}")

Conceal = Callable[[Any], Any]


def is_hashed(text: str) -> bool:
    """Return True if a text is what `hashing` conceals a value by, which is never hashed again."""
    return HASHED.fullmatch(text) is not None


def leave_out(value: Any) -> None:
    """Conceal a value by dropping it: its column is null."""


def redact(value: Any) -> Any:
    """Conceal a value by `[redacted]`, at every leaf of a JSON value; empty ones stay empty."""
    return _leaves(value, lambda _: REDACTED)


def hashing(hash_key: str) -> Conceal:
    """Return a function that conceals values by HMAC-SHA-256 with `hash_key`, at every leaf of a JSON value.

    Equal values give equal hashes in every column. Blanks around a value do not count, nor does the case of an e-mail
    address: Intercom and the tables it is joined with write the same address differently. Nor does the signature of a
    link to a file, which is another one in every answer.
    """
    key = hash_key.encode()

    def hashed(value: Any) -> str:
        text = (str(value).lower() if isinstance(value, bool) else str(value)).strip()
        if is_hashed(text):
            return text
        folded = text.lower() if "@" in text else text
        return HASH_PREFIX + hmac.digest(key, folded.encode(), "sha256").hex()

    return lambda value: _leaves(without_signatures(value), hashed)


def inside(keys: Sequence[str], conceal: Conceal) -> Conceal:
    """Return a function that conceals by `conceal` the values under `keys` (patterns, one a level) of a JSON value.

    Items of lists do not count as a level. A key may itself hold dots.
    """

    def concealed(value: Any) -> Any:
        if isinstance(value, list):
            return [concealed(item) for item in value]
        if not isinstance(value, dict):
            return value
        pairs = ((name, _inner(name, item)) for name, item in value.items())
        return {name: item for name, item in pairs if item is not None or value[name] is None}

    def _inner(name: str, item: Any) -> Any:
        for depth in range(1, len(keys) + 1):
            if fnmatchcase(name.casefold(), ".".join(keys[:depth]).casefold()):
                item = inside(keys[depth:], conceal)(item) if depth < len(keys) else conceal(item)
        return item

    return concealed


def _leaves(value: Any, conceal: Conceal) -> Any:
    if isinstance(value, dict):
        return {name: _leaves(item, conceal) for name, item in value.items()}
    if isinstance(value, list):
        return [_leaves(item, conceal) for item in value]
    # What stands for a forgotten person's text stays: an erasure writes the same over what is loaded.
    return value if value in (None, "", FORGOTTEN) else conceal(value)

"""From the bytes of an answer to JSON: a value that cannot be represented does not spoil the whole answer."""

import codecs
import json
import math
import re
from typing import Any

import orjson

from .nul import without_nul

LONGEST_INTEGER = len(str(-(2**63)))  # orjson's integers are no longer
MOST_LEVELS = 400  # nested lists and objects; no decoder accepts many more, and no column as many
# orjson turns an integer beyond 64 bits into an inexact float; it has so many digits, and is rare anywhere but in a
# string: not behind a quotation mark, but behind a character that may precede a number.
_DIGITS_AND_BEFORE = bytes.maketrans(b"123456789[, \t\r\n", b"000000000::::::")
_MANY_DIGITS = (b"-" + b"0" * 19, b":" + b"0" * 20)
_LONG_INTEGER = re.compile(rb"[\[:,]\s*(?:-\d{19}|\d{20})")
_ESCAPED_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_TEXT = r'"(?:[^"\\]|\\.)*+"'
_TOKEN = re.compile(rf"{_TEXT}|[\[\]{{}}]", re.DOTALL)
_LAST_COMMA = re.compile(rf"{_TEXT}|[\[{{,]\s*,|,(?=\s*[\]}}])", re.DOTALL)
_AROUND = "\0\ufeff" + "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


def decoded(content: bytes) -> Any:
    """Decode the JSON of an answer, or return None.

    NUL, which no warehouse but DuckDB can hold, becomes U+FFFD.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    if rb"\u0000" in content:
        content = _ESCAPED_NUL.sub(rb"\1\\ufffd", content)
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError:
        return _odd_json(content)
    return _odd_json(content) if _has_long_integer(content) else data


def _has_long_integer(content: bytes) -> bool:
    """Return True if JSON may have an integer that decoding by orjson made inexact; the quick look first."""
    outline = content.translate(_DIGITS_AND_BEFORE)
    return any(many in outline for many in _MANY_DIGITS) and _LONG_INTEGER.search(content) is not None


def _odd_json(content: bytes) -> Any:
    """Decode JSON that orjson rejects or makes inexact, or return None.

    It accepts lone surrogates (left by cutting an emoji), numbers that no column holds (they become text), unescaped
    control characters, trailing commas, and NUL or any white space around the whole. Values that are nested too deep to
    be decoded are left out, but deep enough that their record is still recognized as too deep.
    """
    try:
        text = content.decode(json.detect_encoding(content), "replace").strip(_AROUND)
        data = json.loads(
            _cut(_without_last_commas(without_nul(text))),
            strict=False,
            parse_constant=lambda name: None,
            parse_float=_float_or_text,
            parse_int=_integer_or_text,
        )
        whole = json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return orjson.loads(_ESCAPED_NUL.sub(rb"\1\\ufffd", whole.encode()))
    except (ValueError, RecursionError):
        return None


def _without_last_commas(text: str) -> str:
    return _LAST_COMMA.sub(lambda found: "" if found[0] == "," else found[0], text)


def _cut(text: str) -> str:
    """Return decoded JSON without values that are nested in more than MOST_LEVELS lists and objects."""
    kept: list[str] = []
    level = begin = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            level += 1
            if level == MOST_LEVELS + 1:
                kept.append(text[begin : token.start()])
        elif token[0] in "]}":
            if level == MOST_LEVELS + 1:
                kept.append("null")
                begin = token.end()
            level -= 1
    return "".join(kept) + text[begin:] if kept else text


def _float_or_text(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits


def _integer_or_text(digits: str) -> int | str:
    if len(digits) > LONGEST_INTEGER:
        return digits
    value = int(digits)
    return value if -(2**63) <= value < 2**64 else digits

"""From the bytes of an answer to JSON: one value that nothing holds spoils itself and not the whole answer."""

import codecs
import json
import math
import re
from typing import Any

import orjson

DIGITS_OF_INTEGERS = 18  # of a bigint, with a sign
MOST_LEVELS = 400  # of lists and objects in each other; no decoder takes much more, and no column as many
_ESCAPED_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)


def decoded(content: bytes) -> Any:
    """Return the JSON of an answer, None where it is none.

    NUL, which no warehouse but DuckDB holds, becomes U+FFFD.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    if rb"\u0000" in content:
        content = _ESCAPED_NUL.sub(rb"\1\\ufffd", content)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _odd_json(content)


def _odd_json(content: bytes) -> Any:
    """Half a character is a lone surrogate, as left by cutting an emoji; a number that no column holds becomes text.

    What is nested deeper than can be decoded is left out, so far in that its record is still recognized as too deep.
    """
    try:
        encoding = json.detect_encoding(content)
        data = json.loads(
            _cut(content.decode(encoding, "replace")),
            parse_constant=lambda name: None,
            parse_float=_float_or_text,
            parse_int=_integer_or_text,
        )
        whole = json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return orjson.loads(whole)
    except (ValueError, RecursionError):
        return None


def _cut(text: str) -> str:
    """Return JSON without what is inside of more than MOST_LEVELS lists and objects."""
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
    return int(digits) if len(digits) <= DIGITS_OF_INTEGERS else digits

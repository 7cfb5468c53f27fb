"""Texts of others as they may be shown: without secrets, people's addresses, and what moves a terminal."""

import json
import re
from urllib.parse import quote, unquote

MASK = "***"
SHORTEST_SECRET = 6  # characters; what is shorter would be found in every other word
PREFIX = 8  # characters by which a secret is known that was cut or changed at its end
_secrets: set[str] = set()

# A password may hold signs that belong escaped there; a port is none.
_BEFORE_HOST = re.compile(r"(?<=://)(?:[^/\s'\"]*|[^/\s:'\"]*:(?!\d+[/\s])[^\s'\"]*)@")
_NAMED = re.compile(
    r"""(?ix) \b( (?:\w*(?:password|passwd|pwd|secret|token|api_?key|access_?key|hash_?key|authorization)) ["']?
    \s* [=:] \s* (?:bearer\s+|basic\s+)? ["']? ) (?!\*\*\*) [^\s"'&,;})]{3,} | (?<=\bbearer\s) [\w.~+/=-]{8,}"""
)
_ADDRESS = re.compile(r"[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# Control characters but for line feed and tabulator, marks that turn the direction of writing, line separators, halves
# of characters, and what takes no room at all.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
    "|[\U000e0000-\U000e007f]"
)


def keep_secret(value: str) -> None:
    """Let no message show this value from now on, whoever says it."""
    if len(value.strip()) >= SHORTEST_SECRET:
        _secrets.add(value.strip())


def masked(text: str) -> str:
    """Return the text without passwords in addresses, tokens, and e-mail addresses of people."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = _without(text, secret)
    text = _BEFORE_HOST.sub(f"{MASK}@", text)
    text = _NAMED.sub(lambda found: f"{found[1] or ''}{MASK}", text)
    return _ADDRESS.sub(f"{MASK}@{MASK}", text)


def harmless(text: str) -> str:
    """Return the text with a visible sign in the place of each character that could move a terminal or hide a word."""
    return _HARMFUL.sub(_sign, text)


def safe_json(line: str) -> str:
    """Return JSON that says the same, with these characters escaped."""
    return _HARMFUL.sub(lambda found: json.dumps(found[0])[1:-1], line)


def safe_line(text: str) -> str:
    """Return a text of others as a part of one line."""
    return harmless(masked(" ".join(text.split())))


def _without(text: str, secret: str) -> str:
    for written in {secret, quote(secret, safe=""), quote(secret), unquote(secret)}:
        begin = re.escape(written[:PREFIX])
        end = r"[^\s\"'&,;<>@]*" if len(written) > PREFIX else ""
        text = re.sub(re.escape(written) + "|" + begin + end, MASK, text, flags=re.IGNORECASE)
    return text


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:  # noqa: PLR2004 - Unicode has a picture of each of these
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"  # noqa: PLR2004 - DELETE has one, too

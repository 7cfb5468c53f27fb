"""Makes texts from others safe to show: without secrets, e-mail addresses of people, and terminal controls."""

import html
import json
import re
from base64 import b64encode
from urllib.parse import quote, quote_plus, unquote

MASK = "***"
SHORTEST_SECRET = 6  # characters; a shorter secret would be found in ordinary words
PREFIX = 8  # characters by which a secret is known that was cut or changed at its end
PIECE = 12  # characters by which any part of a secret is known
_REST = r"[^\s\"'&,;<>@]"
_secrets: set[str] = set()

# A password may hold characters that should be escaped there; a port is not one.
_BEFORE_HOST = re.compile(r"(?<=://)(?:[^/\s'\"]*|[^/\s:'\"]*:(?!\d+[/\s])[^\s'\"]{0,1000})@")
# A quoted value ends at the closing quote. Short names count only before an equals sign. The code of Intercom's error
# is no name, but what explains it follows: `answered 401 missing_authorization: Token Invalid`.
_NAMED = re.compile(
    r"""(?ix) ( \b (?! (?<=\banswered\ \d{3}\ ) \w+:\ )
        (?: \w*(?:password|passwd|passphrase|pwd|secret|token|credentials|signature|authorization
            |(?:api|access|private|hash|account)_?key) ["']? \s* [=:] | (?:pass|auth|sig|sas) ["']? \s* = )
        \s* (?:bearer\s+|basic\s+)? ) (?!["']?\*\*\*)
        ( "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | ["']? [^\s"'&,;})]+ (?:'[^\s"'&,;})]+)? )
    | (?<=\bbearer\s) [\w.~+/=-]{8,} | (?<=\bbasic\s) [\w+/=-]{8,}"""
)
_DOMAIN = r"(?: [\w-]+(?:\.[\w-]+)* | \[[\d.:a-f]+\] )"
_AT = r"(?:@|\uff20|%(?:25)*40|\\u0040|&\#(?:64|x40);)"
# What begins only where no such character is before it takes no time with its square; then an address that follows
# another one without a space has to be a part of that.
_ADDRESS = re.compile(
    rf"""(?ix) (?: (?<![\w.!$#+%^{{}}|~-]) (?<!\w') (?:[\w.!$#+%^{{}}|~-] | (?<=\w)'(?=\w))+ | "[^"\n]+" )
        {_AT} {_DOMAIN} (?: [\w.!$#+%^{{}}|~'-]+ {_AT} {_DOMAIN} )*"""
)
# Control characters but for line feed and tabulator, marks that turn the direction of writing, line separators, halves
# of characters, and what takes no room at all.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
    "|[\U000e0000-\U000e007f]"
)


def keep_secret(value: str) -> None:
    """Mask this secret in every later text."""
    if len(value.strip()) >= SHORTEST_SECRET:
        _secrets.add(value.strip())


def masked(text: str) -> str:
    """Return the text with what is secret masked: passwords in addresses, tokens, and e-mail addresses of people."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = _without(text, secret)
    text = _BEFORE_HOST.sub(f"{MASK}@", text)
    text = _NAMED.sub(lambda found: f"{found[1] or ''}{_quoted(found[2])}", text)
    return _ADDRESS.sub(f"{MASK}@{MASK}", text)


def harmless(text: str) -> str:
    """Return the text made safe: a visible sign for each character that could control a terminal or hide a word."""
    return _HARMFUL.sub(_sign, text)


def safe_json(line: str) -> str:
    """Return JSON made safe: it says the same, with characters escaped that could control a terminal."""
    return _HARMFUL.sub(lambda found: json.dumps(found[0])[1:-1], line)


def safe_line(text: str) -> str:
    """Return a text from others made safe, as a part of one line."""
    return harmless(masked(" ".join(text.split())))


def _without(text: str, secret: str) -> str:
    """Return the text without a secret: however it is escaped, cut at either end, or changed at its end."""
    forms = sorted(_written(secret), key=len, reverse=True)
    text = re.sub("|".join(map(re.escape, forms)), MASK, text, flags=re.IGNORECASE)
    for written in forms:
        begin = rf"{re.escape(written[:PREFIX])}{_REST}*" if len(written) > PREFIX else ""
        pieces = {written[at : at + PIECE] for at in range(len(written) - PIECE + 1)}
        inside = [rf"(?:{'|'.join(map(re.escape, pieces))}){_REST}*"] if _any_in(text, pieces) else []
        if found := "|".join(filter(None, [begin, *inside])):
            text = re.sub(found, MASK, text, flags=re.IGNORECASE)
    return text


def _any_in(text: str, pieces: set[str]) -> bool:
    small = text.lower()
    return any(piece.lower() in small for piece in pieces)


def _written(secret: str) -> set[str]:
    """Return the secret as a text may have it: in addresses, JSON, HTML and headers."""
    escaped = {quote(secret, safe=""), quote(secret), quote_plus(secret), unquote(secret)}
    escaped |= {quote(one, safe="") for one in escaped} | {html.escape(secret)}
    escaped |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    # Whatever is before it, one of three beginnings has the secret whole; the last signs depend on what follows.
    encoded = {b64encode(b" " * before + secret.encode()).decode() for before in range(3)}
    return {secret, *escaped} | {one[4:-4] for one in encoded if len(one) >= PIECE + 8}


def _quoted(value: str | None) -> str:
    """Return the mask of a secret in the quotes of the value; one that is opened before it stays as it is."""
    quote = value[0] if value and value[0] in "\"'" else ""
    return f"{quote}{MASK}{quote if quote and value and len(value) > 1 and value.endswith(quote) else ''}"


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:  # noqa: PLR2004 - Unicode has a picture of each of these
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"  # noqa: PLR2004 - DELETE has one, too

"""What breaks on the way of an answer, in words that quote nothing of the answer.

Broken            the answer is not whole, or not HTTP
  Unanswered      there was none, or not in time
  TooSlow         its beginning took too long, however steadily it dripped
"""

import os
from collections.abc import Iterator

import aiohttp
from aiohttp.http_exceptions import BadStatusLine, HttpProcessingError, LineTooLong


class Broken(Exception):
    """An answer that is not whole, or not HTTP; the message is the reason."""


class Unanswered(Broken):
    """Nobody is there, or nobody answers in time."""


class TooSlow(Broken):
    """An answer whose headers and beginning took too long, however steadily they dripped."""


# All that aiohttp may raise for an answer, however broken: its own errors, its parser's, the operating system's, and
# those of texts, which a status line may be none of.
BREAKAGES = (aiohttp.ClientError, HttpProcessingError, OSError, UnicodeError)
BROKEN_OFF = "the answer broke off before its end"
NO_HTTP = "the answer is not HTTP, or is longer than it says"
TLS = "the answer is TLS, so base_url has to begin with https"
TOO_LONG = "a line of the answer's headers is too long"
_OF_CHUNKS = "the answer's body is not divided into chunks as HTTP requires"
_RULES = (
    ("chunk", _OF_CHUNKS),
    ("transfer", _OF_CHUNKS),
    ("content-length", "the answer's Content-Length is wrong, or given twice"),
    ("header", "the answer's headers are malformed, or there are too many"),
)
_OTHER_RULE = "the answer breaks the rules of HTTP"
_BY_CLASS: tuple[tuple[type[Exception], type[Broken], str], ...] = (
    (aiohttp.ConnectionTimeoutError, Unanswered, "no connection in time"),
    (aiohttp.ServerTimeoutError, Unanswered, "no answer in time"),
    (aiohttp.ServerDisconnectedError, Broken, "the server closed the connection without an answer"),
    (aiohttp.ClientPayloadError, Broken, BROKEN_OFF),
    (aiohttp.InvalidURL, Unanswered, "not an address of HTTP"),
    (aiohttp.NonHttpUrlClientError, Unanswered, "not an address of HTTP"),
)


def described(error: Exception) -> Broken:
    """Return what to say of a breakage.

    aiohttp's messages quote the answer (a person's data, in a body without headers). So only the class of an error is
    looked at, and which rule of HTTP its parser names.
    """
    chain = list(_chain(error))
    for cause in reversed(chain):
        if isinstance(cause, HttpProcessingError):
            return _of_parser(cause)
    for cause in chain:
        if isinstance(cause, aiohttp.ClientError):
            return _of_aiohttp(cause)
    if isinstance(error, OSError):
        return Broken(_of_system(error))
    return Broken(_OTHER_RULE)


def _of_parser(error: HttpProcessingError) -> Broken:
    name, _, _ = error.message.partition(":")
    if name.startswith("Not enough data"):
        return Broken(BROKEN_OFF)
    if isinstance(error, LineTooLong):
        return Broken(TOO_LONG)
    if isinstance(error, BadStatusLine):
        is_tls = any(begin in error.message for begin in (r"b'\x15\x03", r"b'\x16\x03"))
        return Broken(TLS if is_tls else NO_HTTP)
    rules = (rule for word, rule in _RULES if word in f"{type(error).__name__} {name}".lower())
    return Broken(next(rules, _OTHER_RULE))


def _of_aiohttp(error: aiohttp.ClientError) -> Broken:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return Unanswered(f"the proxy answered {error.status}")
    if isinstance(error, aiohttp.ClientConnectorError):
        return Unanswered(str(error))  # said by this side, before anything was answered
    for kind, broken, words in _BY_CLASS:
        if isinstance(error, kind):
            return broken(words)
    if isinstance(error, OSError):
        return Broken(_of_system(error))
    return Broken(_OTHER_RULE)


def _of_system(error: OSError) -> str:
    return "the connection broke" + (f": {os.strerror(error.errno)}" if error.errno else "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

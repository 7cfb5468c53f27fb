"""What breaks on the way of an answer, in httpx's errors and in words that quote nothing of the answer."""

import os
from collections.abc import Iterator

import aiohttp
import httpx
from aiohttp.http_exceptions import BadStatusLine, HttpProcessingError, LineTooLong

# All that the transport may raise for an answer, however broken: httpx's own errors, aiohttp's, its parser's, the
# operating system's, and those of texts, which a status line may be none of.
BREAKAGES = (httpx.RequestError, aiohttp.ClientError, HttpProcessingError, OSError, UnicodeError)
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
_BY_CLASS: tuple[tuple[type[Exception], type[httpx.TransportError], str], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout, "no connection in time"),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout, "no answer in time"),
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError, "the server closed the connection without an answer"),
    (aiohttp.ClientPayloadError, httpx.ReadError, BROKEN_OFF),
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol, "not an address of HTTP"),
    (aiohttp.NonHttpUrlClientError, httpx.UnsupportedProtocol, "not an address of HTTP"),
)


def described(error: Exception) -> httpx.RequestError:
    """Return the httpx error of a breakage.

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
    if isinstance(error, httpx.RequestError):
        return error
    if isinstance(error, OSError):
        return httpx.ReadError(_of_system(error))
    return httpx.RemoteProtocolError(_OTHER_RULE)


def _of_parser(error: HttpProcessingError) -> httpx.TransportError:
    name, _, _ = error.message.partition(":")
    if name.startswith("Not enough data"):
        return httpx.ReadError(BROKEN_OFF)
    if isinstance(error, LineTooLong):
        return httpx.RemoteProtocolError(TOO_LONG)
    if isinstance(error, BadStatusLine):
        is_tls = any(begin in error.message for begin in (r"b'\x15\x03", r"b'\x16\x03"))
        return httpx.RemoteProtocolError(TLS if is_tls else NO_HTTP)
    rules = (rule for word, rule in _RULES if word in f"{type(error).__name__} {name}".lower())
    return httpx.RemoteProtocolError(next(rules, _OTHER_RULE))


def _of_aiohttp(error: aiohttp.ClientError) -> httpx.TransportError:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return httpx.ProxyError(f"the proxy answered {error.status}")
    if isinstance(error, aiohttp.ClientConnectorError):
        return httpx.ConnectError(str(error))  # said by this side, before anything was answered
    for kind, to, words in _BY_CLASS:
        if isinstance(error, kind):
            return to(words)
    if isinstance(error, OSError):
        return httpx.ReadError(_of_system(error))
    return httpx.RemoteProtocolError(_OTHER_RULE)


def _of_system(error: OSError) -> str:
    return "the connection broke" + (f": {os.strerror(error.errno)}" if error.errno else "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

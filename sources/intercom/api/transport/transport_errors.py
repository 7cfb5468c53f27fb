"""Failures of the transport, as httpx's errors, in words that quote nothing of the answer."""

import os
import ssl

import httpx

BROKEN_OFF = "the answer broke off before its end"
NO_ANSWER = "the server closed the connection without an answer"
NO_HTTP = "the answer is not HTTP, or is longer than it says"
TLS = "the answer is TLS, so base_url has to begin with https"
TOO_LONG = "a line of the answer's headers is too long"
HEADERS = "the answer's headers are malformed, or there are too many"
_CHUNKS = "the answer's body is not divided into chunks as HTTP requires"
_RULES = (  # by the parser's message about a violation; the first match counts
    ("chunk", _CHUNKS),
    ("transfer-encoding", _CHUNKS),
    ("content-length", "the answer's Content-Length is wrong, or given twice"),
    ("header", HEADERS),
    ("expected", NO_HTTP),
    ("status", NO_HTTP),
    ("version", NO_HTTP),
    ("data after", NO_HTTP),
)
_OTHER_RULE = "the answer breaks the rules of HTTP"


def broken(words: str) -> httpx.TransportError:
    """Return the transport's error for an answer that is invalid or incomplete."""
    return (httpx.ReadError if words == BROKEN_OFF else httpx.RemoteProtocolError)(words)


def of_parser(message: str) -> str:
    """Return the transport's error for an answer, from the rule that the parser names."""
    message = message.lower()
    return next((words for word, words in _RULES if word in message), _OTHER_RULE)


def of_system(error: OSError) -> httpx.ReadError:
    """Return the transport's error for a connection that the operating system or TLS has ended."""
    number = None if isinstance(error, ssl.SSLError) else error.errno  # TLS has numbers of its own
    return httpx.ReadError("the connection broke" + (f": {os.strerror(number)}" if number else ""))

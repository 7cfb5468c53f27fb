"""Incremental parsing of HTTP answers with llhttp, the strict parser of Node.js."""

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from .transport_errors import BROKEN_OFF, HEADERS, NO_ANSWER, NO_HTTP, TLS, TOO_LONG, broken, of_parser

LONGEST_LINE = 16_384  # bytes of a header, or of the status line
LONGEST_HEAD = 262_144
MOST_HEADERS = 200
FIRST_FINAL_STATUS = 200  # lower codes announce another answer
HOW_ANSWERS_MAY_BE_WRITTEN = {  # as lenient as other clients; none of these flags affects where an answer ends
    "lenient_headers": True,  # control characters in a header, and one of more than one line
    "lenient_optional_cr_before_lf": True,
    "lenient_spaces_after_chunk_size": True,
}
_BEGINS_OF_TLS = (b"\x15\x03", b"\x16\x03")


class ResponseParser:
    """The parser of the answers on one connection, which come one after the other.

    `status`, `headers` as they were written, and `parts` of the body that nobody has taken yet. `is_begun`: status and
    headers are complete; `is_complete`: so is the body; `is_last`: the connection cannot be used again.
    """

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(**HOW_ANSWERS_MAY_BE_WRITTEN)
        self.reset()

    def reset(self) -> None:
        """Prepare the parser for another answer."""
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.parts: list[bytes] = []
        self.is_begun = self.is_complete = self.is_last = False
        self._count_bytes = 0
        self._problem: str | None = None

    def feed(self, content: bytes) -> None:
        """Parse received bytes, empty at the end; raises an httpx.TransportError for a violation of HTTP."""
        if not content:
            self._end()
            return
        if not self._count_bytes and content.startswith(_BEGINS_OF_TLS):
            raise broken(TLS)
        self._count_bytes += len(content)
        try:
            self._parser.feed_data(content)
        except HttpParserUpgrade:
            problem: str | None = NO_HTTP
        except HttpParserError as error:
            problem = of_parser(str(error))
        else:
            is_too_long = not self.is_begun and self._count_bytes > LONGEST_HEAD
            problem = self._problem or (TOO_LONG if is_too_long else None)
        if problem:
            self.is_last = True
            raise broken(problem)

    def take_body(self) -> list[bytes]:
        """Return the parts of the body that have arrived at the parser, each once."""
        parts, self.parts = self.parts, []
        return parts

    def _end(self) -> None:
        if not self.is_begun:
            raise broken(NO_ANSWER)
        if not self.is_complete and any(_says_where_the_body_ends(*header) for header in self.headers):
            raise broken(BROKEN_OFF)
        self.is_complete = self.is_last = True

    def on_message_begin(self) -> None:
        """The parser meets an answer."""
        if self.is_complete:
            self._problem = NO_HTTP

    def on_status(self, reason: bytes) -> None:
        """The parser has read the words behind the status."""
        self._check_line(len(reason))

    def on_header(self, name: bytes, value: bytes) -> None:
        """The parser has read a header."""
        self._check_line(len(name) + len(value))
        if len(self.headers) == MOST_HEADERS or b"\0" in value:
            self._problem = HEADERS
        else:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The parser has read all headers."""
        self.status = self._parser.get_status_code()
        self.is_begun = self.status >= FIRST_FINAL_STATUS

    def on_body(self, part: bytes) -> None:
        """The parser has read a part of the body."""
        self.parts.append(part)

    def on_message_complete(self) -> None:
        """The parser has read the answer to its end."""
        if self.is_begun:
            self.is_complete = True
            self.is_last = not self._parser.should_keep_alive()
        else:
            self.headers.clear()

    def _check_line(self, length: int) -> None:
        if length > LONGEST_LINE:
            self._problem = TOO_LONG


def _says_where_the_body_ends(name: bytes, value: bytes) -> bool:
    name = name.strip().lower()
    return name == b"content-length" or (name == b"transfer-encoding" and b"chunked" in value.lower())

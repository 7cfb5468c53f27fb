"""Page cursors: base64 of JSON `[sort value in ms, id, page]`, as decoded from live answers."""

import base64
from dataclasses import dataclass

import orjson

from simulator import errors

MISSING_VALUE = -1
ELEMENTS = 3


@dataclass(frozen=True, slots=True)
class PageCursor:
    """A page cursor: it starts `page` in an ordered list, after the record with this sort value and id.

    `value` is a float for relevance order (a score) and milliseconds for order by a field.
    """

    value: int | float
    record_id: str | int
    page: int

    def encode(self) -> str:
        """Return the page cursor as the opaque text that a client sends back."""
        return base64.b64encode(orjson.dumps([self.value, self.record_id, self.page])).decode()

    @classmethod
    def decode(cls, text: object) -> "PageCursor":
        """Return the page cursor in a client's `starting_after`; what no response has given is refused."""
        if not isinstance(text, str) or not text:
            raise errors.invalid_cursor()
        try:
            parts = orjson.loads(base64.b64decode(text, validate=True))
        except ValueError as error:  # no base64, no ASCII or no JSON
            raise errors.invalid_cursor() from error
        if not isinstance(parts, list) or len(parts) != ELEMENTS:
            raise errors.invalid_cursor()
        value, record_id, page = parts
        if not isinstance(value, (int, float)) or not isinstance(record_id, (str, int)) or not isinstance(page, int):
            raise errors.invalid_cursor()
        return cls(value, record_id, page)

"""The deadline of an answer's beginning."""

import httpx


class TooSlow(httpx.ReadTimeout):
    """An answer whose headers and beginning took too long, however steadily they dripped."""

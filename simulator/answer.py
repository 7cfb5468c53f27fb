"""An endpoint's answer that is not a plain JSON object with status 200."""

from dataclasses import dataclass

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """Status, bytes and media type of an answer."""

    content: bytes
    status: int = 200
    media_type: str = JSON

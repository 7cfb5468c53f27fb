"""Limits of an answer: no server, and nobody between it and us, may use up memory or time without end."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Bounds:
    """The configured bounds of answers and listings: the settings of `[sources.intercom]` with these names.

    `max_answer_megabytes` are of one answer, unpacked; `max_answer_seconds` are for all of it, however steadily it
    drips. `max_pages` are of one listing.
    """

    max_answer_megabytes: int = 512
    max_answer_seconds: float = 300.0
    max_pages: int = 100_000

"""Who answers: the workspace of the access token, and the difference between its clock and ours."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from .http.client import Client
from .record import INTERCOM_FOUNDED_AT, Record, is_id

ATTEMPTS = 4
AHEAD_SECONDS = 3_600  # by which Intercom's clocks may differ; a moment further ahead is no time


@dataclass(frozen=True)
class Identity:
    """The workspace's identity in the answer of `/me`: its id code and creation (unix seconds), None if missing.

    `clock_offset_seconds`: how far Intercom's clock is ahead of ours; `has_clock` is False if its answer does not tell.
    """

    id_code: str | None = None
    created_at: int | None = None
    clock_offset_seconds: float = 0.0
    app: Record = field(default_factory=dict)
    has_clock: bool = True

    @classmethod
    def of(cls, client: Client) -> "Identity":
        """Ask `/me` for the workspace's identity; raises what the client raises."""
        answer = client.get("/me", attempts=ATTEMPTS)
        app = answer.data.get("app")
        known = app if isinstance(app, dict) else {}
        offset = 0.0 if answer.server_at is None else answer.server_at - time.time()
        id_code = known.get("id_code")
        own = str(id_code) if is_id(id_code) else None
        created_at = _past(known.get("created_at"), time.time() + offset)
        return cls(own, created_at, offset, known, has_clock=answer.server_at is not None)

    @property
    def nothing_before(self) -> int:
        """The moment (unix seconds) before which nothing can have happened in the workspace."""
        return self.created_at or INTERCOM_FOUNDED_AT

    def now(self) -> float:
        """Return Intercom's time in unix seconds, by the clock of its answer to `/me`."""
        return time.time() + self.clock_offset_seconds


def _past(moment: object, now: float) -> int | None:
    """Return a moment at which a workspace can have begun, or None: for milliseconds, a text, the future."""
    return moment if type(moment) is int and INTERCOM_FOUNDED_AT <= moment <= now else None


def not_ahead(moment: float, now: float | None = None) -> float:
    """Cap a moment at Intercom's clock `now`, by default ours: one in the future would hide all until then."""
    return min(moment, time.time() if now is None else now)


def believable(moments: Iterable[int], now: float | None = None) -> list[int]:
    """Return the moments that can have been, none ahead of Intercom's clock `now`, by default ours.

    One in milliseconds, or of a year to come, says nothing of how far a listing has come: it leads past all others.
    """
    known = time.time() if now is None else now
    return [int(min(at, known)) for at in moments if at <= known + AHEAD_SECONDS]

"""One fault: what happens, to which requests, and how often."""

from dataclasses import asdict, dataclass, field, fields

from simulator.record import Record

KINDS = {
    "rate_limited": "429; `headers` false leaves the X-RateLimit headers out, `retry_after_seconds` adds Retry-After",
    "error": "`status`, `code` and `message` in Intercom's envelope; `html` answers nginx's page instead",
    "empty": "200 without a body",
    "truncated": "the real answer cut off in the middle; what was asked for has been done (a scroll has moved on)",
    "cut": "the real page as if it were the last one, with `total_count` where it is given; of a scroll the empty page",
    "altered": 'the real answer with any text in single `places`: `{"data.0.id": "1e999"}`; none where a place is not',
    "repeated": "the real page with its first record in the place of its last one: one comes twice, one not at all",
    "error_as_success": "the error of `code` and `message` with status 200",
    "reset": "the connection is reset before an answer",
    "slow": "the real answer after `delay_seconds`",
    "not_found": "404 of the object, as if it vanished between list and detail",
    "scroll_failed": "500 that asks to restart the scroll, which is closed",
    "scroll_expired": "the scroll is closed, so that its next page is not found",
}
"""Every kind with what it does."""


@dataclass
class Fault:
    """A rule that makes requests fail; of several that fit, the first one acts."""

    kind: str
    operation: str = "*"
    """An operation's id as in `routes`, a path, or * for all."""
    times: int = 1
    """How often it acts; 0: until it is removed."""
    skip: int = 0
    """How many fitting requests pass before the first one fails."""
    every: int = 1
    """Of the fitting requests after those, one in so many fails."""
    probability: float = 1.0
    """How likely each of those fails (drawn from the simulator's seed)."""
    status: int = 500
    code: str = "server_error"
    message: str = "Something went wrong"
    html: bool = False
    headers: bool = True
    retry_after_seconds: int | None = None
    delay_seconds: float = 1.0
    total_count: int | None = None
    places: dict[str, str] = field(default_factory=dict)
    count_seen: int = 0
    count_acted: int = 0

    @classmethod
    def parse(cls, asked: Record) -> "Fault":
        """A fault from a control request; ValueError when it names something unknown."""
        unknown = sorted(asked.keys() - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"unknown in a fault: {', '.join(unknown)}")
        if asked.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of: {', '.join(KINDS)}")
        return cls(**asked)

    def acts_on(self, operation: str, path: str, luck: float) -> bool:
        """Return True if the fault strikes this request; counts the requests that it fits."""
        if self.operation not in {"*", operation, path} or (self.times and self.count_acted >= self.times):
            return False
        self.count_seen += 1
        beyond = self.count_seen - self.skip
        if beyond < 1 or (beyond - 1) % self.every or luck >= self.probability:
            return False
        self.count_acted += 1
        return True

    def shown(self) -> Record:
        """The fault as the control surface shows it, with its counters."""
        return asdict(self)

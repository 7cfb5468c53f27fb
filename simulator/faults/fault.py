"""One fault: what happens, to which requests, and how often."""

from dataclasses import asdict, dataclass, field

from simulator.record import Record


@dataclass
class Fault:
    """A fault: a rule that makes requests to the simulator fail; of several that fit, the first one acts."""

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
    count_seen: int = field(default=0, init=False)
    count_acted: int = field(default=0, init=False)

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

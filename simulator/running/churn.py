"""Changes that happen while a client reads: after every so many requests."""

from simulator.changes import mutate
from simulator.options import Options, words
from simulator.record import Record
from simulator.workspace import Workspace


class Churn:
    """Churn: counts API requests and changes the workspace at the pace that the options ask for."""

    def __init__(self) -> None:
        self.changes: list[Record] = []
        self._count_requests = 0
        self._count_rounds = 0

    def after_request(self, workspace: Workspace, options: Options) -> None:
        """Count one answered request for the churn, and change the workspace if it is time to."""
        if not options.churn_every:
            return
        self._count_requests += 1
        if self._count_requests % options.churn_every == 0:
            self._count_rounds += 1
            seed = options.seed * 1_000_003 + self._count_rounds
            self.changes += mutate(workspace, options.churn_count, seed, words(options.churn_kinds))

"""The log of requests: the newest ones, and counters of all."""

import time
from collections import Counter, deque

from starlette.requests import Request

from simulator.record import Record

KEPT_REQUESTS = 200_000


class RequestLog:
    """The simulator's log of requests: the newest ones, and counts by operation and by answered status."""

    def __init__(self) -> None:
        self.count_own_failures = 0
        """Requests, of all since the start, that the simulator failed to answer; their tracebacks are on stderr."""
        self.clear()

    def clear(self) -> None:
        """Forget all requests in the simulator's log."""
        self.requests: deque[Record] = deque(maxlen=KEPT_REQUESTS)
        self.operations: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()

    def add(self, operation: str, request: Request, body: bytes, status: int, at: int, fault: str | None) -> None:
        """Log one answered request; `at` is the simulator's time, `fault` the kind of fault that struck it."""
        self.operations[operation] += 1
        self.statuses[status] += 1
        self.requests.append(
            {
                "operation": operation,
                "method": request.method,
                "path": request.url.path,
                "query": request.url.query,
                "body": body.decode("utf-8", "replace") or None,
                "status": status,
                "fault": fault,
                "at": at,
                "monotonic": time.monotonic(),
            }
        )

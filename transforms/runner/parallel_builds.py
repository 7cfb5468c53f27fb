"""Builds models and checks side by side: while one takes long, others that do not need it use another connection."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from dlt.common.destination.exceptions import DestinationException
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.connection import Client, Connection

Result = TypeVar("Result")
MOST_LANES = 2
SECONDS_BEFORE_ANOTHER_LANE = 0.2  # a small workspace has no model that takes longer, and needs no second connection


@dataclass(frozen=True)
class Step(Generic[Result]):
    """A step among parallel ones, run once those named in `after` are done; names of no step are ignored."""

    name: str
    after: frozenset[str]
    take: Callable[[], Result]


class Lanes:
    """Runs steps in parallel, as many at once as there are connections: one at first, others when they are needed.

    `connection` is the build's, which each step uses through the client of its lane. If only one lane is `allowed`,
    steps run one after another in the caller's thread.
    """

    def __init__(
        self,
        connection: Connection,
        open_client: Callable[[], SqlClientBase[Any]],
        allowed: int = MOST_LANES,
        patience_seconds: float = SECONDS_BEFORE_ANOTHER_LANE,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._connection = connection
        self._open_client = open_client
        self.allowed = allowed
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._idle: list[Client] = [connection.client]
        self._count = 1
        self._opened = ExitStack()

    def close(self) -> None:
        """Close the connections that were opened for parallel steps."""
        self._opened.close()

    @property
    def are_several(self) -> bool:
        """Return True if steps ran in parallel: something took so long that another connection was opened."""
        return self._count > 1

    def take(self, steps: Iterable[Step[Result]], then: Callable[[Result], None]) -> None:
        """Run the steps in parallel, each after those that it waits for; `then` gets each result as it comes.

        What a step or `then` raises is raised, and what is still running is cancelled in the database.
        """
        if self.allowed == 1:
            for step in steps:
                then(step.take())
            return
        waiting = {step.name: step for step in steps}
        running: dict[Future[Result], tuple[str, Client]] = {}
        with ThreadPoolExecutor(self.allowed) as threads:
            try:
                while waiting or running:
                    ready = _ready(waiting, running)
                    if ready and self._idle:
                        client = self._idle.pop()
                        running[threads.submit(self._take, waiting.pop(ready), client)] = (ready, client)
                    else:
                        self._wait(running, then, is_more_wanted=bool(ready))
            except BaseException:
                for _, client in running.values():
                    cancel(client)
                raise

    def _wait(
        self,
        running: dict[Future[Result], tuple[str, Client]],
        then: Callable[[Result], None],
        *,
        is_more_wanted: bool,
    ) -> None:
        """Wait for one of the parallel steps to end, but only briefly if another could run meanwhile."""
        is_more_to_be_had = is_more_wanted and self._count < self.allowed
        done, _ = wait(running, self._patience_seconds if is_more_to_be_had else None, FIRST_COMPLETED)
        if not done:
            self._open_another()
        for future in done:
            then(future.result())
            self._idle.append(running.pop(future)[1])

    def _take(self, step: Step[Result], client: Client) -> Result:
        started = self._clock()
        with self._connection.through(client):
            result = step.take()
        if self._clock() - started > self._patience_seconds:
            self._patience_seconds = 0  # the workspace is not small, even if nothing could run beside this step
        return result

    def _open_another(self) -> None:
        """Open another connection for parallel steps, or go on with the open ones if that fails."""
        try:
            client = self._open_client()
            client.open_connection()
            self._opened.callback(client.close_connection)
            with self._connection.through(client):
                self._connection.set_up()
        except (DestinationException, DatabaseException):
            self.allowed = self._count
        else:
            self._idle.append(client)
            self._count += 1


def _ready(waiting: Mapping[str, Step[Result]], running: Mapping[Future[Result], tuple[str, Client]]) -> str | None:
    """Return the first step that can run now: all in its `after` are done."""
    unfinished = {*waiting, *(name for name, _ in running.values())}
    return next((name for name, step in waiting.items() if not step.after & unfinished), None)


def cancel(client: Client) -> None:
    """End the statement that a parallel step's client is running."""
    connection = client.native_connection
    for name in ("interrupt", "cancel"):  # DuckDB's word, PostgreSQL's
        if hasattr(connection, name):
            getattr(connection, name)()
            return

"""Clients of small loopback servers, readings without dlt, records that searches find, retries that do not sleep."""

from contextlib import ExitStack
from dataclasses import fields, replace

import pytest

from pipelines.destination.target import Target
from sources.intercom.api.http.client import Client
from sources.intercom.api.http.rate_limit import Pacer
from sources.intercom.api.identity import Identity
from sources.intercom.configuration.bounds import Bounds
from sources.intercom.reading.chunk_budget import Chunk
from sources.intercom.reading.reading import Reading
from sources.intercom.reading.session import Session, Wishes, threads
from tests.support.clock import Clock
from tests.support.network.loopback import Loopback
from tests.support.searches.searchable import NOW
from tests.support.searches.ticket_search import record


@pytest.fixture(autouse=True)
def _no_waiting(no_waiting_between_attempts):
    """No test here has anything to do with the waits."""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def serve():
    """Start a server that answers with a function, and return it with a client of it."""
    with ExitStack() as stack:

        def start(answer, share=0.9, bounds=Bounds()):  # noqa: B008 - it cannot be changed
            server = stack.enter_context(Loopback(answer))
            client = stack.enter_context(Client.connect(server.url, "token", share, 16, bounds))
            clock = Clock()
            return server, replace(client, stop=clock, pacer=Pacer(share, clock.monotonic))

        yield start


@pytest.fixture
def begin():
    """Begin a run with a client: `begin(client)` gives what a resource reads with; state goes from run to run."""
    with ExitStack() as stack:

        def start(client, state=None, resource="conversations", records=20_000, **options):
            lists, details = stack.enter_context(threads(4))
            chunk = Chunk(records, rows=10**9, seconds=60)
            identity = options.pop("identity", Identity())
            wishes = Wishes(**{one.name: options.pop(one.name) for one in fields(Wishes) if one.name in options})
            session = Session(client, identity, lists, details, wishes, **options)
            return Reading.alone(session, resource, state, chunk)

        yield start


@pytest.fixture(params=["duckdb", "postgres"])
def target(request, tmp_path, monkeypatch):
    """A place to load to, on each of the databases."""
    if request.param == "duckdb":
        return Target(database=tmp_path / "loaded.duckdb")
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", request.getfixturevalue("postgres"))
    return Target("postgres", dataset="loaded")


@pytest.fixture
def ten():
    """Records that searches find."""
    return [record(str(number), NOW - 100_000 + number) for number in range(10)]

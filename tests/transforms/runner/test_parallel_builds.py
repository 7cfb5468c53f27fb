"""Steps side by side: in their order, after what they wait for, on connections of their own, and cancelled together."""

import threading
import time
from contextlib import closing
from functools import partial

import dlt
import pytest
from dlt.common.destination.exceptions import DestinationTerminalException
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.warehouse.house import duckdb_house
from transforms.runner.parallel_builds import Lanes, Step
from transforms.runner.warehouse.connection import Connection

LONG = 30  # seconds: nothing in these tests takes as long, unless it waits for what does not come


@pytest.fixture
def clients(tmp_path):
    """Opens clients on one file of DuckDB."""
    house = duckdb_house(tmp_path, "lanes")
    return house.pipeline.sql_client


def _lanes(client, open_client, patience_seconds=0.0, allowed=2, clock=time.perf_counter):
    connection = Connection(client, "duckdb")
    return connection, Lanes(connection, open_client, allowed, patience_seconds, clock)


def _step(name, take, *after):
    return Step(name, frozenset(after), take)


def test_one_at_a_time_while_nothing_takes_long(clients):
    seen = []
    with clients() as client:
        connection, lanes = _lanes(client, clients, patience_seconds=LONG)
        with closing(lanes):
            lanes.take([_step(str(number), lambda: connection.client) for number in range(9)], seen.append)
    assert seen == [client] * 9


def test_what_does_not_wait_is_taken_meanwhile_on_another_connection(clients):
    is_other_done, ends = threading.Event(), []
    with clients() as client:
        connection, lanes = _lanes(client, clients)

        def end(name, waited_for=None):
            assert waited_for is None or waited_for.wait(LONG)
            (found,) = connection.rows("select current_database()")
            ends.append((name, connection.client is client, found))
            return name

        steps = [
            _step("long", lambda: end("long", is_other_done)),
            _step("reader", lambda: end("reader"), "long", "no step"),
            _step("other", lambda: end("other")),
        ]
        with closing(lanes):
            lanes.take(steps, lambda name: is_other_done.set() if name == "other" else None)
    assert [name for name, *_ in ends] == ["other", "long", "reader"]
    assert [is_first for _, is_first, _ in ends][:2] == [False, True]
    assert {found for *_, found in ends} == {("lanes",)}


def test_after_a_long_step_the_next_ones_are_taken_in_parallel_at_once(clients):
    meeting, now = threading.Barrier(2), [0]
    with clients() as client:
        _, lanes = _lanes(client, clients, patience_seconds=LONG, clock=lambda: now[0])
        with closing(lanes):
            lanes.take([_step("long", lambda: now.append(now.pop() + LONG + 1))], lambda _: None)
            assert not lanes.are_several
            lanes.take([_step(name, lambda: meeting.wait(LONG / 2)) for name in "ab"], lambda _: None)
            assert lanes.are_several


def test_one_connection_does_where_no_other_is_given(clients):
    refused, taken = threading.Event(), []

    def refuse():
        refused.set()
        raise DestinationTerminalException("too many connections")

    with clients() as client:
        _, lanes = _lanes(client, refuse)
        with closing(lanes):
            lanes.take([_step(name, lambda: refused.wait(LONG)) for name in "abc"], taken.append)
    assert taken == [True] * 3


@pytest.mark.parametrize("allowed", [1, 2])
def test_what_a_step_raises_is_raised(clients, allowed):
    def fail():
        raise ValueError("broken")

    with clients() as client:
        _, lanes = _lanes(client, clients, allowed=allowed)
        with closing(lanes), pytest.raises(ValueError, match="broken"):
            lanes.take([_step("a", fail), _step("b", lambda: None, "a")], lambda result: None)


def _assert_cancelled(client, open_client, dialect, long_query, running):
    """The query `running` gives a row while the database is at work on the long one."""
    connection, started = Connection(client, dialect), time.monotonic()

    def interrupt():
        while not connection.rows(running):
            assert time.monotonic() - started < LONG
        raise KeyboardInterrupt

    steps = [_step("long", lambda: connection.execute(long_query)), _step("interrupted", interrupt)]
    with closing(Lanes(connection, open_client, patience_seconds=0.0)) as lanes, pytest.raises(KeyboardInterrupt):
        lanes.take(steps, lambda result: None)
    assert time.monotonic() - started < LONG
    assert connection.rows("select 1") == [(1,)]


def test_an_interruption_cancels_what_is_running_in_duckdb(clients):
    running = "select 1 from duckdb_sequences() where last_value > 0"
    with clients() as client:
        client.execute_sql("create sequence rows_read")
        long_query = "select sum(nextval('rows_read')) from range(10000000000)"
        _assert_cancelled(client, clients, "duckdb", long_query, running)


def test_an_interruption_cancels_what_is_running_in_postgres(tmp_path, postgres):
    pipeline = dlt.pipeline(
        "lanes",
        destination=dlt.destinations.postgres(postgres),
        dataset_name="lanes",
        pipelines_dir=str(tmp_path),
    )
    running = "select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(600)'"
    with pipeline.sql_client() as client:
        _assert_cancelled(client, pipeline.sql_client, "postgres", "select pg_sleep(600)", running)


@given(waits_for=st.lists(st.sets(st.integers(0, 11), max_size=3), max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_step_begins_before_what_it_waits_for_is_done(clients, waits_for):
    """Each waits for some of those before it."""
    done, early = set(), []

    def take(name, after):
        if not after <= done:
            early.append((name, after - done))
        return name

    steps = []
    for number, others in enumerate(waits_for):
        after = frozenset(str(other) for other in others if other < number)
        steps.append(Step(str(number), after, partial(take, str(number), after)))
    with clients() as client:
        _, lanes = _lanes(client, clients)
        with closing(lanes):
            lanes.take(steps, done.add)
    assert early == []
    assert len(done) == len(steps)

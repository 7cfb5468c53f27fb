"""Activity logs: read in windows, each once in a run, and without a gap between one run and the next."""

import pytest

from sources.intercom.api.day import DAY_SECONDS
from sources.intercom.api.errors import BadAnswer, RecordsUnread
from sources.intercom.api.identity import Identity
from sources.intercom.incremental.windows import WINDOW_SECONDS
from sources.intercom.resources.activity_logs import ACTIVITY_LOGS
from tests.support.network.loopback import Reply

BEGAN_AT = 1_700_000_000


class Workspace:
    """Lists the logs of a window, all on one page; one that is longer than `widest_seconds` answers 500.

    `stray`: the moment of a log that has neither an id nor a time.
    """

    def __init__(self, *moments):
        self.moments = list(moments)
        self.metadata = {}  # by moment
        self.stray, self.widest_seconds = None, 2**40

    def __call__(self, request):
        after = int(request.query["created_at_after"])
        before = int(request.query.get("created_at_before", 2**40))
        if "created_at_before" in request.query and before - after > self.widest_seconds:
            return Reply({"type": "error.list", "errors": []}, 500)
        logs = [
            {"id": str(at), "created_at": at, "metadata": self.metadata.get(at)}
            for at in self.moments
            if after < at < before
        ]
        if self.stray is not None and after < self.stray < before:
            logs.append({"activity_type": "odd"})
        return {"type": "activity_log.list", "activity_logs": logs, "pages": {"next": None}}


def chunk(reading, on_rows=lambda: None):
    """Read one chunk; return the times of its logs."""
    found = []
    for rows_of_tables in ACTIVITY_LOGS.read(reading):
        found += [row["created_at"] for _, rows in rows_of_tables for row in rows]
        on_rows()
    return found


@pytest.fixture
def start(serve, begin):
    """Return how a run begins that reads `workspace` at a moment of Intercom's clock."""

    def started(workspace, state, now, has_clock=True, **options):
        _, client = serve(workspace)
        ours = Identity(created_at=BEGAN_AT)
        identity = Identity(created_at=BEGAN_AT, clock_offset_seconds=now - ours.now(), has_clock=has_clock)
        return begin(client, state, resource="activity_logs", identity=identity, **options)

    return started


def test_logs_read_again_since_a_date_go_on_where_a_chunk_ended(start):
    logs = [BEGAN_AT + number * WINDOW_SECONDS for number in range(4)]
    state = {"read_until": logs[-1]}
    reading = start(Workspace(*logs), state, logs[-1] + 60, records=1, since=BEGAN_AT)
    found = [chunk(reading) for _ in logs]
    assert "pass" not in state
    assert sorted({at for of_chunk in found for at in of_chunk}) == logs


def test_a_start_date_moved_back_or_removed_brings_the_logs_that_it_has_left_out(start):
    logs = [BEGAN_AT + number * WINDOW_SECONDS for number in range(4)]
    workspace, state, now = Workspace(*logs), {}, logs[-1] + 60
    assert set(chunk(start(workspace, state, now, start_at=logs[2]))) == set(logs[2:])
    assert logs[2] not in chunk(start(workspace, state, now, start_at=logs[2]))

    def refuse(request):
        return Reply(b"", 502)

    with pytest.raises(BadAnswer):
        chunk(start(refuse, state, now, start_at=logs[1]))
    assert set(chunk(start(workspace, state, now, start_at=logs[1]))) >= {logs[1]}
    reading = start(workspace, state, now, records=1)
    found = [at for _ in logs for at in chunk(reading)]
    assert set(found) == set(logs)
    assert logs[2] not in chunk(start(workspace, state, now))


def test_a_clock_of_ours_that_is_days_ahead_hides_no_log_if_intercom_does_not_tell_its_own(start):
    workspace, state, ahead = Workspace(BEGAN_AT + 5), {}, BEGAN_AT + 3 * WINDOW_SECONDS
    assert set(chunk(start(workspace, state, ahead, has_clock=False))) == {BEGAN_AT + 5}
    workspace.moments.append(BEGAN_AT + 3_600)
    assert BEGAN_AT + 3_600 in chunk(start(workspace, state, ahead, has_clock=False))
    stopped = start(workspace, state, ahead, has_clock=False)
    chunk(stopped, stopped.session.client.stop.set)
    workspace.moments.append(BEGAN_AT + 7_200)
    assert BEGAN_AT + 7_200 in chunk(start(workspace, state, ahead, has_clock=False))


def test_a_run_interrupted_after_its_last_window_hides_nothing_from_the_next(start):
    workspace, state = Workspace(BEGAN_AT + 5), {}
    interrupted = start(workspace, state, BEGAN_AT + DAY_SECONDS)
    assert chunk(interrupted, interrupted.session.client.stop.set) == [BEGAN_AT + 5]
    later = BEGAN_AT + 2 * DAY_SECONDS
    workspace.moments.append(later)
    assert later in chunk(start(workspace, state, BEGAN_AT + 5 * DAY_SECONDS))


@pytest.mark.parametrize("trouble", ["interrupted", "a small load package"])
def test_what_is_logged_late_is_found_though_a_pass_was_left_close_to_the_present(start, trouble):
    first, state = BEGAN_AT + 5, {}
    workspace = Workspace(first)
    left_at = BEGAN_AT + WINDOW_SECONDS + 600  # with a window that ends ten minutes before
    reading = start(workspace, state, left_at, records=1)
    found = chunk(reading, reading.session.client.stop.set if trouble == "interrupted" else lambda: None)
    late = BEGAN_AT + WINDOW_SECONDS - 3_600
    workspace.moments.append(late)
    reading = start(workspace, state, left_at + 3 * DAY_SECONDS, records=1)
    found += chunk(reading)
    while "pass" in state:
        found += chunk(reading)
    assert late in found


def test_a_log_that_cannot_be_loaded_is_named_in_every_run_until_it_can(start):
    odd, state = BEGAN_AT + 6, {}
    workspace = Workspace(BEGAN_AT + 5, odd)
    workspace.metadata[odd] = nested(400)
    for tries, days in enumerate((1, 2, 5, 40), 1):
        reading = start(workspace, state, BEGAN_AT + days * DAY_SECONDS)
        chunk(reading)
        with pytest.raises(RecordsUnread, match="nested too deep"):
            reading.unreadable.check()
        [row] = reading.unreadable.rows()
        assert row["tries"] == tries
        assert row["first_seen_at"] == pytest.approx(BEGAN_AT + DAY_SECONDS, abs=60)
    workspace.metadata.clear()
    reading = start(workspace, state, BEGAN_AT + 80 * DAY_SECONDS)
    assert odd in chunk(reading)
    reading.unreadable.check()
    assert not state["unreadable"]


def test_a_span_that_intercom_lists_no_more_holds_up_no_log(start):
    """What has no id is looked for in all of the window that it was in."""
    workspace, state = Workspace(), {}
    workspace.stray = BEGAN_AT + DAY_SECONDS
    reading = start(workspace, state, BEGAN_AT + 40 * DAY_SECONDS)
    chunk(reading)
    with pytest.raises(RecordsUnread):
        reading.unreadable.check()
    workspace.stray, workspace.widest_seconds = None, 10 * DAY_SECONDS
    new = BEGAN_AT + 41 * DAY_SECONDS
    workspace.moments.append(new)
    reading = start(workspace, state, BEGAN_AT + 42 * DAY_SECONDS)
    assert new in chunk(reading)
    with pytest.raises(RecordsUnread, match="its id is missing"):
        reading.unreadable.check()
    workspace.widest_seconds = 2**40
    reading = start(workspace, state, BEGAN_AT + 43 * DAY_SECONDS)
    chunk(reading)
    reading.unreadable.check()


def nested(levels):
    """Return an object in so many others."""
    return {"inner": nested(levels - 1)} if levels else {}

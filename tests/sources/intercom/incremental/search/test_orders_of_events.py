"""The transitions of a pass over a search in any order: hypothesis looks for one that loses something."""

from dataclasses import dataclass

from hypothesis import example, given
from hypothesis import strategies as st

from sources.intercom.incremental.search.progress import Progress

OVERLAP = 60
IDLE = Progress()
LONG_AFTER = 1_000_000  # nothing is indexed as late as that
MOMENTS = st.integers(0, 10_000)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("begun"), MOMENTS),
        st.tuples(st.just("starting"), MOMENTS),
        st.tuples(st.just("rereading"), MOMENTS, MOMENTS),
        st.tuples(st.just("restarted")),
        st.tuples(st.just("repeated"), st.booleans()),
        st.tuples(st.just("found_unsorted")),
        st.tuples(st.just("listed"), st.integers(0, 150)),
        st.tuples(st.just("listed twice"), MOMENTS),
        st.tuples(st.just("advanced"), st.none() | MOMENTS, st.text(min_size=1, max_size=3), MOMENTS),
        st.tuples(st.just("moved_on"), st.none() | MOMENTS, MOMENTS, MOMENTS),
        st.tuples(st.just("ended"), st.none() | MOMENTS),
    ),
    max_size=12,
)
NEEDS_A_PASS = {"found_unsorted", "restarted", "repeated", "listed", "listed twice", "advanced", "moved_on", "ended"}
WITH_OVERLAP = {"begun", "found_unsorted", "starting", "rereading", "restarted", "advanced", "moved_on", "ended"}


def applied(progress, event, *values):
    if event in NEEDS_A_PASS and progress.going_on is None:
        return progress
    if event == "repeated":
        return progress.repeated(OVERLAP, is_short=values[0])
    if event == "listed twice":
        reached = progress.in_pass.after if progress.in_pass.reached is None else progress.in_pass.reached
        return progress.listed(1, came_again=1, again_at=min(values[0], reached))
    return getattr(progress, event)(*values, *([OVERLAP] if event in WITH_OVERLAP else []))


@given(EVENTS)
@example([("begun", 0), ("ended", 61), ("begun", 0), ("advanced", 0, "0", 9_000), ("repeated", True)])
@example([("begun", 61), ("listed twice", 0), ("moved_on", 1, 0, 60), ("repeated", False)])
def test_whatever_happens_nothing_loaded_is_lost_from_sight_and_the_state_says_it_all(events):
    progress = IDLE
    for event in events:
        before, progress = progress, applied(progress, *event)
        if before.watermark is not None:
            assert progress.watermark >= before.watermark
        if before.passed_at(OVERLAP) is not None and event[0] != "ended" and before.again_from is None:
            # What no later pass looks for has been passed; only moving on makes it more.
            moved_on = event[0] in {"advanced", "restarted", "moved_on"}
            assert moved_on or progress.passed_at(OVERLAP) <= before.passed_at(OVERLAP)
        state = {}
        progress.put_into(state)
        assert Progress.of(state) == progress


@dataclass(frozen=True)
class Run:
    """A run with a start date, in chunks of one record each; as many as it has time for."""

    start_at: int
    chunks: int


@given(
    st.lists(st.integers(0, 9), unique=True, min_size=1),
    st.lists(st.builds(Run, st.integers(0, 9), st.integers(0, 4)), min_size=1),
)
@example([0, 5], [Run(0, 1), Run(9, 1), Run(0, 0)])
@example([0, 5], [Run(3, 9), Run(0, 1), Run(9, 1), Run(3, 1)])
def test_whatever_start_dates_runs_had_everything_is_read_that_the_last_one_wants(moments, runs):
    progress, loaded = IDLE, set()
    for run in [*runs, Run(runs[-1].start_at, 1_000)]:
        progress = progress.starting(run.start_at, 0)
        for _ in range(run.chunks):
            progress = progress.begun(run.start_at, 0)
            behind = progress.in_pass.after if progress.in_pass.reached is None else progress.in_pass.reached + 1
            found = next((at for at in sorted(moments) if at >= behind), None)
            if found is not None and found >= progress.earliest(run.start_at):
                loaded.add(found)
            if found is None:
                progress = progress.ended(None, 0)
                break
            progress = progress.advanced(found, "c", LONG_AFTER, 0)
    assert {at for at in moments if at >= run.start_at} <= loaded


@given(EVENTS)
def test_a_pass_begins_no_later_than_the_last_one_has_reached(events):
    progress = IDLE
    for event in events:
        before, progress = progress, applied(progress, *event)
        if event[0] == "begun" and before.going_on is None and before.watermark is not None:
            assert progress.in_pass.after <= before.watermark - OVERLAP

"""What only the overlap finds is counted; what is read again for other reasons is not."""

from tests.support.searches.counted_search import Run, Workspace
from tests.support.searches.searchable import NOW
from tests.support.searches.ticket_search import record


def test_what_only_the_overlap_finds_is_counted_with_its_distance_from_the_watermark(serve, begin, ten):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    state = {}
    Run(begin, client, state)
    workspace.records.append(record("late", state["watermark"] - 45))
    run = Run(begin, client, state)
    assert run.read == ["late"]
    assert (run.report.count_rescued, run.report.rescued_seconds) == (1, 45)
    quiet = Run(begin, client, state)
    assert (quiet.read, quiet.report.count_rescued, quiet.report.rescued_seconds) == ([], 0, None)


def test_new_changes_and_what_is_read_again_for_safety_are_no_rescue(serve, begin, ten):
    """A record of the very last second is read again, because another change may carry the same time."""
    workspace = Workspace(*ten, record("last", NOW))
    _, client = serve(workspace)
    state = {}
    Run(begin, client, state)
    workspace.records.append(record("new", NOW + 5))
    run = Run(begin, client, state)
    assert set(run.read) == {"last", "new"}
    assert run.report.count_rescued == 0


def test_reading_again_on_purpose_is_no_rescue(serve, begin, ten):
    _, client = serve(Workspace(*ten))
    state = {}
    Run(begin, client, state)
    run = Run(begin, client, state, since=NOW - 200_000)
    assert len(run.read) == 10
    assert run.report.count_rescued == 0

"""Records that are listed and not found: gone where others are found, and asked for once more by the next run."""

import pytest

from sources.intercom.api.errors import RecordsUnread
from sources.intercom.incremental.dlt_state import MOST_VANISHED
from tests.support.searches.counted_search import Run, Workspace, run_that_finds_none
from tests.support.searches.searchable import NOW
from tests.support.searches.ticket_search import record


@pytest.mark.parametrize("count_found", [0, 1, 9])
def test_while_nothing_is_found_no_record_is_taken_for_gone(serve, begin, ten, count_found):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    state = {}
    workspace.lost = range(count_found + 1, 1_000)
    lost = Run(begin, client, state, in_detail=True)
    assert "records that are listed answer 404" in str(lost.error)
    assert lost.read == []
    workspace.lost = range(0)
    assert set(Run(begin, client, state, in_detail=True).read) == {one["id"] for one in ten}


def test_what_is_not_found_for_a_moment_is_read_all_the_same(serve, begin, ten):
    workspace = Workspace(*ten)
    _, client = serve(workspace)
    workspace.lost = range(3, 6)
    run = Run(begin, client, {}, in_detail=True)
    assert (len(set(run.read)), run.report.count_vanished) == (10, 0)


def test_a_listed_record_that_one_run_does_not_find_is_asked_for_by_the_next(serve, begin, ten):
    """One of several replicas may lack it for minutes; by then it is too old for the overlap."""
    workspace = Workspace(*ten, record("newest", NOW - 50_000))
    _, client = serve(workspace)
    state = {}
    workspace.gone = {"3", "4"}
    run = Run(begin, client, state, in_detail=True)
    assert (run.error, run.report.count_vanished, state["vanished"]) == (None, 2, ["3", "4"])
    workspace.gone = {"4"}
    run = Run(begin, client, state, in_detail=True)
    assert (run.error, run.report.count_vanished, run.read) == (None, 0, ["3"])
    assert "vanished" not in state, "what two runs do not find is gone"
    assert Run(begin, client, state, in_detail=True).read == []


@pytest.fixture
def vanished(serve, begin, ten):
    """Return a workspace, its client and the state of a run that has not found the listed record 3."""
    workspace = Workspace(*ten, record("newest", NOW - 50_000))
    _, client = serve(workspace)
    state = {}
    workspace.gone = {"3"}
    Run(begin, client, state, in_detail=True)
    return workspace, client, state


def test_what_was_not_found_is_asked_for_though_the_oldest_that_are_listed_are_gone(begin, vanished):
    """An index may keep what was deleted for long."""
    workspace, client, state = vanished
    workspace.gone = {"0", "1", "2", "3"}
    run = Run(begin, client, state, in_detail=True)
    assert (run.error, run.read, "vanished" in state) == (None, [], False)


def test_a_record_that_was_not_found_and_then_cannot_be_read_is_unreadable(begin, vanished):
    workspace, client, state = vanished
    workspace.gone, workspace.broken = set(), {"3"}
    run = Run(begin, client, state, in_detail=True)
    assert (type(run.error), state["unread"], "vanished" in state) == (RecordsUnread, ["3"], False)


@pytest.mark.parametrize("gone", [{"0", "1", "2"}, {str(number) for number in range(9)}])
def test_however_many_records_are_gone_they_are_counted_where_others_are_found(serve, begin, ten, gone):
    workspace = Workspace(*ten)
    workspace.gone = gone
    _, client = serve(workspace)
    run = Run(begin, client, {}, in_detail=True)
    assert (run.error, run.report.count_vanished, len(run.read)) == (None, len(gone), 10 - len(gone))


def test_however_many_records_are_not_found_each_is_asked_for_once_more(serve, begin):
    workspace, client, state, run, ids = run_that_finds_none(serve, begin, MOST_VANISHED + 1)
    assert "more than 1,000 records that are listed answer 404" in str(run.error)
    workspace.gone = set()
    healed = Run(begin, client, state, in_detail=True)
    assert (healed.error, {*healed.read} >= ids) == (None, True)


def test_a_full_list_of_vanished_records_does_not_keep_a_run_from_its_changes(serve, begin, ten):
    """A second 404 makes room in it for a record that could not be read before, and is not found now."""
    workspace = Workspace(*ten)
    workspace.broken = {"3"}
    _, client = serve(workspace)
    state = {}
    Run(begin, client, state, in_detail=True)
    state["vanished"] = [f"v{number}" for number in range(MOST_VANISHED)]
    workspace.broken, workspace.gone = set(), {"3"}
    workspace.records.append(record("new", NOW - 40_000))
    run = Run(begin, client, state, in_detail=True)
    assert (run.error, run.read, state["vanished"], state["unread"]) == (None, ["new"], ["3"], [])

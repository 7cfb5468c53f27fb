"""Where a search starts: the start date, `--since`, and bounds that hide nothing."""

import pytest

from sources.intercom.api.lists.search_endpoint import Search
from sources.intercom.api.record import updated_at
from sources.intercom.records.single_record import Whole
from tests.support.network.loopback import Reply
from tests.support.searches.searchable import DATE, NOW
from tests.support.searches.ticket_search import CONTACTS, DAY_SECONDS, TICKETS, Workspace, chunk, record, run


def test_a_start_date_leaves_out_what_is_older(serve, begin, old):
    _, client = serve(Workspace(*old))
    assert run(begin, client, {}, start_at=NOW - 10_000 + 200) == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("left", ["after a pass", "in its midst"])
def test_a_start_date_moved_back_or_removed_brings_what_it_has_left_out_once(serve, begin, old, caplog, left):
    _, client = serve(Workspace(*old))
    state, settings = {}, {"overlap_seconds": 0, "records": 2}
    if left == "after a pass":
        run(begin, client, state, start_at=NOW - 10_000 + 300, **settings)
    else:
        chunk(begin(client, state, start_at=NOW - 10_000 + 200, **settings))
    assert run(begin, client, state, start_at=NOW - 10_000 + 200, **settings)[-1] == "6"
    assert [message for message in caplog.messages if "start_date" in message] == (
        ["/tickets/search: start_date is earlier than before; everything since then is read"] * (left == "after a pass")
    )
    assert run(begin, client, state, **settings) == [one["id"] for one in old]
    assert run(begin, client, state, **settings) == []


def test_the_filter_of_the_day_rule_brings_more_than_the_start_date_allows(serve, begin, old):
    _, client = serve(Workspace(*old))
    reading = begin(client, {}, start_at=NOW - 10_000 + 300)
    assert chunk(reading, Search("/x", "tickets", granularity_seconds=90_000)) == ["5", "6"]


def test_a_full_refresh_reads_everything_again(serve, begin, old):
    _, client = serve(Workspace(*old))
    state = {}
    run(begin, client, state)
    assert len(run(begin, client, state, from_scratch=True, records=2)) == 7


def test_since_reads_again_from_there_and_leaves_the_watermark(serve, begin, old):
    _, client = serve(Workspace(*old))
    state = {}
    run(begin, client, state)
    again = run(begin, client, state, since=NOW - 10_000 + 200, records=2, overlap_seconds=0)
    assert again == ["1", "2", "3", "4", "5", "6"]
    assert state["watermark"] == old[-1]["updated_at"]
    assert run(begin, client, state, overlap_seconds=0) == []


def test_since_after_the_watermark_leaves_no_gap(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    run(begin, client, state)
    workspace.records.append(record("between", NOW - 3_000))
    assert "between" in run(begin, client, state, since=NOW - 1_000)


def test_since_leaves_nothing_out_where_nothing_was_ever_loaded(serve, begin, old):
    _, client = serve(Workspace(*old))
    assert run(begin, client, {}, since=NOW - 1_000) == [one["id"] for one in old]
    start_at = NOW - 10_000 + 200
    assert run(begin, client, {}, since=NOW - 1_000, start_at=start_at) == [one["id"] for one in old[1:]]


@pytest.mark.parametrize("trouble", ["none", "a refused page cursor", "since a later day"])
def test_since_before_the_start_date_goes_on_in_a_run_that_is_not_told_so(serve, begin, old, trouble, caplog):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    start_at, state = NOW - 10_000 + 300, {}
    run(begin, client, state, start_at=start_at)
    since = NOW - 10_000 + 100
    read = chunk(begin(client, state, since=since, start_at=since, records=2, overlap_seconds=0))
    workspace.refused = {state["pass"]["page_cursor"]} if trouble == "a refused page cursor" else set()
    wish = {"since": NOW - 5_000} if trouble == "since a later day" else {}
    read += run(begin, client, state, start_at=start_at, overlap_seconds=0, **wish)
    assert set(read) == {one["id"] for one in old}
    assert "start_date" not in caplog.text


@pytest.mark.parametrize("zone_hours", [-11, -3.5, 0, 5.75, 13, 14])
@pytest.mark.parametrize("second_of_day", [0, 1, 43_200, 86_399])
@pytest.mark.parametrize("day_seconds", [82_800, 86_400, 90_000])  # with daylight saving beginning and ending
def test_the_day_rule_never_hides_a_contact_at_the_lower_bound(zone_hours, second_of_day, day_seconds):
    """`> v` means: from the start of the day after v's day, in the workspace's zone."""
    midnight = NOW - NOW % DAY_SECONDS - int(zone_hours * 3_600)
    wanted = midnight + min(second_of_day, day_seconds - 1)
    value = CONTACTS.query(wanted)["value"]
    # The day that holds `value` began at midnight or before; the next one begins no more than a day later.
    next_day_starts_at = midnight if value < midnight else midnight + day_seconds
    assert next_day_starts_at <= wanted


@pytest.mark.parametrize("search", [TICKETS, CONTACTS])
def test_a_bound_is_never_negative_and_right_for_both_meanings_of_greater(search):
    assert search.query(0) == {"field": "updated_at", "operator": ">", "value": 0}
    assert search.query(NOW)["value"] <= NOW - 1


@pytest.mark.parametrize("search", [TICKETS, CONTACTS])
def test_versions_are_remembered_for_everything_that_a_pass_brings_again(search):
    earliest = search.query(NOW - 900)["value"]
    assert NOW - search.horizon_seconds(900) <= earliest + 1


@pytest.mark.parametrize("moment", ["2026-03-01T11:00:00Z", -62_135_596_800, True, None, {}, [5], 10**30, 1.5e300, ""])
def test_a_record_whose_time_nobody_can_read_is_loaded_wherever_reading_starts(serve, begin, moment):
    found = record("odd", moment, created_at=5)

    def answer(request):
        return Reply({"tickets": [found, record("1", NOW - 50)], "pages": {}, "total_count": 2}, headers=DATE)

    _, client = serve(answer)
    expected = ["1"] if moment is None else ["odd", "1"]  # created before the start, and never changed
    read = chunk(begin(client, {}, start_at=NOW - DAY_SECONDS), complete=lambda one: Whole(one, updated_at(one), None))
    assert read == expected

"""How long a run will still read: as the slower of its own pace and Intercom's limit, and unknown rather than wrong."""

import pytest

from pipelines.journal.remaining_time import count_expected, seconds_left, seconds_left_of_all
from sources.intercom.api.http.client import Tally
from sources.intercom.reading.resource_report import Report, ResourceReport


def resource(read, expected, calls=0, status="reading", repeated=0):
    return ResourceReport(
        "contacts",
        status,
        count_records=read,
        count_expected=expected,
        count_repeated=repeated,
        tally=Tally(calls),
    )


def test_half_read_takes_as_long_again():
    assert seconds_left(resource(500, 1_000), 60.0, None) == pytest.approx(60.0)


def test_a_limit_that_was_not_used_up_so_far_changes_nothing():
    assert seconds_left(resource(500, 1_000, calls=100), 60.0, 10.0) == pytest.approx(60.0)


def test_calls_that_were_allowed_in_a_burst_take_longer_from_now_on():
    assert seconds_left(resource(500, 1_000, calls=500), 10.0, 5.0) == pytest.approx(100.0)


def test_records_of_the_overlap_are_not_read_again():
    assert count_expected(resource(100, 1_000, repeated=800)) == 200
    assert seconds_left(resource(100, 1_000, repeated=800), 30.0, None) == pytest.approx(30.0)


def test_more_records_than_were_counted_leave_nothing():
    assert seconds_left(resource(1_200, 1_000), 30.0, None) == 0.0


@pytest.mark.parametrize(
    "unknown",
    [
        resource(0, 1_000),
        resource(19, 1_000),
        resource(500, None),
        resource(500, 1_000, status="waiting"),
        resource(1_000, 1_000, status="complete"),
        resource(0, 0),
    ],
    ids=["nothing read", "too little read", "not counted", "waiting", "ended", "nothing to read"],
)
def test_nothing_is_said_while_nobody_knows(unknown):
    assert seconds_left(unknown, 60.0, 10.0) is None


def test_a_run_takes_as_long_as_its_longest_resource():
    report = Report({"a": resource(10, 20), "b": resource(10, 100), "c": resource(0, None)})
    assert seconds_left_of_all(report, 10.0, None) == pytest.approx(90.0)
    assert seconds_left_of_all(Report({"c": resource(0, None)}), 10.0, None) is None

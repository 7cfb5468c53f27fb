import threading

import pytest

from pipelines.destination.deadline import answer_within
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop


def test_an_answer_is_returned():
    assert answer_within(60, lambda: "yes") == "yes"


def test_an_error_is_raised_as_it_is():
    with pytest.raises(ZeroDivisionError):
        answer_within(60, lambda: 1 // 0)


def test_who_does_not_answer_is_not_waited_for():
    for_ever = threading.Event()
    with pytest.raises(Stop, match=r"has not answered within 0 seconds\. Check that it is running") as stopped:
        answer_within(0.01, for_ever.wait)
    assert stopped.value.code == ExitCode.FAILED
    for_ever.set()

"""What waits for a lock on PostgreSQL is tried again for a while that begins with the first refusal."""

import time

import pytest

from transforms.runner.warehouse.postgres.lock_waiting import LOCK_NOT_AVAILABLE, attempts


class Refused(Exception):
    """As a driver raises it."""

    pgcode = LOCK_NOT_AVAILABLE


def tries(seconds, *outcomes):
    """Try until an outcome is no error, each after more than a hundredth of a second; return how often."""
    left = list(outcomes)
    for attempt in attempts(seconds):
        with attempt:
            time.sleep(0.02)  # the rows of a large model
            if error := left.pop(0):
                raise error
    return len(outcomes) - len(left)


def test_what_takes_longer_than_the_patience_before_it_needs_the_lock_is_tried_again():
    assert tries(0.01, Refused(), None) == 2


def test_patience_ends():
    with pytest.raises(Refused, match="the second"):
        tries(0.01, Refused("the first"), Refused("the second"), None)


def test_what_is_no_refusal_is_not_tried_again():
    with pytest.raises(ZeroDivisionError):
        tries(60, ZeroDivisionError(), None)

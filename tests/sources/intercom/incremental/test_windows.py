"""Windows of time: they meet, the last is open, and their length follows what Intercom can answer."""

import pytest

from sources.intercom.api.day import DAY_SECONDS
from sources.intercom.incremental.windows import FEW_PAGES, SHORTEST_WINDOW_SECONDS, WINDOW_SECONDS, Window

AFTER = 1_700_000_000
MANY_PAGES = FEW_PAGES + 1


@pytest.mark.parametrize("count_pages", [0, FEW_PAGES, MANY_PAGES])
def test_windows_follow_each_other_without_a_gap_up_to_the_present(count_pages):
    until = AFTER + 10 * WINDOW_SECONDS
    windows = [Window(AFTER, until)]
    while not windows[-1].is_last:
        windows.append(windows[-1].following(count_pages))
    assert [window.before for window in windows] == [*(window.after for window in windows[1:]), None]
    assert windows[-1].after < until <= windows[-1].end


@pytest.mark.parametrize("seconds_left", [-DAY_SECONDS, 0, WINDOW_SECONDS])
def test_a_window_that_reaches_the_present_is_open(seconds_left):
    assert Window(AFTER, AFTER + seconds_left).before is None
    assert Window(AFTER, AFTER + WINDOW_SECONDS + 1).before == AFTER + WINDOW_SECONDS


def test_a_window_is_halved_from_its_start_on_until_it_is_too_short():
    until = AFTER + 10 * WINDOW_SECONDS
    assert Window(AFTER, until).halved() == Window(AFTER, until, WINDOW_SECONDS // 2)
    assert Window(AFTER, until, 2 * SHORTEST_WINDOW_SECONDS).halved() == Window(AFTER, until, SHORTEST_WINDOW_SECONDS)
    assert Window(AFTER, until, 2 * SHORTEST_WINDOW_SECONDS - 1).halved() is None


def test_of_an_open_window_half_of_what_it_has_up_to_the_present_is_tried():
    until = AFTER + 4 * SHORTEST_WINDOW_SECONDS
    assert Window(AFTER, until).halved() == Window(AFTER, until, 2 * SHORTEST_WINDOW_SECONDS)
    assert Window(AFTER, AFTER + SHORTEST_WINDOW_SECONDS).halved() is None
    assert Window(AFTER, AFTER - DAY_SECONDS).halved() is None


@pytest.mark.parametrize("seconds", [SHORTEST_WINDOW_SECONDS, WINDOW_SECONDS, 8 * WINDOW_SECONDS])
def test_a_window_doubles_after_few_pages_and_has_at_most_its_usual_length_after_many(seconds):
    window = Window(AFTER, AFTER + 20 * WINDOW_SECONDS, seconds)
    assert window.following(FEW_PAGES).seconds == 2 * seconds
    assert window.following(MANY_PAGES).seconds == min(seconds, WINDOW_SECONDS)


def test_a_list_that_answers_only_short_windows_is_halved_once_and_not_before_each_of_them():
    longest, failed = WINDOW_SECONDS // 4, 0
    window = Window(AFTER, AFTER + 12 * WINDOW_SECONDS)
    while not window.is_last:
        if window.seconds > longest:
            failed += 1
            window = window.halved()
        else:
            window = window.following(MANY_PAGES)
    assert failed == 2

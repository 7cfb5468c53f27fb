"""The transitions of a pass over a search, one by one."""

import pytest

from sources.intercom.incremental.search.progress import Progress
from sources.intercom.incremental.search.search_pass import Pass

OVERLAP = 60
IDLE = Progress()


def begun(progress, start_at=0):
    return progress.begun(start_at, OVERLAP)


LONG_AFTER = 1_000_000  # nothing is indexed as late as that


def advanced(progress, updated_at, page_cursor, read_at=LONG_AFTER):
    return progress.advanced(updated_at, page_cursor, read_at, OVERLAP)


def ended(progress, updated_at):
    return progress.ended(updated_at, OVERLAP)


def moved_on(progress, updated_at, after, read_at=LONG_AFTER):
    return progress.moved_on(updated_at, after, read_at, OVERLAP)


def test_the_first_pass_begins_at_the_start_date_and_the_next_before_the_watermark():
    first = begun(IDLE, start_at=500)
    assert first.in_pass == Pass(after=500)
    assert begun(ended(first, 2_000), start_at=500).in_pass == Pass(after=1_940, known_to=2_000)


def test_a_pass_keeps_its_lower_bound_through_all_its_chunks():
    chunk = advanced(begun(IDLE), 2_000, "c1")
    assert begun(chunk, start_at=900) == chunk
    assert (chunk.in_pass.after, chunk.in_pass.page_cursor) == (0, "c1")


def test_the_watermark_never_goes_back():
    progress = Progress(5_000, Pass(4_000))
    assert advanced(progress, 4_100, "c1").watermark == 5_000
    assert ended(progress, 4_100).watermark == 5_000


def test_an_empty_pass_ends_without_a_watermark():
    assert ended(begun(IDLE), None) == IDLE


def test_a_refused_page_cursor_leads_back_to_before_what_was_reached():
    left = Progress(5_000, Pass(100, "c9", reached=4_000, count_listed=7, known_to=3_000, start_at=50))
    assert left.restarted(OVERLAP).in_pass == Pass(3_940, known_to=3_000, start_at=50)


def test_a_page_cursor_refused_before_the_first_record_leads_back_to_the_start():
    assert Progress(going_on=Pass(500, "c1")).restarted(OVERLAP).in_pass == Pass(500)


def test_reading_again_never_begins_after_the_watermark_and_leaves_it():
    loaded = Progress(5_000)
    assert loaded.rereading(100, 0, OVERLAP) == Progress(5_000, Pass(100, start_at=0))
    assert loaded.rereading(9_000, 0, OVERLAP).in_pass.after == 5_000 - OVERLAP


def test_reading_again_where_nothing_was_loaded_leaves_nothing_out():
    assert IDLE.rereading(9_000, 300, OVERLAP).in_pass.after == 300


def test_reading_again_does_not_cut_an_unfinished_pass_short():
    """What an earlier `--since` has not reached yet is still to be read."""
    left = Progress(9_000, Pass(100, "c", reached=400))
    assert left.rereading(8_000, 0, OVERLAP).in_pass == Pass(400 - OVERLAP, start_at=0)


def test_a_pass_that_reads_again_keeps_its_own_start():
    again = IDLE.rereading(50, 50, OVERLAP)
    assert again.earliest(700) == 50
    assert IDLE.earliest(700) == 700


def starting(progress, start_at):
    return progress.starting(start_at, OVERLAP)


def test_a_start_date_moved_back_reads_all_since_then_once():
    loaded = ended(begun(starting(IDLE, 500), start_at=500), 5_000)
    again = starting(loaded, 200)
    assert again == Progress(5_000, Pass(200, start_at=200), read_from=200)
    for start_at in (200, 200, 500):
        assert starting(again, start_at) == again
    assert starting(ended(again, 5_000), 200) == Progress(5_000, read_from=200)


def test_a_start_date_moved_back_reaches_a_first_pass_that_goes_on():
    left = advanced(begun(starting(IDLE, 500), start_at=500), 2_000, "c")
    assert starting(left, 0).in_pass == Pass(0, start_at=0)
    assert starting(left, 500) == left


def test_a_start_date_that_is_not_moved_reads_nothing_again():
    loaded = ended(begun(starting(IDLE, 500), start_at=500), 5_000)
    assert starting(loaded, 500) == starting(loaded, 900) == loaded


@pytest.mark.parametrize("left", [Progress(5_000, read_from=500), Progress(9_000, Pass(50, "c", 5_000), read_from=500)])
def test_what_a_later_start_date_has_left_out_is_read_once_it_is_moved_back(left):
    later = starting(left, 7_000)
    assert later == Progress(left.watermark, left.going_on, read_from=7_000)
    assert starting(later, 500).in_pass == Pass(500, start_at=500)


def test_a_state_of_an_earlier_version_had_the_start_date_of_now():
    known = starting(Progress(5_000), 500)
    assert known == Progress(5_000, read_from=500)
    assert starting(known, 0).in_pass == Pass(0, start_at=0)
    again = Progress(5_000, Pass(20, start_at=20))
    assert starting(again, 500) == Progress(5_000, Pass(20, start_at=20), read_from=20)


def test_a_range_that_was_read_whole_is_left_behind():
    left = advanced(begun(IDLE, start_at=500), 2_000, "c1").listed(150, 900)
    behind = moved_on(left, 2_900, 3_000)
    assert (behind.watermark, behind.in_pass) == (2_900, Pass(3_000))
    assert behind.passed_at(OVERLAP) == 2_900 - OVERLAP
    assert begun(behind, start_at=500) == behind


def test_where_ranges_began_and_how_many_records_they_had_is_known_until_the_pass_goes_on_otherwise():
    first = begun(IDLE, start_at=500).moved_on(2_900, 3_000, LONG_AFTER, OVERLAP, 150)
    second = first.moved_on(5_900, 6_000, LONG_AFTER, OVERLAP, 170)
    assert second.in_pass == Pass(6_000, origin=500, count_in_ranges=320)
    assert moved_on(second, 6_500, 6_400).in_pass == Pass(6_400)
    second.put_into(state := {})
    assert Progress.of(state) == second


def test_ranges_that_cannot_have_brought_everything_are_read_again():
    assert moved_on(Progress(9_000, Pass(8_000, known_to=70, start_at=5)), None, 100) == Progress(
        9_000, Pass(100, known_to=70, start_at=5)
    )


def test_a_pass_that_came_short_is_started_over_once_in_a_run():
    short = advanced(begun(Progress(900)), 1_000, "c").listed(3)
    once = short.repeated(OVERLAP)
    assert once.in_pass == Pass(840, is_repeated=True)
    assert once.listed(3).repeated(OVERLAP).in_pass == Pass(840)


def test_where_only_some_came_twice_a_pass_starts_over_from_there():
    far = advanced(begun(Progress(900)), 5_000, "c").listed(3, came_again=1, again_at=4_000).listed(3)
    assert far.in_pass.again_at == 4_000
    assert far.listed(1, came_again=1, again_at=3_000).in_pass.again_at == 3_000
    assert far.listed(1, came_again=1, again_at=0).in_pass.again_at == 840, "what is older was not searched for"
    assert far.repeated(OVERLAP, is_short=False).in_pass == Pass(4_000 - OVERLAP, is_repeated=True)
    assert far.repeated(OVERLAP).in_pass == Pass(840, is_repeated=True), "others may be hidden before that"


def test_what_came_twice_before_a_page_cursor_was_refused_is_not_forgotten():
    left = advanced(begun(Progress(900)), 5_000, "c").listed(3, came_again=1, again_at=2_000)
    for behind in (left.restarted(OVERLAP), moved_on(left, 5_000, 5_000 - OVERLAP)):
        assert (behind.in_pass.after, behind.in_pass.came_again) == (5_000 - OVERLAP, 1)
        for is_short in (True, False):
            assert behind.repeated(OVERLAP, is_short=is_short).in_pass == Pass(2_000 - OVERLAP, is_repeated=True)


def test_a_pass_is_not_repeated_once_more_because_its_page_cursor_was_refused():
    """A search that always lists one record twice would never end where it refuses every remembered cursor."""
    again = advanced(begun(IDLE).repeated(OVERLAP), 5_000, "c")
    assert again.restarted(OVERLAP).in_pass.is_repeated
    assert moved_on(again, 5_000, 5_000 - OVERLAP).in_pass.is_repeated


def test_an_unsorted_pass_starts_over_at_its_own_bound_alone():
    """Newest first, say: everything else is before what was reached."""
    left = advanced(begun(Progress(900)).found_unsorted(OVERLAP), 5_000, "c", read_at=5_010).listed(
        3, came_again=1, again_at=4_000
    )
    assert left.restarted(OVERLAP).in_pass == Pass(840, known_to=900, came_again=1, again_at=4_000, is_unsorted=True)
    assert left.repeated(OVERLAP, is_short=False).in_pass == Pass(840, is_repeated=True, is_unsorted=True)
    assert left.rereading(9_000, 0, OVERLAP).in_pass.after == 840
    assert left.passed_at(0) == 840
    assert advanced(left, 1_000, "d").in_pass.reached == 5_000


def test_what_changed_before_a_pass_was_found_unsorted_is_left_to_the_next_pass():
    left = advanced(begun(IDLE), 5_000, "c", read_at=9_000)
    assert left.found_unsorted(OVERLAP).again_from == 9_000 - OVERLAP
    assert left.found_unsorted(OVERLAP, is_over=True).again_from is None, "one stale record would cost another pass"
    assert begun(IDLE).found_unsorted(OVERLAP).again_from is None, "on its first page"
    of_earlier_version = advanced(Progress(5_000, Pass(70, "c", reached=5_000)), 5_000, "d", read_at=9_000)
    assert of_earlier_version.found_unsorted(OVERLAP).again_from == 70, "nobody knows when it began"


def test_where_each_pass_is_found_unsorted_behind_its_first_page_the_next_one_begins_later():
    progress, bounds = IDLE, []
    for now in (10_000, 20_000, 30_000):
        first = advanced(begun(progress), now - 5_000, "c", read_at=now)
        second = advanced(first.found_unsorted(OVERLAP), now, "d", read_at=now + 10)
        progress = ended(second, now)
        bounds.append(begun(progress).in_pass.after)
    assert bounds == [10_000 - OVERLAP, 20_000 - OVERLAP, 30_000 - OVERLAP]


def test_what_changes_while_an_unsorted_pass_is_read_is_left_to_the_next_pass():
    left = advanced(begun(IDLE).found_unsorted(OVERLAP), 5_000, "c", read_at=6_000)
    over = ended(advanced(left, 90_000, "d", read_at=90_000), 90_000)
    assert begun(over).in_pass == Pass(6_000 - OVERLAP, known_to=90_000), "the next one may be sorted"


def test_what_is_indexed_late_behind_a_page_close_to_the_present_is_left_to_the_next_pass():
    left = advanced(begun(IDLE), 5_000, "c", read_at=5_010)
    over = ended(advanced(begun(left), 90_000, "d", read_at=90_000), 90_000)
    following = begun(over)
    assert following.in_pass.after == 5_010 - OVERLAP
    assert begun(ended(following, 90_000)).in_pass.after == 90_000 - OVERLAP


def test_nothing_comes_late_behind_a_page_long_before_the_present():
    left = advanced(begun(IDLE), 5_000, "c", read_at=5_000 + OVERLAP)
    assert begun(ended(left, 90_000)).in_pass.after == 90_000 - OVERLAP


def test_a_range_close_to_the_present_is_as_fresh_as_a_page():
    left = moved_on(begun(IDLE), 4_990, 5_000, read_at=5_010)
    assert begun(ended(left, 90_000)).in_pass.after == 5_010 - OVERLAP


def test_a_pass_that_takes_a_moment_leaves_nothing_but_the_overlap():
    left = advanced(begun(IDLE), 5_000, "c", read_at=5_010)
    assert ended(left, 5_009) == Progress(5_009)


def test_a_fresh_pass_of_an_earlier_version_is_followed_by_one_that_starts_before_it():
    state = {"watermark": 90_500, "pass": {"after": 5, "page_cursor": "c", "reached": 90_000, "is_fresh": True}}
    left = Progress.of(state)
    assert left.in_pass == Pass(5, "c", reached=90_000)
    assert begun(ended(left, 200_000)).in_pass.after == 90_000 - 86_400


def test_between_passes_nothing_can_be_listed():
    with pytest.raises(ValueError, match="no pass"):
        IDLE.listed(1)

"""Where an incremental resource stands, and what its state means."""

from sources.intercom.incremental.position import Position, is_unfinished

OVERLAP = 60
HORIZON = 900


def position(state):
    return Position(state, OVERLAP, HORIZON)


def test_the_first_pass_begins_at_the_start_date_and_the_next_before_the_watermark():
    state = {}
    assert position(state).after(start_at=500) == 500
    position(state).advance(2_000, None, is_last=True)
    assert position(state).after(start_at=500) == 1_940


def test_a_pass_keeps_its_lower_bound_through_all_its_chunks():
    state = {}
    position(state).after(start_at=0)
    position(state).advance(2_000, "c1", is_last=False)
    assert position(state).after(start_at=0) == 0
    assert position(state).page_cursor == "c1"


def test_the_watermark_never_goes_back():
    state = {"watermark": 5_000, "pass": {"after": 4_000}}
    position(state).advance(4_100, "c1", is_last=False)
    assert state["watermark"] == 5_000


def test_an_empty_pass_ends_without_a_watermark():
    state = {"pass": {"after": 0}}
    position(state).advance(None, None, is_last=True)
    assert state == {}
    assert position(state).watermark is None


def test_a_pass_goes_on_until_its_last_page():
    state = {}
    position(state).after(0)
    assert is_unfinished(state)
    position(state).advance(10, "c1", is_last=False)
    assert is_unfinished(state)
    position(state).advance(20, None, is_last=True)
    assert not is_unfinished(state)


def test_a_refused_page_cursor_leads_back_to_before_the_watermark():
    state = {"watermark": 5_000, "pass": {"after": 0, "page_cursor": "c9"}}
    position(state).restart()
    assert position(state).page_cursor is None
    assert position(state).after(0) <= 4_940


def test_a_page_cursor_refused_before_the_first_record_leads_back_to_the_start():
    state = {"pass": {"after": 500, "page_cursor": "c1"}}
    position(state).restart()
    assert position(state).page_cursor is None
    assert position(state).after(0) == 500


def test_reading_again_never_begins_after_the_watermark():
    for since, after in ((100, 100), (9_000, 5_000 - OVERLAP)):
        state = {"watermark": 5_000, "seen": ""}
        position(state).reread(since)
        assert position(state).after(0) == after
        assert "seen" not in state


def test_reading_again_leaves_the_watermark():
    state = {"watermark": 5_000}
    position(state).reread(100)
    assert position(state).watermark == 5_000


def test_a_full_refresh_begins_with_nothing():
    state = {"watermark": 5_000, "pass": {"after": 1, "page_cursor": "c"}, "seen": ""}
    position(state).reset()
    assert state == {}
    assert position(state).after(start_at=7) == 7


def test_versions_are_remembered_as_far_back_as_a_pass_can_bring_them_again():
    state = {"watermark": 5_000}
    before = position(state)
    before.seen.add(b"too old.", 5_000 - HORIZON - 1)
    before.seen.add(b"in range", 5_000 - HORIZON)
    before.save_seen()
    assert b"in range" in position(state).seen
    assert b"too old." not in position(state).seen


def test_reading_again_does_not_cut_an_unfinished_pass_short():
    """What an earlier `--since` has not reached yet is still to be read."""
    state = {"watermark": 9_000, "pass": {"after": 100, "reached": 400, "page_cursor": "c"}}
    position(state).reread(8_000)
    assert position(state).after(0) <= 400 - OVERLAP
    assert position(state).page_cursor is None


def test_a_pass_that_was_interrupted_close_to_the_present_is_followed_by_one_that_starts_there():
    state = {}
    position(state).after(0)
    position(state).advance(5_000, "c", is_last=False, read_at=5_010)
    position(state).resume()
    position(state).advance(90_000, None, is_last=True, read_at=90_000)
    assert position(state).after(0) == 5_000 - OVERLAP
    position(state).advance(90_000, None, is_last=True, read_at=90_000)
    assert position(state).after(0) == 90_000 - OVERLAP


def test_a_backfill_that_was_interrupted_long_before_the_present_is_not_repeated():
    state = {}
    position(state).after(0)
    position(state).advance(5_000, "c", is_last=False, read_at=90_000)
    position(state).resume()
    position(state).advance(90_000, None, is_last=True, read_at=90_000)
    assert position(state).after(0) == 90_000 - OVERLAP

"""How far a search has come, in dlt's state."""

from sources.intercom.incremental.dlt_state import VERSION
from sources.intercom.incremental.search.progress import Progress
from sources.intercom.incremental.search.search_pass import Pass
from sources.intercom.incremental.search.stored_progress import StoredProgress

OVERLAP = 60
HORIZON = 900


def stored_progress(state):
    return StoredProgress(state, OVERLAP, HORIZON)


def test_progress_is_in_the_state_at_once():
    state = {}
    stored_progress(state).progress = Progress(5_000, Pass(100, "c"))
    assert state == {"watermark": 5_000, "pass": {"after": 100, "page_cursor": "c"}}
    stored_progress(state).progress = Progress(6_000)
    assert state == {"watermark": 6_000}


def test_reading_again_forgets_which_versions_were_seen():
    state = {"watermark": 5_000, "seen": "", "unsettled": ""}
    stored_progress(state).reread(100, 0)
    assert state == {"watermark": 5_000, "pass": {"after": 100, "start_at": 0}}


def test_a_full_refresh_begins_with_nothing():
    state = {"watermark": 5_000, "pass": {"after": 1, "page_cursor": "c"}, "seen": ""}
    stored_progress(state).reset()
    assert state == {"version": VERSION}
    assert stored_progress(state).progress == Progress()


def test_versions_are_remembered_as_far_back_as_a_pass_can_bring_them_again():
    state = {"watermark": 5_000}
    before = stored_progress(state)
    before.versions.settled.add(b"too old.", 5_000 - HORIZON - 1)
    before.versions.settled.add(b"in range", 5_000 - HORIZON)
    before.save_versions()
    assert b"in range" in stored_progress(state).versions.settled
    assert b"too old." not in stored_progress(state).versions.settled

"""The rule behind the overlap: whatever is indexed no later than the overlap is loaded, however runs are cut."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.intercom.incremental.search.progress import Progress

OVERLAP_SECONDS = 60
PER_PAGE = 2


@dataclass(frozen=True)
class Change:
    """A record that changed, and from when on the search knows it."""

    record_id: str
    updated_at: int
    indexed_at: int


def page_cursor(change):
    return f"{change.updated_at:012d}|{change.record_id}"


def run(progress, changes, now, pages_left):
    """Read as a run does, page by page, for at most `pages_left` pages; return the ids and the progress to be kept."""
    progress, read = progress.resumed(OVERLAP_SECONDS), set()
    while pages_left:
        progress = progress.begun(0, OVERLAP_SECONDS)
        after, reached = progress.in_pass.after, progress.in_pass.page_cursor or ""
        listed = [change for change in changes if change.indexed_at <= now and change.updated_at >= after]
        following = sorted((change for change in listed if page_cursor(change) > reached), key=page_cursor)
        page, rest = following[:PER_PAGE], following[PER_PAGE:]
        read |= {change.record_id for change in page}
        newest_at = max((change.updated_at for change in page), default=None)
        pages_left -= 1
        if not rest:
            return read, progress.ended(newest_at)
        progress = progress.advanced(newest_at, page_cursor(page[-1]), now, OVERLAP_SECONDS)
    return read, progress


DAYS = st.lists(
    st.tuples(
        # Changes of a day: seconds since the one before, and how late each is indexed.
        st.lists(st.tuples(st.integers(0, 40), st.integers(0, OVERLAP_SECONDS)), max_size=6),
        st.integers(0, 4),  # pages until the run ends early
        st.booleans(),  # killed: nothing of the run is kept
    ),
    max_size=6,
)


@given(DAYS)
@settings(max_examples=2_000)  # they take a second, and a hole needs a few things to come together
def test_what_is_indexed_within_the_overlap_is_loaded_however_runs_end(days):
    progress, changes, loaded, now = Progress(), [], set(), 1_000
    for changed, pages, is_killed in days:
        for seconds, late_seconds in changed:
            now += seconds
            changes.append(Change(f"{len(changes):04d}", now, now + late_seconds))
        read, reached = run(progress, changes, now, pages)
        if not is_killed:
            progress, loaded = reached, loaded | read
    now += OVERLAP_SECONDS
    for _ in range(2):  # what was indexed behind an unfinished pass needs another one
        read, progress = run(progress, changes, now, 1_000)
        loaded |= read
    assert loaded == {change.record_id for change in changes}
    assert progress.going_on is None

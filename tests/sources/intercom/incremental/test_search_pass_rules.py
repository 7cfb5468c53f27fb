"""The rule behind the overlap: whatever is indexed no later than the overlap is loaded, however runs are cut."""

from dataclasses import dataclass

from hypothesis import example, given, settings
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


def run(progress, changes, now, pages_left, pauses):
    """Read as a run does, page by page, for at most `pages_left` pages.

    `pauses`: seconds from each page to the next, as where the chunk behind it is loaded, or a laptop sleeps. Return the
    ids, the progress to be kept, and the time.
    """
    read = set()
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
            return read, progress.ended(newest_at, OVERLAP_SECONDS), now
        progress = progress.advanced(newest_at, page_cursor(page[-1]), now, OVERLAP_SECONDS)
        now += pauses[pages_left % len(pauses)] if pauses else 0
    return read, progress, now


def one_of(*values):
    """Draw one of a few; what is named twice comes twice as often."""
    return st.sampled_from(values)


# A hole needs a few things to come together: a change that is indexed as late as can be, a page that is read before
# that, and a pause in which the pass moves on. Values are few so that they do: it is so in one of fifty examples.
DAYS = st.lists(
    st.tuples(
        # Changes of a day: seconds since the one before, and how late each is indexed.
        st.lists(
            st.tuples(one_of(0, 1, 5, 5, 5, 150), one_of(0, 0, 0, OVERLAP_SECONDS - 1, OVERLAP_SECONDS)),
            min_size=1,
            max_size=6,
        ),
        one_of(1, 2, 4, 4, 4),  # pages until the run ends early
        one_of(*[False] * 5, True),  # killed: nothing of the run is kept
        one_of(0, 100, 100, 155),  # seconds before the last change of the day at which the run begins
        st.lists(one_of(0, OVERLAP_SECONDS + 1, 200), min_size=1, max_size=2),
    ),
    max_size=4,
)


@given(DAYS)
@example([([(1, 60), (4, 0), (5, 0), (5, 0), (145, 0)], 4, False, 100, [200])])  # the first comes as late as can be
@settings(max_examples=300)
def test_what_is_indexed_within_the_overlap_is_loaded_however_runs_end(days):
    progress, changes, loaded, changed_at, now = Progress(), [], set(), 1_000, 1_000
    for changed, pages, is_killed, seconds_before, pauses in days:
        for seconds, late_seconds in changed:
            changed_at += seconds
            changes.append(Change(f"{len(changes):04d}", changed_at, changed_at + late_seconds))
        now = max(now, changed_at - seconds_before)
        read, reached, now = run(progress, changes, now, pages, pauses)
        if not is_killed:
            progress, loaded = reached, loaded | read
    now = max(now, changed_at) + OVERLAP_SECONDS
    for _ in range(2):  # what was indexed behind a fresh page needs another one
        read, progress, now = run(progress, changes, now, 1_000, [])
        loaded |= read
    assert loaded == {change.record_id for change in changes}
    assert progress.going_on is None

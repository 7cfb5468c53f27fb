"""A pass over a search in progress, as a plain value; `progress` has its transitions."""

from dataclasses import dataclass, replace

from ...api.completeness.shortfall import Count, is_clearly_less


@dataclass(frozen=True)
class Pass:
    """A search's pass in progress.

    `after`: its lower bound. `page_cursor`: where it goes on, so that a day with a million records neither stalls nor
    starts over (None: at its start). `reached`: the highest `updated_at` of this pass. `count_listed`: how many it has
    brought so far; `total_count`: how many Intercom counted on its first page; `came_again`: how many were listed twice
    as they are, `again_at`: the earliest moment of the pages that did so. `known_to`: the watermark when it began, if
    it does nothing but continue: what it finds before that, and was not loaded before, only the overlap has rescued.
    `start_at`: a pass that reads again on purpose may begin before the `start_at` of the run that takes it up; it keeps
    its own. `is_repeated`: records may have been hidden from it once, and it was started over. `origin`: where the
    ranges of time began that it has read since, `count_in_ranges`: how many records they had. `is_unsorted`: Intercom
    does not list it by `updated_at`, so that there may be more before what it has `reached`. `listed_from`: Intercom's
    clock when the first page of what it lists now was read; an earlier version has not kept it (None).
    """

    after: int
    page_cursor: str | None = None
    reached: int | None = None
    count_listed: int = 0
    total_count: int | None = None
    came_again: int = 0
    again_at: int | None = None
    known_to: int | None = None
    start_at: int | None = None
    is_repeated: bool = False
    origin: int | None = None
    count_in_ranges: int = 0
    is_unsorted: bool = False
    listed_from: int | None = None

    def count(self, last_total_count: int | None) -> Count:
        """Return what proves the pass in progress, given Intercom's count on its last page.

        Where records came twice, what is new since the first page takes the place of those that they hide: the last
        page's number has both.
        """
        is_contradicted = last_total_count is not None and is_clearly_less(last_total_count, self.count_listed)
        total_count = self.total_count
        if self.came_again and total_count is not None:
            total_count = max(total_count, last_total_count or 0)
        return Count(self.count_listed, total_count, self.came_again, is_contradicted)

    def repeats_after(self, overlap_seconds: int, *, is_short: bool) -> int:
        """Return the lower bound from which a pass is repeated: the whole one if it `is_short` by Intercom's count.

        What a record that came twice may hide has about the same place; the pass may have gone back before it since.
        """
        if self.again_at is None or self.is_unsorted:
            return self.after
        hidden_from = min(self.again_at, self.passed) - overlap_seconds
        return min(self.after, hidden_from) if is_short else hidden_from

    def going_on_from(self, after: int) -> "Pass":
        """Return this pass as it goes on from a moment without a page cursor, nothing counted.

        It still knows what came twice, which may hide others, whether it is repeated, or it might be for ever, and
        whether it is unsorted.
        """
        return Pass(
            after,
            known_to=self.known_to,
            start_at=self.start_at,
            is_repeated=self.is_repeated,
            came_again=self.came_again,
            again_at=self.again_at,
            is_unsorted=self.is_unsorted,
        )

    def behind_range(self, after: int, count: int) -> "Pass":
        """Return this pass as it goes on behind a range of time with so many records."""
        origin = self.after if self.origin is None else self.origin
        return replace(self.going_on_from(after), origin=origin, count_in_ranges=self.count_in_ranges + count)

    def restart_after(self, overlap_seconds: int) -> int:
        """Return the lower bound at which a pass in progress can start over without its page cursor."""
        return max(self.after, self.passed - overlap_seconds)

    @property
    def passed(self) -> int:
        """The moment before which a pass in progress has brought everything that it finds."""
        return self.after if self.reached is None or self.is_unsorted else self.reached

"""The pass over a search as a state machine of plain values: no server, no dlt, no clock.

A pass is one search from a lower bound to its last page. It may take many load packages and many runs. Between two
passes the progress is idle (`going_on` is None). Times are unix seconds.

| progress | event | method | next progress |
|---|---|---|---|
| idle | a chunk begins | `begun` | in a pass, from `watermark - overlap` on (from `start_at` before the first record), or from `again_from` where that is earlier |
| in a pass | a chunk begins | `begun` | the same: a pass keeps its lower bound |
| any | a person wants everything since a moment again | `rereading` | in a pass from that moment on, or from the first thing unread where that is earlier; no page cursor |
| any | a run begins | `starting` | the same, with the moment that it is read from; where the start date is earlier than that, `rereading` from there |
| any | a person starts from scratch | `Progress()` | idle, nothing loaded |
| in a pass | the page cursor is refused | `restarted` | in a pass from `reached - overlap` on, or from the same bound where it is unsorted; no page cursor, nothing counted |
| in a pass | the last page came, and records may be hidden | `repeated` | in a pass from the same bound on, or from where records came twice and it is not unsorted, no page cursor, nothing counted; remembers that it is the second time, and forgets it the time after |
| in a pass | a page lies clearly before what was listed | `found_unsorted` | the same, which starts over at its own bound alone: what was reached says nothing; where earlier pages are not known to have been unsorted, and others follow, `again_from` is at most the moment of its first page `- overlap`, or its bound where that moment is not known |
| in a pass | records were listed | `listed` | the same, more of them counted |
| in a pass | a page is on its way, another follows | `advanced` | in the pass, behind that page; the watermark never goes back; behind a fresh page, and behind any of an unsorted pass, `again_from` is at most its moment `- overlap` |
| in a pass | a range of time is on its way as a whole | `moved_on` | in the pass, from behind that range on: no page cursor, nothing counted but the records of ranges; else as with a page |
| in a pass | the last page is on its way | `ended` | idle; the watermark never goes back; `again_from` stays where it is earlier than `watermark - overlap` |

A page is fresh where it was read less than the overlap after what the pass has reached: something may still be indexed
behind it. What is read later, at once or after days, does not find that any more, and the next pass has to.
"""  # noqa: E501 - a table's row is one line

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, cast

from ..dlt_state import SearchPass, SearchState
from .search_pass import Pass

LONGEST_OVERLAP_SECONDS = 86_400  # that an earlier version was run with


@dataclass(frozen=True)
class Progress:
    """The progress of a search: how far it has come.

    `watermark`: the highest `updated_at` that was loaded; never a clock. None before the first record. `again_from`:
    where the next pass has to start although the watermark is further on, because of a fresh page. `read_from`: from
    here on everything was read, or is by the pass that goes on; an earlier version has not kept it (None).
    """

    watermark: int | None = None
    going_on: Pass | None = None
    again_from: int | None = None
    read_from: int | None = None

    @classmethod
    def of(cls, state: SearchState) -> "Progress":
        """Return the search's progress that a state holds."""
        idle = cls(state.get("watermark"), None, state.get("again_from"), state.get("read_from"))
        if "pass" not in state:
            return idle
        left: dict[str, Any] = dict(state["pass"])
        going_on = Pass(**{one.name: left[one.name] for one in fields(Pass) if one.name in left})
        progress = replace(idle, going_on=going_on)
        if left.get("is_fresh") and going_on.reached is not None:  # as an earlier version has left it
            return progress._again_from(going_on.reached - LONGEST_OVERLAP_SECONDS)
        return progress

    def put_into(self, state: SearchState) -> None:
        """Write the search's progress into a state; what says nothing is left out."""
        _put(state, "watermark", self.watermark)
        _put(state, "again_from", self.again_from)
        _put(state, "read_from", self.read_from)
        if self.going_on is None:
            state.pop("pass", None)
        else:
            state["pass"] = _written(self.going_on)

    @property
    def in_pass(self) -> Pass:
        """The pass in progress; between two passes, asking for it is a mistake of the caller."""
        if self.going_on is None:
            raise ValueError("no pass is going on")
        return self.going_on

    def starting(self, start_at: int, overlap_seconds: int) -> "Progress":
        """Return the progress as a run begins that reads nothing older than `start_at`.

        Where that is earlier than what was read from, everything since then is read, once. Where it is later than what
        was reached, the time between is left out.
        """
        if self.watermark is None and self.going_on is None:
            return replace(self, read_from=start_at)
        own = self.earliest(start_at)
        read_from = own if self.read_from is None else self.read_from
        if start_at < read_from:
            return replace(self.rereading(start_at, start_at, overlap_seconds), read_from=start_at)
        passed_at = self.passed_at(0)
        reached = self.in_pass.after if passed_at is None else passed_at
        return replace(self, read_from=max(read_from, own) if reached < own else read_from)

    def begun(self, start_at: int, overlap_seconds: int) -> "Progress":
        """Return the progress as a chunk begins."""
        if self.going_on is not None:
            return self
        lowest = start_at if self.watermark is None else self.watermark - overlap_seconds
        after = lowest if self.again_from is None else min(lowest, self.again_from)
        return replace(self, going_on=Pass(after, known_to=self.watermark), again_from=None)

    def rereading(self, since: int, start_at: int, overlap_seconds: int) -> "Progress":
        """Return the progress with everything since a moment wanted again; no gap is left to what is still to be read.

        Where nothing was ever loaded, everything from `start_at` on is still to be read.
        """
        bounds = [since, start_at if self.watermark is None else self.watermark - overlap_seconds]
        if self.going_on is not None:
            bounds.append(self.going_on.restart_after(overlap_seconds))
        return replace(self, going_on=Pass(min(bounds), start_at=self.earliest(start_at)))

    def earliest(self, start_at: int) -> int:
        """Return the moment before which nothing is read: `start_at` of the run, or an earlier one of the pass."""
        own = None if self.going_on is None else self.going_on.start_at
        return start_at if own is None else min(start_at, own)

    def restarted(self, overlap_seconds: int) -> "Progress":
        """Return the progress after the page cursor was refused, or has expired."""
        left = self.in_pass
        return replace(self, going_on=left.going_on_from(left.restart_after(overlap_seconds)))

    def repeated(self, overlap_seconds: int, *, is_short: bool = True) -> "Progress":
        """Return the progress of a pass that lacks records: it starts over once, the second time in the next run."""
        left = self.in_pass
        after = left.repeats_after(overlap_seconds, is_short=is_short)
        again = Pass(after, start_at=left.start_at, is_repeated=not left.is_repeated, is_unsorted=left.is_unsorted)
        return replace(self, going_on=again)

    def found_unsorted(self, overlap_seconds: int, *, is_over: bool = False) -> "Progress":
        """Return the progress of a pass that Intercom does not list by `updated_at`, as its pages show.

        That mostly shows on the first one. Where it does later, what has changed since then may lie before the pages
        between. The next pass has to read that, and no more, or each would begin at the same bound for ever. `is_over`:
        it shows on the last page, perhaps by one stale record.
        """
        left = self.in_pass
        found = replace(self, going_on=replace(left, is_unsorted=True))
        if is_over or left.reached is None:
            return found
        return found._again_from(left.after if left.listed_from is None else left.listed_from - overlap_seconds)

    def listed(
        self, count: int, total_count: int | None = None, came_again: int = 0, again_at: int | None = None
    ) -> "Progress":
        """Return the progress with the records of a listed page added, and its total kept."""
        going_on = self.in_pass
        first = total_count if going_on.total_count is None else going_on.total_count
        # The time of one that came twice may be unusable, or a stale index's; what it hides was searched for.
        hidden_at = None if again_at is None else max(again_at, going_on.after)
        going_on = replace(
            going_on,
            count_listed=going_on.count_listed + count,
            total_count=first,
            came_again=going_on.came_again + came_again,
            again_at=min((at for at in (going_on.again_at, hidden_at) if at is not None), default=None),
        )
        return replace(self, going_on=going_on)

    def advanced(
        self, updated_at: int | None, page_cursor: str | None, read_at: float, overlap_seconds: int
    ) -> "Progress":
        """Return the progress with everything up to `updated_at` on its way to the destination; more pages follow.

        `read_at` is Intercom's clock when the page was read.
        """
        begins = self.in_pass.page_cursor is None
        moved = self._moved(updated_at)
        if begins and moved.in_pass.listed_from is None:
            moved = replace(moved, going_on=replace(moved.in_pass, listed_from=int(read_at)))
        going_on = moved.in_pass
        if page_cursor is None:
            return moved
        reached = going_on.after if going_on.reached is None else going_on.reached
        behind = replace(moved, going_on=replace(going_on, page_cursor=page_cursor, reached=reached))
        if going_on.is_unsorted:  # what changes from now on may come before this page
            return behind._again_from(int(read_at) - overlap_seconds)
        return behind._behind(reached, read_at, overlap_seconds)

    def moved_on(
        self,
        updated_at: int | None,
        after: int,
        read_at: float,
        overlap_seconds: int,
        count_in_range: int | None = None,
    ) -> "Progress":
        """Return the progress with everything last changed before `after` on its way; the pass goes on from there.

        `after` may be earlier than the pass has come: what was read in ranges is then read again.
        """
        moved = self._moved(updated_at)
        left = moved.in_pass
        going_on = left.going_on_from(after) if count_in_range is None else left.behind_range(after, count_in_range)
        return replace(moved, going_on=going_on)._behind(after, read_at, overlap_seconds)

    def ended(self, updated_at: int | None, overlap_seconds: int) -> "Progress":
        """Return the progress with the last page, up to `updated_at`, on its way to the destination."""
        over = replace(self._moved(updated_at), going_on=None)
        is_met = over.again_from is None or over.again_from >= (over.watermark or 0) - overlap_seconds
        return replace(over, again_from=None) if is_met else over

    def _behind(self, reached: int, read_at: float, overlap_seconds: int) -> "Progress":
        """Return the progress behind a page that has reached so far: what changed later than this may come late."""
        indexed_to = int(read_at) - overlap_seconds
        return self._again_from(indexed_to) if indexed_to < reached else self

    def _again_from(self, moment: int) -> "Progress":
        return replace(self, again_from=moment if self.again_from is None else min(moment, self.again_from))

    def _moved(self, updated_at: int | None) -> "Progress":
        """Return the progress once records that changed up to `updated_at` are read; unchanged for None."""
        if updated_at is None:
            return self
        going_on = self.in_pass
        # A search by calendar day also brings what changed before its bound.
        reached = max(updated_at, going_on.after, going_on.reached or 0)
        watermark = max(updated_at, self.watermark or 0)
        return replace(self, watermark=watermark, going_on=replace(going_on, reached=reached))

    def passed_at(self, overlap_seconds: int) -> int | None:
        """Return the moment before which progress never goes back for changes; None before the first record."""
        if self.watermark is None:
            return None
        bounds = [self.watermark]
        if self.going_on is not None:
            bounds.append(self.going_on.passed)
        if self.again_from is not None:
            bounds.append(self.again_from)
        return min(bounds) - overlap_seconds


def _put(state: SearchState, name: Literal["watermark", "again_from", "read_from"], moment: int | None) -> None:
    """Keep a moment of the progress in the state; None takes it out."""
    if moment is None:
        state.pop(name, None)
    else:
        state[name] = moment


def _written(going_on: Pass) -> SearchPass:
    """Return a pass in progress as the state keeps it: its lower bound, and what differs from a new one."""
    usual = asdict(Pass(after=going_on.after))
    telling = {name: value for name, value in asdict(going_on).items() if name == "after" or value != usual[name]}
    return cast("SearchPass", telling)

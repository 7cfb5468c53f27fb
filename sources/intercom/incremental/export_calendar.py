"""Which days are exported: new ones, and the last ones before, which late reactions have changed."""

from dataclasses import dataclass
from datetime import date, timedelta

from ..api.identity import Identity
from ..export.days import Days, day_of
from ..export.settings import ExportSettings
from .dlt_state import ExportState


@dataclass(frozen=True)
class ExportCalendar:
    """The calendar of exports: the bounds from which the days of a run follow.

    `today`: by Intercom's clock. `start_at`: the configured start date, 0 if there is none; nothing was sent before
    `nothing_before` (unix seconds).
    """

    export: ExportSettings
    today: date
    start_at: int
    nothing_before: int

    @classmethod
    def of(cls, export: ExportSettings, identity: Identity, start_at: int) -> "ExportCalendar":
        """Return the export calendar of a run that begins now."""
        return cls(export, day_of(int(identity.now())), start_at, identity.nothing_before)

    @property
    def configured_on(self) -> date:
        """The first day to export by the settings; nothing was sent before there was a workspace."""
        first_on = day_of(self.start_at) if self.start_at else self.today - timedelta(self.export.first_days)
        return max(first_on, day_of(self.nothing_before))

    def unexported_from(self, state: ExportState) -> date:
        """Return the first day that was never exported completely, or is to be exported again."""
        began_on, first_on = day_of(self.nothing_before), self.configured_on
        if "exported_until" in state:  # a start date that is earlier than before goes before what is exported
            return first_on if _is_before(first_on, state) else day_of(state["exported_until"])
        if self.start_at:
            return first_on
        if "kinds" in state and "exported_from" not in state:
            return began_on  # an earlier version has exported something, and not kept from when on
        return min(first_on, date.fromisoformat(state.get("exported_from", first_on.isoformat())))

    def again_from(self, state: ExportState) -> date:
        """Return the first day of a new pass of exports, which repeats the last days: late reactions change them.

        They are the days before the last export, however long ago it was: it has seen no later reaction.
        """
        exported_until = state.get("exported_until")
        last_on = self.today if exported_until is None else min(day_of(exported_until), self.today)
        trailing_from = last_on - timedelta(self.export.days)
        return min(self.unexported_from(state), max(trailing_from, day_of(self.start_at)))

    def first_on(self, state: ExportState, since: int | None = None) -> date:
        """Return the first day that a run exports, or that of `since` (unix seconds) if the user asked for it.

        An unfinished pass of an earlier run goes on: days before it were exported with all reactions that count.
        """
        if "pass" in state:
            first_on = min(self.unexported_from(state), date.fromisoformat(state["pass"]["from_on"]))
        else:
            first_on = self.again_from(state)
        if since is not None:
            first_on = min(first_on, day_of(since))
        # Every job takes its time, and nothing was sent before there was a workspace.
        return max(first_on, day_of(self.nothing_before))

    def next_days(self, first_on: date, most: int | None = None) -> Days:
        """Return the days of the export job that begins with this one; `most`: after one that had too many rows."""
        count = self.export.days_per_job if most is None else min(most, self.export.days_per_job)
        return Days.starting(first_on, count, not_after=self.today)

    def count_jobs(self, first_on: date) -> int:
        """Return how many export jobs a run takes that begins with this day."""
        count, days = 1, self.next_days(first_on)
        while days.followed_by(self.export.days, not_after=self.today).last_on < self.today:
            count, days = count + 1, self.next_days(days.last_on + timedelta(1))
        return count


def take_up_start(state: ExportState, configured_on: date) -> None:
    """Remember the first day that an earlier version has exported, assumed from the present settings."""
    if "exported_until" in state and "exported_from" not in state:
        state.setdefault("start_on", configured_on.isoformat())


def remember_exported(state: ExportState, first_on: date) -> None:
    """Remember that the days from `first_on` on are exported, before `exported_until` is moved on."""
    first = first_on.isoformat()
    if "exported_from" in state or "exported_until" not in state:
        state["exported_from"] = min(first, state.get("exported_from", first))
    else:
        state["start_on"] = min(first, state.get("start_on", first))


def _is_before(first_on: date, state: ExportState) -> bool:
    """Return True if that day is before all that was exported, as far as the state knows."""
    known = state.get("exported_from", state.get("start_on"))
    return known is not None and first_on < date.fromisoformat(known)

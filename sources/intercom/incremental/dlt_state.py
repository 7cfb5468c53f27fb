"""What each kind of resource keeps in dlt's state, which is committed together with the rows it speaks of.

All of it is declared here, with a version: `opened` is the only way to it. Times are unix seconds. The first releases
wrote version 1 without the number; it means the same.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict, TypeVar, cast

import dlt

from ..api.errors import Failure, IntercomError
from ..reading.unreadable_state import Fact

NAME = "intercom"  # of the source, in dlt's state and settings
VERSION = 1
VERSION_WITH_VISITORS_PASS = 2  # an earlier release, which knows no such pass, would begin it anew for ever
MOST_VANISHED = 1_000  # ids of records that were listed and not found, which a later run asks for once more
# What is named in tables, and what is in them.
KEPT = ("unread", "unreadable", "gone", "kinds", "exported_from", "received", "answered", "mark_key", "hash_key")


class StateTooNew(IntercomError):
    """dlt's state was written by a later version of this source."""

    advice = "Upgrade this installation to the version that loaded last, or load into another database."


class Versioned(TypedDict, total=False):
    """What dlt's state holds of any resource. `version`: which declaration it follows.

    `excess`: by how many records a listing is counted too high (see `api.completeness.overstated_totals`).
    `unread`: ids of records that could not be read or loaded, the longest remembered first. `unreadable`: what is known
    of each, by entity and id (see `reading.unreadable_state.Fact`). `loaded`: digests of what the last
    reading has brought, where that is everything in every run (see `unchanged_lists`).
    """

    version: int
    excess: dict[str, int | list[int]]
    unread: list[str]
    unreadable: dict[str, Fact]
    loaded: list[str]


class SearchPass(TypedDict, total=False):
    """dlt's state of a pass over a search that goes on in the next load package; `search.progress.Pass` explains it."""

    after: int
    page_cursor: str
    reached: int
    is_fresh: bool  # not any more; see `progress.Progress.of`
    count_listed: int
    total_count: int
    came_again: int
    again_at: int
    known_to: int
    start_at: int
    is_repeated: bool
    origin: int
    count_in_ranges: int
    is_unsorted: bool
    listed_from: int


_InSearchPass = TypedDict("_InSearchPass", {"pass": SearchPass}, total=False)


class SearchState(Versioned, _InSearchPass, total=False):
    """dlt's state of contacts, conversations, tickets: `progress.Progress`, and `loaded_versions.LoadedVersions`.

    `seen`: those that need not be read again; `unsettled`: those that were read too soon after their last change.
    `granularity_seconds`: that of the search, if it has shown that it compares days (see `search.day_comparison`).
    `vanished`: ids that were listed and not found, by the last run that met them.
    """

    watermark: int
    again_from: int
    read_from: int
    seen: str
    unsettled: str
    granularity_seconds: int
    vanished: list[str]


class WindowPass(TypedDict):
    """dlt's state of a pass by windows. `after`: where the next one begins."""

    after: int


_InWindowPass = TypedDict("_InWindowPass", {"pass": WindowPass}, total=False)


class WindowState(Versioned, _InWindowPass, total=False):
    """dlt's state of activity logs: `read_until` is the end of windows read whole, `read_from` their beginning."""

    read_until: int
    read_from: int


class ContactPass(TypedDict, total=False):
    """dlt's state of one way through all contacts.

    `begun_at`: Intercom's clock when it began. `count_strays`: how many listed contacts have no id. `is_taken_up`: an
    earlier run has begun it. `came_again`: how many contacts were listed twice as they are. `has_forgotten`: more
    contacts were not found than there is room for. `since`: left by an earlier version.
    """

    begun_at: float | None
    since: int
    page_cursor: str
    count_listed: int
    count_strays: int
    total_count: int
    came_again: int
    is_taken_up: bool
    has_forgotten: bool


_InContactPass = TypedDict("_InContactPass", {"pass": ContactPass}, total=False)


class PerContactState(Versioned, _InContactPass, total=False):
    """dlt's state of lists that are read contact by contact.

    `complete_at`: Intercom's clock when the last whole pass began. `since`: the user wants everything since then read
    again; kept until a whole pass has done so. `missing`: the ids of vanished contacts, by the name that they
    had at first, and whether the pass that goes on has listed them (see `vanished_contacts`).
    """

    complete_at: float | None
    since: int
    missing: dict[str, bool]


class KnownListState(Versioned, total=False):
    """dlt's state of articles and news: `known` is id -> `updated_at` as loaded, `gone` the ids marked as deleted.

    `whole_at`: when all of them were last read in full, where that is done now and then (unix seconds).
    """

    known: dict[str, int | None]
    gone: list[str]
    whole_at: int


class PartsState(Versioned, total=False):
    """dlt's state of a list in parts: `answered` has the names of the parts whose rows are loaded."""

    answered: list[str]


class ExportPass(TypedDict):
    """dlt's state of exports under way. `from_on`: the first day (ISO 8601) that this run has still to export.

    `most_days`: how many days a job has from now on, because one of more had as many rows as Intercom gives.
    """

    from_on: str
    most_days: NotRequired[int]


_InExportPass = TypedDict("_InExportPass", {"pass": ExportPass}, total=False)


class ExportState(Versioned, _InExportPass, total=False):
    """dlt's state of the export: all sent before `exported_until` is loaded; `kinds` are the CSVs met so far.

    `exported_from`: the first day that was ever exported (ISO 8601), so that "everything" can be exported again. Where
    an earlier version has not kept it, `start_on` is the first day by the settings, or one before it, exported since.
    `received`: the days of which receipts are loaded (ISO 8601); an earlier version has not kept them.
    """

    exported_until: int
    exported_from: str
    start_on: str
    kinds: list[str]
    received: list[str]


class VisitorsPass(TypedDict):
    """dlt's state of a pass over people met, in the order of their pseudonyms, that goes on in the next load package.

    Who was met before or with the load package `met_until` is looked up already, if not behind the pseudonym `after`.
    """

    after: str
    met_until: float


_InVisitorsPass = TypedDict("_InVisitorsPass", {"pass": VisitorsPass}, total=False)


class VisitorsState(Versioned, _InVisitorsPass, total=False):
    """dlt's state of visitors. `looked_up_at`: the load package with which everybody met was looked up.

    `unread` are pseudonyms of the user ids that could not be (see `privacy.user_id_pseudonyms`), made with the random
    `mark_key` and, where `hash_key` has its fingerprint, with the one of the privacy rules.
    """

    looked_up_at: float
    mark_key: str
    hash_key: str


class SweepState(Versioned, total=False):
    """dlt's state of a sweep. `complete_at`: Intercom's clock when the last whole sweep began."""

    complete_at: int


State = TypeVar("State", bound=Versioned)


def opened(raw: dict[str, Any], kind: type[State]) -> State:
    """Return a resource's part of dlt's state, typed; raises StateTooNew if a later version wrote it."""
    version = raw.setdefault("version", VERSION)
    if version > VERSION_WITH_VISITORS_PASS:
        message = f"{kind.__name__} is of version {version}, this is {VERSION_WITH_VISITORS_PASS}"
        raise StateTooNew(Failure("read", "the state in the destination", message=message))
    return cast("State", raw)


def looked_at(raw: Mapping[str, Any], kind: type[State]) -> State:
    """Return a resource's part of dlt's state as the destination keeps it, for reading only."""
    return cast("State", raw)


def reset(state: Versioned) -> None:
    """Reset progress in dlt's state, so that everything is read again and merged over what is loaded.

    The ids of loaded records are kept, so that deletions are still noticed.
    """
    raw = cast("dict[str, Any]", state)
    kept: dict[str, Any] = {name: raw[name] for name in KEPT if name in raw}
    if "known" in raw:
        kept["known"] = dict.fromkeys(raw["known"])
    raw.clear()
    raw |= {"version": VERSION, **kept}


def doubt(raw: dict[str, Any]) -> None:
    """Doubt what a state says of the table's rows: others may have been loaded that it does not know of.

    Progress stays. A list that is compared with its last load is loaded again, and known records are read again, of
    which some may have been marked as deleted meanwhile.
    """
    raw.pop("loaded", None)
    if "known" in raw:
        raw["gone"] = sorted({*raw.get("gone", ()), *raw["known"]})
        raw["known"] = dict.fromkeys(raw["known"])


def states_of(pipeline: dlt.Pipeline) -> dict[str, dict[str, Any]]:
    """Return resource -> its part of dlt's state that the destination holds: how far it has come."""
    states: dict[str, dict[str, Any]] = state_of(pipeline).get("resources", {})
    return states


def state_of(pipeline: dlt.Pipeline) -> dict[str, Any]:
    """Return this source's part of dlt's state."""
    of_source: dict[str, Any] = pipeline.state.get("sources", {}).get(NAME, {})
    return of_source

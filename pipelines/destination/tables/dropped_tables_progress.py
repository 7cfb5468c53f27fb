"""What is reset in the state when somebody has dropped tables, and what is kept because nothing else knows it."""

from collections.abc import Collection
from typing import Any, cast

from sources.intercom import RESOURCES
from sources.intercom.incremental.dlt_state import KnownListState, PartsState, SweepState, Versioned, reset
from sources.intercom.rows.deleted_records import DELETED_RECORDS
from sources.intercom.sweep import SWEPT, resource_name

SWEEP_AGAIN = "; what is gone from Intercom is marked again by the next sync of articles and news_items, and by: "
SWEEP_AGAIN += f"intercom-elt sweep {' '.join(SWEPT)}"

States = dict[str, dict[str, Any]]  # of resources and sweeps, by name


def is_of_marks(lost: str) -> bool:
    """Return True if a dropped `table` or `table.column` is where records are marked as gone."""
    return lost.partition(".")[0] == DELETED_RECORDS.name


def reset_progress(states: States, lost: Collection[str]) -> list[str]:
    """Reset the progress of the resources that fill dropped tables: they read in full. Return their names.

    `lost`: each as `table`, or `table.column` where it is a column alone. Records of tables that still exist, and
    records that other tables name, stay known.
    """
    tables = {name.partition(".")[0] for name in lost}
    if any(map(is_of_marks, lost)):
        _detect_deletions_again(states)
    names = [name for name, resource in RESOURCES.items() if tables & {table.name for table in resource.tables}]
    for name in names:
        if name in states:
            reset(cast("Versioned", states[name]))
            if RESOURCES[name].tables[0].name in lost:
                cast("KnownListState", states[name]).pop("known", None)
                cast("PartsState", states[name]).pop("answered", None)
    return names


def _detect_deletions_again(states: States) -> None:
    """Reset known lists so that they detect deletions again whose rows in `deleted_records` were dropped.

    A full sweep finds the others.
    """
    for name in RESOURCES:
        state = cast("KnownListState", states.get(name, {}))
        if gone := state.pop("gone", []):
            state["known"] = {**state.get("known", {}), **dict.fromkeys(gone)}
    for swept in SWEPT.values():
        cast("SweepState", states.get(resource_name(swept), {})).pop("complete_at", None)

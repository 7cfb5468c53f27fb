"""Forgotten people of whom `forgotten_records` has lost rows: dlt's state says how many each of them has."""

from collections import Counter

import dlt

from pipelines.destination.tables.forgotten_records import TABLE
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom import state_of

STATE = "forgotten"  # the key under which dlt's state of the source has them: contact's id -> number of rows
MOST_NAMED = 3
LOST = (
    "{0}.{1} was emptied, or lost rows, by somebody else: it misses records of forgotten people ({2}), which would be "
    "loaded again. Bring the rows back from a backup; or run, for each person:\n{3}\n(with --undo where the person may "
    "be loaded again)"
)


def lost_people(raw: RawTables) -> list[str]:
    """Return the contacts of whom `forgotten_records` has fewer rows than the pipeline has left there."""
    return _lost(raw, _rows(raw))


def refuse_lost_people(raw: RawTables, target: Target, rows: Counter[str]) -> None:
    """Raise Stop as `check_no_people_lost`; `rows`: how many `forgotten_records` has of each contact.

    They are kept in mind: the state of what this run loads has them.
    """
    _refuse(raw, target, rows)
    _keep(raw, dict(rows))


def check_no_people_lost(raw: RawTables, target: Target) -> None:
    """Raise Stop if people would be loaded again that somebody has deleted from `forgotten_records`."""
    _refuse(raw, target, _rows(raw))


def _refuse(raw: RawTables, target: Target, rows: Counter[str]) -> None:
    if lost := _lost(raw, rows):
        listed = [f"  intercom-elt forget {contact_id}{target.options}" for contact_id in lost[:MOST_NAMED]]
        if len(lost) > MOST_NAMED:
            listed.append(f"  … and {len(lost) - MOST_NAMED:,} more, named when these are done")
        message = LOST.format(target.datasets.raw, TABLE, f"{len(lost):,}", "\n".join(listed))
        raise Stop(message, ExitCode.WRONG_USE)


def keep_people(raw: RawTables, contact_id: str) -> None:
    """Keep in mind how many rows `forgotten_records` has of each person, also in the destination.

    Of `contact_id` they are right as they are, just written; of others, lost ones stay missed.
    """
    rows, before = _rows(raw), _kept(raw)
    before.pop(contact_id, None)
    _load(raw, {name: max(rows[name], before.get(name, 0)) for name in {**before, **rows}})


def drop_person(raw: RawTables, contact_id: str) -> bool:
    """Miss no row of a contact any more; return whether any was to be there. Call before the rows are deleted."""
    kept = _kept(raw)
    is_kept = kept.pop(contact_id, None) is not None
    _load(raw, kept)
    return is_kept


def _lost(raw: RawTables, rows: Counter[str]) -> list[str]:
    return sorted(contact_id for contact_id, count in _kept(raw).items() if rows[contact_id] < count)


def _rows(raw: RawTables) -> Counter[str]:
    return Counter(str(contact_id) for (contact_id,) in raw.select(TABLE, "contact_id"))


def _kept(raw: RawTables) -> dict[str, int]:
    return dict(state_of(raw.pipeline).get(STATE, {}))


def _keep(raw: RawTables, kept: dict[str, int]) -> bool:
    """Put them in the state; return False if it has them already."""
    if kept == _kept(raw):
        return False
    with raw.pipeline.managed_state() as state:
        state.setdefault("sources", {}).setdefault("intercom", {})[STATE] = kept
    return True


def _load(raw: RawTables, kept: dict[str, int]) -> None:
    if _keep(raw, kept):
        raw.pipeline.run(dlt.resource([], name="forgotten"))
        raw.look_again()

"""People whom earlier runs have met but not looked up as visitors: killed, refused, or run without visitors."""

from collections.abc import Iterator
from dataclasses import dataclass

from dlt.common.time import increasing_precise_time

from pipelines.destination.tables.raw_tables import RawTables
from sources.intercom import TABLES, states_of
from sources.intercom.incremental.dlt_state import VisitorsPass, VisitorsState, looked_at
from sources.intercom.privacy.concealment import REDACTED, is_hashed
from sources.intercom.privacy.rules import Privacy
from sources.intercom.privacy.user_id_pseudonyms import Pseudonyms
from sources.intercom.reading.unreadable_state import unread_ids
from sources.intercom.resources.visitors import VISITORS, pseudonyms_in

MET_IN = {"conversation_contacts": "external_id", "data_events": "user_id"}


@dataclass(frozen=True)
class PeopleMet:
    """People met who may be visitors to look up. `is_everybody`: all refused ones in any row are in `user_ids`."""

    user_ids: set[str]
    is_everybody: bool = True


def not_looked_up(raw: RawTables, privacy: Privacy, *, from_scratch: bool) -> PeopleMet:
    """Return user ids to look up as visitors: from rows since the last time, or all, and those that were refused.

    Those that privacy rules protect are unknown.

    The state remembers the name of the load package with which visitors were looked up last; names only grow (see
    `load_order`). A state that an earlier version left has the time of a clock, which may have been set back since.
    """
    state = looked_at(states_of(raw.pipeline).get(VISITORS.name, {}), VisitorsState)
    looked_up_at, refused = state.get("looked_up_at", 0), {*unread_ids(state)}
    is_set_back = looked_up_at > increasing_precise_time()
    pseudonyms = pseudonyms_in(state, privacy.hash_key)
    if from_scratch or pseudonyms is None:
        met = everybody = set(_met_ever(raw))
    else:
        is_first = is_set_back or not looked_up_at
        everybody = set(_met_ever(raw)) if is_first or refused else set()
        met = everybody if is_first else set(_met_after(raw, looked_up_at))
        if "pass" in state:
            met = _left(raw, met, state["pass"], pseudonyms)
        if not (refused or is_first):
            return PeopleMet(set(filter(_is_plain, met)))
        met = met | {one for one in everybody if pseudonyms.of(one) in refused}
    is_protected = any(privacy.concealing(TABLES[table], column) for table, column in MET_IN.items())
    return PeopleMet(set(filter(_is_plain, met)), not is_protected and all(map(_is_plain, everybody)))


def _left(raw: RawTables, met: set[str], going_on: VisitorsPass, pseudonyms: Pseudonyms) -> set[str]:
    """Return the people met whom a pass that an earlier run has begun has not looked up."""
    since = set(_met_after(raw, going_on["met_until"]))
    return {one for one in met if one in since or pseudonyms.of(one) > going_on["after"]}


def _met_after(raw: RawTables, loaded_after: float) -> Iterator[str]:
    for table, column in MET_IN.items():
        found = raw.select(table, column, where=f"_dlt_load_id > '{loaded_after}'")
        yield from (user_id for (user_id,) in found if user_id)


def _met_ever(raw: RawTables) -> Iterator[str]:
    """Yield each user id that may be a visitor's once or twice: most rows are of few people."""
    for table, column in MET_IN.items():
        found = raw.counts(table, column) if raw.has(table, column) else ()
        yield from (user_id for user_id, _ in found if user_id)


def _is_plain(user_id: str) -> bool:
    return user_id != REDACTED and not is_hashed(user_id)

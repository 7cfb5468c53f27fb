"""The people whom earlier runs have met and not looked up as visitors: killed, refused, or read without visitors."""

import time

from pipelines.destination.tables.raw_tables import RawTables
from sources.intercom import states_of
from sources.intercom.incremental.dlt_state import VisitorsState, looked_at
from sources.intercom.privacy.concealment import HASH_PREFIX, REDACTED
from sources.intercom.reading.unreadable import unread_ids
from sources.intercom.resources.visitors import VISITORS, mark_of

MET_IN = {"conversation_contacts": "external_id", "data_events": "user_id"}


def not_looked_up(raw: RawTables, *, from_scratch: bool) -> set[str]:
    """Return user ids in rows loaded since visitors were last looked up, or in all rows, and those that were refused.

    Those that privacy rules protect are unknown.

    The names of load packages are times of this machine's clock, as is what the state of visitors remembers.
    """
    state = looked_at(states_of(raw.pipeline).get(VISITORS.name, {}), VisitorsState)
    looked_up_at, refused = state.get("looked_up_at", 0), {*unread_ids(state)}
    is_set_back = looked_up_at > time.time()
    since = 0 if from_scratch or is_set_back else looked_up_at
    met = _met(raw, f"_dlt_load_id >= '{since}'")
    return met | {user_id for user_id in _met(raw) if mark_of(user_id) in refused} if refused else met


def _met(raw: RawTables, where: str = "") -> set[str]:
    return {
        user_id
        for table, column in MET_IN.items()
        for (user_id,) in raw.select(table, column, where=where)
        if user_id and user_id != REDACTED and not user_id.startswith(HASH_PREFIX)
    }

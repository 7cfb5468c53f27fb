"""The moment up to which syncs have read an entity; later changes are pending, not missing."""

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.journal.run_log_tables import SYNC_RESOURCES, SYNC_RUNS
from sources.intercom import states_of
from sources.intercom.api.identity import Identity
from sources.intercom.incremental.dlt_state import SearchState, looked_at
from sources.intercom.incremental.search.progress import Progress


def frontier(raw: RawTables, resource: str, identity: Identity) -> float | None:
    """Return the frontier of syncs (unix seconds of Intercom's clock): up to then, everything was read.

    A resource without a watermark is read whole by every sync: there it is when its last complete sync began. None
    where there was none.
    """
    state = looked_at(states_of(raw.pipeline).get(resource, {}), SearchState)
    passed = Progress.of(state).passed_at(overlap_seconds=0)
    if passed is not None:
        return passed
    began_at = _last_complete(raw, resource)
    return None if began_at is None else began_at + identity.clock_offset_seconds


def _last_complete(raw: RawTables, resource: str) -> int | None:
    resources, runs = SYNC_RESOURCES.name, SYNC_RUNS.name
    if not (raw.has(resources) and raw.has(runs)):
        return None
    sql = (
        f"SELECT max(r.started_at) FROM {resources} s JOIN {runs} r ON r.run_id = s.run_id "  # noqa: S608 - our own names
        "WHERE s.status = 'complete' AND s.resource = %s"
    )
    [(began_at,)] = raw.query(sql, resource)
    return None if began_at is None else int(began_at)

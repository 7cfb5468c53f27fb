"""The moment up to which syncs have read an entity; later changes are pending, not missing."""

import dlt

from pipelines.destination.tables.log_tables import log_rows
from pipelines.journal.run_log_tables import SYNC_RESOURCES, SYNC_RUNS
from sources.intercom import states_of
from sources.intercom.api.identity import Identity
from sources.intercom.incremental.dlt_state import SearchState, looked_at
from sources.intercom.incremental.search.progress import Progress


def frontier(pipeline: dlt.Pipeline, resource: str, identity: Identity) -> float | None:
    """Return the frontier of syncs (unix seconds of Intercom's clock): up to then, everything was read.

    A resource without a watermark is read whole by every sync: there it is when its last complete sync began. None
    where there was none.
    """
    state = looked_at(states_of(pipeline).get(resource, {}), SearchState)
    passed = Progress.of(state).passed_at(overlap_seconds=0)
    if passed is not None:
        return passed
    began_at = _last_complete(pipeline, resource)
    return None if began_at is None else began_at + identity.clock_offset_seconds


def _last_complete(pipeline: dlt.Pipeline, resource: str) -> int | None:
    of_resources = log_rows(pipeline, SYNC_RESOURCES, "run_id", "resource", "status")
    run_ids = {run_id for run_id, *facts in of_resources if facts == [resource, "complete"]}
    began = [at for run_id, at in log_rows(pipeline, SYNC_RUNS, "run_id", "started_at") if run_id in run_ids]
    return max(began, default=None)

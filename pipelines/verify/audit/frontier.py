"""How far the syncs of an entity have come: what changed in Intercom after that is still to be read, and no gap."""

import dlt

from pipelines.destination.loaded import Loaded
from pipelines.run.run_log import SYNC_RESOURCES, SYNC_RUNS
from sources.intercom.api.identity import Identity
from sources.intercom.incremental.position import passed_at


def frontier(pipeline: dlt.Pipeline, resource: str, identity: Identity) -> float | None:
    """Return the moment (unix seconds of Intercom's clock) up to which everything was read.

    A resource without a watermark is read whole by every sync: there it is when its last complete sync began. None
    where there was none.
    """
    loaded = Loaded(pipeline)
    passed = passed_at(loaded.states().get(resource, {}), overlap_seconds=0)
    if passed is not None:
        return passed
    began_at = _last_complete(loaded, resource)
    return None if began_at is None else began_at + identity.clock_offset_seconds


def _last_complete(loaded: Loaded, resource: str) -> int | None:
    where = f"resource = '{resource}' AND status = 'complete'"
    run_ids = {run_id for (run_id,) in loaded.rows(SYNC_RESOURCES.name, "run_id", where=where)}
    began = [at for run_id, at in loaded.rows(SYNC_RUNS.name, "run_id", "started_at") if run_id in run_ids]
    return max(began, default=None)

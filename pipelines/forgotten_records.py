"""The raw table `forgotten_records`: who was forgotten, read before anything is loaded and written when somebody is."""

import dlt

from pipelines.loaded import Loaded
from sources.intercom.forgotten import FORGOTTEN_RECORDS, Forgotten


def forgotten_in(pipeline: dlt.Pipeline) -> Forgotten:
    """Return the people that the destination says are forgotten."""
    return Forgotten.of(Loaded(pipeline).rows(FORGOTTEN_RECORDS.name, "entity", "id"))

"""The order of load packages: dlt names them by this machine's clock, and takes the state of the greatest name."""

from contextlib import suppress

import dlt
from dlt.common.time import increasing_precise_time
from dlt.destinations.exceptions import DatabaseUndefinedRelation


def continue_order(pipeline: dlt.Pipeline) -> None:
    """Have this process name its load packages after the newest one in the destination, whatever the clock says.

    After a clock was set back, or a run on a machine whose clock is ahead, each run's state would be overlooked until
    the clock has caught up: every run would begin where the same old one ended.
    """
    if not pipeline.schemas:
        return  # nothing was loaded yet, and asking would make the database
    with pipeline.sql_client() as client, suppress(DatabaseUndefinedRelation, ValueError):
        loads, load_id = client.make_qualified_table_name("_dlt_loads"), client.escape_column_name("load_id")
        for (newest,) in client.execute_sql(f"SELECT max({load_id}) FROM {loads}") or ():  # noqa: S608 - dlt's own table
            increasing_precise_time._last = max(increasing_precise_time._last, float(newest or 0))

"""A run continues from the one before it, whatever the clocks of their machines say."""

import duckdb
import pytest
from dlt.common.time import increasing_precise_time

from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.query.opening import run_query
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions, sync
from tests.support.workspace import configuration

pytestmark = pytest.mark.end_to_end
AHEAD = "UPDATE intercom_raw.{0} SET {1} = CAST(CAST({1} AS DOUBLE) + 86400 AS VARCHAR)"


def test_after_a_clock_was_set_back_a_day_each_run_continues_from_the_last_one(simulator, tmp_path, monkeypatch):
    monkeypatch.setattr(
        increasing_precise_time, "_last", increasing_precise_time._last
    )  # other tests have the true day
    target = Target(database=tmp_path / "support.duckdb")

    def versions():
        options = SyncOptions(Selection(("articles",)), transform=False)
        assert sync(configuration(simulator), target, options, Display(is_quiet=True)).status == "complete"
        newest_first = "SELECT version FROM intercom_raw._dlt_pipeline_state ORDER BY _dlt_load_id DESC"
        return [version for (version,) in run_query(target, newest_first)[1]]

    versions()
    with duckdb.connect(str(target.database)) as connection:
        for table, column in (("_dlt_loads", "load_id"), ("_dlt_pipeline_state", "_dlt_load_id")):
            connection.execute(AHEAD.format(table, column))
    for count_states in (2, 3):
        simulator.clock(advance=600)
        simulator.mutate(3, kinds=["article_created"])
        found = versions()
        assert found == sorted(found, reverse=True), "the newest state is that of the last run"
        assert len(set(found)) == count_states

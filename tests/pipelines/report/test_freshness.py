"""How fresh the report says that everything is."""

import duckdb
import pytest

from pipelines.destination.target import Target
from pipelines.query.opening import opened_read_only
from pipelines.report.asked_questions import Place, freshness

LOG = """
    CREATE SCHEMA intercom_raw;
    CREATE TABLE intercom_raw.sync_runs AS SELECT unnest(['1', '2', '3']) AS run_id, unnest([10, 20, 30]) AS started_at,
        unnest([11, 21, 31]) AS finished_at;
    CREATE TABLE intercom_raw.sync_resources AS SELECT unnest(['1', '2', '3']) AS run_id,
        'sweep_contacts' AS resource, unnest(['complete', 'failed', 'complete']) AS status
"""


@pytest.mark.parametrize(("column", "complete_at"), [("", 31), ("unnest([NULL, NULL, 5]) AS created_since", 11)])
def test_a_sweep_of_new_records_is_no_whole_one_where_the_log_says_which_was(tmp_path, column, complete_at):
    target = Target(database=tmp_path / "swept.duckdb")
    with duckdb.connect(str(target.database)) as connection:
        connection.execute(LOG + (f", {column}" if column else ""))
    with opened_read_only(target) as reader:
        found = freshness(reader, Place(target))
    assert found == {"resource": ["sweep_contacts"], "complete_at": [complete_at], "tried_at": [30]}

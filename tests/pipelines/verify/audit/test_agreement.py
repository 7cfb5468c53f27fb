"""Whether the models are there whose figures are compared with Intercom's."""

import duckdb
import pytest
from dlt.destinations.exceptions import DatabaseException

from pipelines.destination.target import Target
from pipelines.verify.audit.proofs.agreement import agreements


def test_models_that_cannot_be_read_are_not_taken_for_missing_ones(tmp_path):
    target = Target(database=tmp_path / "asked.duckdb")
    target.make_ready()
    assert agreements(target.pipeline(), target) is None
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("CREATE SCHEMA intercom")
        connection.execute(
            "CREATE VIEW intercom.qa_reconciliation AS "
            "SELECT '1' AS conversation_id, 'm' AS metric, true AS is_exact, CAST('cut off' AS BOOLEAN) AS is_equal"
        )
    with pytest.raises(DatabaseException, match="cut off"):
        agreements(target.pipeline(), target)

"""The last audit in the report: what could not be asked is never shown as if there had been none."""

import duckdb
import pytest

from pipelines.destination.target import Target
from pipelines.query.opening import opened_read_only
from pipelines.report.asked_questions import last_audit
from pipelines.stop import Stop

AUDITED = """
    CREATE TABLE intercom_raw.audit_results AS SELECT 'tickets' AS entity, 'count' AS subject, 'proven' AS result,
        7 AS count_checked, 0 AS count_differing, 0 AS count_repaired, 0 AS count_explained, 0 AS count_failed,
        1 AS started_at, 2 AS finished_at
"""


@pytest.fixture
def target(tmp_path):
    with duckdb.connect(str(tmp_path / "audited.duckdb")) as connection:
        connection.execute("CREATE SCHEMA intercom_raw")
    return Target(database=tmp_path / "audited.duckdb")


def test_there_is_none_where_there_is_no_table(target):
    with opened_read_only(target) as reader:
        assert last_audit(reader, target) == {}
    with duckdb.connect(str(target.database)) as connection:
        connection.execute(AUDITED)
    with opened_read_only(target) as reader:
        assert last_audit(reader, target)["count_checked"] == [7]


def test_a_table_that_cannot_be_read_is_no_missing_one(target):
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("CREATE TABLE intercom_raw.audit_results AS SELECT 1 AS of_another_version")
    with pytest.raises(Stop, match="not found"), opened_read_only(target) as reader:
        last_audit(reader, target)

"""A destination that folds names, as Snowflake does, is loaded again and again: what it lists are our columns."""

from dataclasses import dataclass

import duckdb
import pytest

from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from tests.support.databases.place import Place, read


@dataclass(frozen=True)
class FoldingTarget(Target):
    """A DuckDB file in which dlt writes every name in upper case."""

    def _destination(self):
        destination = super()._destination()
        destination.caps_params["casefold_identifier"] = str.upper
        return destination


@pytest.fixture
def folding(tmp_path):
    database = tmp_path / "folding.duckdb"
    return Place(FoldingTarget(database=database), lambda: duckdb.connect(str(database)))


@pytest.mark.end_to_end
def test_a_database_that_folds_names_is_loaded_again_and_what_was_dropped_comes_back(simulator, folding):
    assert read(simulator, folding).status == "complete"
    listed = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'INTERCOM_RAW'"
    assert all(name.isupper() for (name,) in folding.rows(listed)), "it is a database that folds names"
    before = folding.counts()
    assert read(simulator, folding).status == "complete"
    folding.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN created_at")
    assert read(simulator, folding).status == "complete"
    assert folding.rows("SELECT count(*) FROM intercom_raw.contacts WHERE created_at IS NULL") == [(0,)]
    folding.execute("DROP TABLE intercom_raw._dlt_version; DROP TABLE intercom_raw._dlt_pipeline_state")
    assert read(simulator, folding).status == "complete", "without what dlt keeps for itself"
    assert folding.counts() == before
    folding.execute(
        "ALTER TABLE intercom_raw.contacts ADD COLUMN VIP VARCHAR; UPDATE intercom_raw.contacts SET VIP = 'y'"
    )
    with pytest.raises(Stop, match=r"intercom_raw.contacts has the column vip") as stopped:
        read(simulator, folding)
    assert stopped.value.code is ExitCode.WRONG_USE

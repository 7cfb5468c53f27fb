"""The dbt project of a target, and what keeps it from being written."""

from pathlib import Path

import dlt
import pytest

from pipelines.commands.export_dbt import run_export
from pipelines.destination.target import Target
from pipelines.stop import ExitCode, Stop
from tests.support.raw_tables import RawRows

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def target(tmp_path):
    """A database with a small workspace in it."""
    target = Target(database=tmp_path / "support.duckdb", dataset="support")
    raw = RawRows()
    raw.conversation("1", 1_714_564_800)
    raw.attribute("contact", "Plan Größe")
    destination = dlt.destinations.duckdb(str(target.database))
    pipeline = dlt.pipeline("rows", destination=destination, pipelines_dir=tmp_path / "dlt", dataset_name="support_raw")
    with pipeline.sql_client() as client:
        client.create_dataset()
        for statement in raw.statements("support_raw"):
            client.execute_sql(statement)
    return target


def test_the_project_is_that_of_the_targets_datasets_and_attributes(target, tmp_path):
    assert "dbt build" in run_export(target, tmp_path / "project", "snowflake")
    assert "raw_schema: support_raw" in (tmp_path / "project/dbt_project.yml").read_text()
    assert "schema: support\n" in (tmp_path / "project/profiles.example.yml").read_text()
    assert "plan_grosse" in (tmp_path / "project/models/marts/dim_contact_attributes.sql").read_text()


@pytest.mark.parametrize(
    ("destination", "dialect", "said"),
    [
        (Target, "oracle", "--dialect oracle: known are bigquery, databricks, duckdb"),
        (lambda: Target(database=Path("nothing.duckdb")), None, "intercom-elt sync"),
    ],
)
def test_wrong_use_is_said_in_one_line(tmp_path, monkeypatch, destination, dialect, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Stop, match=said) as stopped:
        run_export(destination(), tmp_path / "project", dialect)
    assert stopped.value.code == ExitCode.WRONG_USE


def test_a_database_without_raw_tables_is_said_to_be_empty(target, tmp_path):
    with pytest.raises(Stop, match="holds no raw tables yet"):
        run_export(Target(database=target.database, dataset="other"), tmp_path / "project")


def test_another_project_in_the_folder_is_left_alone(target, tmp_path):
    (tmp_path / "dbt_project.yml").write_text("name: mine\n")
    with pytest.raises(Stop, match="another dbt project"):
        run_export(target, tmp_path)
    assert (tmp_path / "dbt_project.yml").read_text() == "name: mine\n"

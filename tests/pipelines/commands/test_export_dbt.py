"""The dbt project of a target, and what keeps it from being written."""

import re
from pathlib import Path

import dlt
import pytest

from pipelines.cli import main
from pipelines.commands.export_dbt import run_export
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from tests.support.warehouse.raw_tables import RawRows

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
    assert "filled in" in run_export(target, tmp_path / "project", "snowflake")
    assert "raw_schema: support_raw" in (tmp_path / "project/dbt_project.yml").read_text()
    assert "schema: support\n" in (tmp_path / "project/profiles.example.yml").read_text()
    assert "plan_grosse" in (tmp_path / "project/models/marts/dim_contact_attributes.sql").read_text()


def test_the_project_of_the_database_that_is_here_is_ready_to_be_built(target, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    database = target.database.rename(tmp_path / "intercom_data.duckdb")
    with pytest.raises(SystemExit) as ended:
        main(["export-dbt", "my project", "--dataset", "support"])
    assert not ended.value.code
    assert capsys.readouterr().out.endswith("cd 'my project' && dbt build\n")
    assert f'path: "{database}"' in (tmp_path / "my project/profiles.yml").read_text()
    exposed = set(re.findall(r"ref\('(\w+)'\)", (tmp_path / "my project/models/exposures.yml").read_text()))
    assert exposed <= {path.stem for path in (tmp_path / "my project").rglob("*.*")}
    assert "fct_conversations" in exposed


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
    with pytest.raises(Stop, match="holds no raw tables yet; load them with: intercom-elt sync --database "):
        run_export(Target(database=target.database, dataset="other"), tmp_path / "project")


def test_another_project_in_the_folder_is_left_alone(target, tmp_path):
    (tmp_path / "dbt_project.yml").write_text("name: mine\n")
    with pytest.raises(Stop, match="another dbt project"):
        run_export(target, tmp_path)
    assert (tmp_path / "dbt_project.yml").read_text() == "name: mine\n"

"""The day and time of the report are those of its marts, also where a later build has left them as they were."""

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import psycopg2
import pytest

from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.query.opening import opened_read_only
from pipelines.report.asked_questions import Place, answers
from pipelines.report.html import built_at, left_out
from pipelines.stop import Stop
from transforms import BuildOptions, build
from transforms.runner.model_graph.shipped_models import read_models

pytestmark = pytest.mark.end_to_end

DAY = 86_400


def build_of(target):
    with opened_read_only(target) as reader:
        return answers(reader, target, None)[0]


def test_a_database_called_like_its_dataset_has_a_report(workspace, tmp_path):
    called = Target(database=Path(shutil.copy(workspace / "w.duckdb", tmp_path / "intercom.duckdb")))
    assert build_of(called) == build_of(Target(database=workspace / "w.duckdb"))


def test_each_table_is_looked_for_where_a_build_makes_it():
    full_name, datasets = Place(Target()).full_name, Target().datasets
    for model in read_models():
        assert model.is_check or f'"{datasets.of_kind(model.kind)}"."{model.name}"' == full_name(model.name)
    assert full_name("raw.contacts") == '"intercom_raw"."contacts"'


def built_again(target, select, seconds):
    """Build a selection when some seconds have passed since the last build, and return what the report says of it."""
    before = build_of(target)
    assert left_out(before) == ""
    options = BuildOptions(select, now_epoch=before["now_epoch"] + seconds)
    assert not build(target.pipeline().sql_client, "duckdb", target.datasets, options).failed_models
    return before, build_of(target)


def test_a_build_of_a_selection_moves_no_figure_to_a_day_that_is_not_counted(workspace, tmp_path):
    before, after = built_again(
        Target(database=Path(shutil.copy(workspace / "w.duckdb", tmp_path))), "dim_teams", 2 * DAY
    )
    assert (after["today"], after["since"]) == (before["today"], before["since"])
    # The log has this machine's clock, and the simulated workspace is ahead of it.
    assert abs(built_at(after) - before["now_epoch"]) < DAY
    assert "failed or left out dim_companies, dim_teammates, fct_backlog" in left_out(after)
    # Without a log of builds, as after one of dbt, the days are compared.
    unlogged = after | {"older": None}
    assert f"A build on {before['today'] + timedelta(days=2)} failed or left out some" in left_out(unlogged)


def test_all_is_loaded_from_the_first_day_of_which_something_has_not_changed_since(workspace, tmp_path):
    target = Target(database=Path(shutil.copy(workspace / "w.duckdb", tmp_path)))
    with duckdb.connect(str(target.database)) as connection:
        [(start_at, day)] = connection.execute(
            "SELECT floor(median(updated_at)), make_timestamp(floor(median(updated_at))::BIGINT * 1000000)::DATE "
            "FROM intercom_raw.conversations"
        ).fetchall()
        # As if they had been left out by a start_date.
        connection.execute("DELETE FROM intercom_raw.conversations WHERE updated_at < ?", [start_at])
    assert build_of(target)["loaded_since"] == day


def test_a_page_without_a_day_is_refused(workspace):
    target = Target(database=workspace / "w.duckdb")
    tomorrow = build_of(target)["today"] + timedelta(days=1)
    with opened_read_only(target) as reader, pytest.raises(Stop, match=f"--since is '{tomorrow}', after the last day"):
        answers(reader, target, tomorrow)


def test_a_build_of_the_newest_day_alone_makes_no_other_mart_as_new(workspace, tmp_path):
    target = Target(database=Path(shutil.copy(workspace / "w.duckdb", tmp_path)))
    before, after = built_again(target, "fct_backlog_daily", 2 * DAY)
    assert after["today"] == before["today"] + timedelta(days=2)
    assert abs(built_at(after) - before["now_epoch"]) < DAY
    assert "fct_csat" in left_out(after)
    assert "fct_backlog_daily" not in left_out(after)
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("DROP TABLE intercom_staging.model_runs")
    assert build_of(target)["older"] is None


@pytest.mark.parametrize(
    ("column", "code", "said"),
    [
        (
            "'a' AS called",
            ExitCode.WRONG_USE,
            "holds no models of this version; build them with: ",
        ),
        ("error('Out of Memory Error') AS name", ExitCode.FAILED, "Out of Memory Error. Run again."),
    ],
)
def test_only_models_without_a_table_or_column_are_of_another_version(workspace, tmp_path, column, code, said):
    target = Target(database=Path(shutil.copy(workspace / "w.duckdb", tmp_path)))
    with duckdb.connect(str(target.database)) as connection:
        connection.execute(
            f"DROP TABLE intercom.dim_teams; CREATE VIEW intercom.dim_teams AS SELECT 1 AS team_id, {column}"
        )
    with pytest.raises(Stop, match=said) as stop:
        build_of(target)
    assert stop.value.code == code


def test_all_questions_on_postgres_are_answered_of_one_moment(postgres, monkeypatch):
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    with psycopg2.connect(postgres) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA intercom; CREATE TABLE intercom.fct_mine AS SELECT 1 AS n")
        connection.commit()
        with opened_read_only(Target("postgres")) as reader:
            before = reader.answer("SELECT n FROM fct_mine")
            cursor.execute("DELETE FROM intercom.fct_mine")
            connection.commit()
            assert reader.answer("SELECT n FROM fct_mine") == before == (["n"], [(1,)])

"""What a build does with models: order, failures, swap, selection, checks, and what it reports."""

from dataclasses import replace

import pytest
from dlt.destinations.exceptions import DatabaseUndefinedRelation

from transforms import BuildOptions, Settings, build
from transforms.runner.model_graph.model import ModelError
from transforms.seeds.business_hours import Schedule
from transforms.seeds.settings import SlaTarget

NOW = 1_717_200_000


@pytest.fixture
def models(tmp_path):
    """A folder of models: `models(kind, name, sql)` writes one."""

    def write(kind, name, sql, headline="One row per number."):
        path = tmp_path / "models" / kind / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"-- {headline}\n{sql}\n")

    write.folder = tmp_path / "models"
    return write


def run(house, models, select=None, **options):
    return house.build(select, folder=models.folder, **options)


def statuses(report):
    return {result.name: result.status for result in report if getattr(result, "kind", "") != "seed"}


def test_models_are_built_into_their_datasets(house, models):
    models("marts", "fct_b", "select n + 1 as n from int_a")
    models("intermediate", "int_a", "select n from stg_raw where n is not null")
    models("staging", "stg_raw", f"select {NOW} - created_at as n from raw.conversations")
    house.raw.conversation("1", NOW - 41)
    report = run(house, models)
    assert [(r.name, r.status, r.count_rows) for r in report.models if r.kind != "seed"] == [
        ("stg_raw", "built", None),
        ("int_a", "built", 1),
        ("fct_b", "built", 1),
    ]
    assert report.is_ok
    assert house.execute("select n from intercom.fct_b") == [(42,)]
    assert house.execute("select table_type from information_schema.tables where table_name = 'stg_raw'") == [("VIEW",)]


def test_each_result_is_told_as_it_comes(house, models):
    models("marts", "fct_a", "select 1 as n")
    told = []
    report = run(house, models, on_result=told.append)
    assert told == list(report)


def test_what_reads_a_failed_model_is_skipped_and_the_rest_is_built(house, models):
    models("intermediate", "int_bad", "select no_such_column from raw.conversations")
    models("marts", "fct_after", "select * from int_bad")
    models("marts", "fct_long_after", "select * from fct_after")
    models("marts", "fct_beside", "select 1 as n")
    models("checks", "after_is_small", "select * from fct_after", "error: It is small.")
    report = run(house, models)
    assert statuses(report) == {
        "int_bad": "failed",
        "fct_after": "skipped",
        "fct_long_after": "skipped",
        "fct_beside": "built",
        "after_is_small": "skipped",
    }
    assert "no_such_column" in report.failed_models[0].error
    assert not report.is_ok


def test_a_seed_whose_place_is_taken_fails_and_what_reads_it_is_skipped(house, models):
    models("marts", "fct_of_days", "select count(*) as n from calendar_days")
    models("marts", "fct_beside", "select 1 as n")
    house.execute("create schema if not exists intercom_staging")
    house.execute("create view intercom_staging.calendar_days as select 1 as mine")
    report = run(house, models)
    assert statuses(report) == {"fct_of_days": "skipped", "fct_beside": "built"}
    (failed,) = report.failed_models
    assert (failed.name, failed.kind) == ("calendar_days", "seed")
    assert "was not built by intercom-elt and stays as it is" in failed.error


def test_a_seed_is_loaded_again_where_its_rows_are_not_the_same(house, models):
    models("marts", "fct_of_days", "select count(*) as n from calendar_days")

    def tables():
        made = house.execute("select table_name, table_oid from duckdb_tables() where schema_name = 'intercom_staging'")
        return dict(made)

    run(house, models)
    first = tables()
    run(house, models)
    assert tables()["calendar_days"] == first["calendar_days"]
    for change in ("delete from {}", "update {} set weekday = 8", "insert into {} from {} limit 1"):
        house.execute(change.replace("{}", "intercom_staging.calendar_days"))
        before = house.execute("select count(*), max(weekday) from intercom_staging.calendar_days")
        run(house, models)
        assert house.execute("select count(*), max(weekday) from intercom_staging.calendar_days") != before
    assert tables()["slot_numbers"] == first["slot_numbers"]
    run(house, models, full=True)
    assert tables()["slot_numbers"] != first["slot_numbers"]


def test_a_model_that_fails_keeps_its_former_rows(house, models):
    models("marts", "fct_a", "select 1 as n")
    run(house, models)
    models("marts", "fct_a", "select cast('x' as integer) as n")
    assert statuses(run(house, models)) == {"fct_a": "failed"}
    assert house.execute("select n from intercom.fct_a") == [(1,)]


def test_a_rebuilt_model_may_change_its_columns(house, models):
    models("staging", "stg_a", "select 1 as n")
    models("marts", "fct_a", "select n from stg_a")
    run(house, models)
    models("staging", "stg_a", "select 'one' as word, 1 as n")
    models("marts", "fct_a", "select word from stg_a")
    assert run(house, models).is_ok
    assert house.execute("select * from intercom.fct_a") == [("one",)]


def test_no_table_under_construction_is_left(house, models):
    models("marts", "fct_a", "select 1 as n")
    run(house, models)
    assert house.execute("select table_name from information_schema.tables where table_name like '%building%'") == []


def test_grain_and_meanings_become_comments_of_the_table(house, models):
    models("staging", "stg_a", "select\n    1 as n,  -- how many; it's one\n    2 as m\nfrom raw.contacts")
    models("marts", "fct_a", "with\n\nx as (select 1 as n)  -- not this\n\nselect n  -- the number\nfrom x")
    run(house, models)
    comments = "select table_name, column_name, comment from duckdb_columns() where comment is not null order by 1"
    assert house.execute(comments) == [("fct_a", "n", "the number"), ("stg_a", "n", "how many; it's one")]
    assert house.execute("select comment from duckdb_tables() where table_name = 'fct_a'") == [("One row per number.",)]


def test_a_selection_builds_only_what_it_names(house, models):
    models("marts", "fct_a", "select 1 as n")
    models("marts", "fct_b", "select 1 as n")
    models("checks", "a_holds", "select * from fct_a where n <> 1", "error: A holds.")
    models("checks", "b_holds", "select * from fct_b where n <> 1", "error: B holds.")
    models("checks", "both_hold", "select fct_a.n from fct_a cross join fct_b where fct_a.n <> 1", "error: Both hold.")
    assert statuses(run(house, models, "fct_a")) == {"fct_a": "built", "a_holds": "passed"}


def test_a_wrong_selection_touches_nothing(house, models):
    models("marts", "fct_a", "select 1 as n")
    house.load()
    with pytest.raises(ModelError):
        run(house, models, "fct_z")
    assert house.execute("select count(*) from information_schema.schemata where schema_name = 'intercom'") == [(0,)]


def test_checks_count_the_rows_that_must_not_exist(house, models):
    models("marts", "fct_a", "select 1 as n union all select 2 as n")
    models("checks", "n_is_one", "select n from fct_a where n <> 1", "error: n is one.")
    models("checks", "n_is_two", "select n from fct_a where n <> 2", "warn: n is two.")
    models("checks", "n_is_positive", "select n from fct_a where n <= 0", "error: n is positive.")
    models("checks", "n_is_asked_wrongly", "select x from fct_a", "warn: n is asked.")
    report = run(house, models)
    found = {check.name: (check.severity, check.status, check.count_failing_rows) for check in report.checks}
    assert found == {
        "n_is_one": ("error", "failed", 1),
        "n_is_two": ("warn", "failed", 1),
        "n_is_positive": ("error", "passed", 0),
        "n_is_asked_wrongly": ("warn", "failed", None),
    }
    assert [check.name for check in report.failed_checks()] == ["n_is_one"]
    assert [check.name for check in report.failed_checks("warn")] == ["n_is_asked_wrongly", "n_is_two"]
    assert not report.is_ok


def test_every_build_is_recorded(house, models):
    models("marts", "fct_a", "select 1 as n")
    models("checks", "n_is_two", "select n from fct_a where n <> 2", "warn: n is 'two'.")
    run(house, models)
    run(house, models, "fct_a")
    rows = house.rows("model_runs", "name, kind, status, count_rows, severity, error", "name, built_at_epoch")
    assert rows[0] == ("build_clock", "seed", "built", 1, None, None)
    assert [row for row in rows if row[1] != "seed"] == [
        ("fct_a", "marts", "built", 1, None, None),
        ("fct_a", "marts", "built", 1, None, None),
        ("n_is_two", "check", "failed", 1, "warn", None),
        ("n_is_two", "check", "failed", 1, "warn", None),
    ]


def test_the_log_of_builds_ends_after_90_days_save_for_the_last_results(house, models):
    models("marts", "fct_a", "select 1 as n")
    models("marts", "fct_b", "select 1 as n")
    run(house, models)
    aged = "update intercom_staging.model_runs set built_at_epoch = built_at_epoch - {} * 86400"
    count = "select name, count(*) from intercom_staging.model_runs where name like 'fct%' group by 1 order by 1"
    house.execute(aged.format(80))
    run(house, models)
    house.execute(aged.format(20))
    run(house, models, "fct_a")
    assert house.execute(count) == [("fct_a", 2), ("fct_b", 1)]
    house.execute(aged.format(100))
    run(house, models, "fct_a")
    assert house.execute(count) == [("fct_a", 1), ("fct_b", 1)]
    (models.folder / "marts" / "fct_b.sql").unlink()
    for _ in range(2):
        run(house, models, "fct_a")
    assert house.rows("model_runs where name = 'fct_b'", "status") == [("gone",)]
    house.execute(aged.format(100))
    run(house, models, "fct_a")
    assert house.rows("model_runs where name = 'fct_b'", "status") == []


def test_an_unknown_time_zone_is_a_warning_of_the_report(house, models):
    models("marts", "fct_a", "select 1 as n")
    house.raw.add("workspace", id_code="w", timezone="Nowhere/Land")
    assert run(house, models).warnings == ["time zone 'Nowhere/Land' is unknown: days are counted in UTC"]


def test_the_calendar_goes_on_to_the_last_change_that_stands_for_a_time(house, models):
    models("marts", "fct_a", "select max(day) as day from calendar_days")
    house.raw.conversation("1", NOW - 60).asks(None)
    house.raw.tables["conversation_parts"][-1]["updated_at"] = NOW + 86_400
    house.raw.add("ticket_parts", ticket_id="9", id="1", updated_at=NOW + 2 * 86_400)
    run(house, models)
    assert house.rows("fct_a", "cast(day as varchar)") == [("2024-06-03",)]


def test_a_team_of_the_settings_that_nobody_knows_is_a_warning(house, models):
    models("marts", "fct_a", "select 1 as n")
    house.raw.add("teams", id="7", name="Support")
    story = house.raw.conversation("1", 1_714_471_800, team_assignee_id="8")  # 8 to 10 are gone
    story.part("assignment", 1_714_471_900, ("admin", "a1"), to=("team", "9"))
    house.raw.add("tickets", id="1", created_at=1_714_471_800, team_assignee_id="10")
    schedule = Schedule(team_ids=("7", "8", "9", "10"))
    known = Settings((schedule,), (SlaTarget(team_id="7"),))
    assert run(house, models, settings=known).warnings == []
    (warning,) = run(house, models, settings=replace(known, sla_targets=(SlaTarget(team_id="Support"),))).warnings
    assert "no team has the id 'Support', whose hours or targets apply to nothing; teams are 7 (Support)" in warning


def test_no_team_of_the_settings_is_warned_of_where_teams_are_not_loaded(house, models):
    models("marts", "fct_a", "select 1 as n")
    settings = Settings((Schedule(team_ids=("7",)),))
    assert run(house, models, settings=settings).warnings == []
    house.execute("drop table intercom_raw.teams")
    report = run(house, models, settings=settings)
    assert (report.is_ok, report.warnings) == (True, [])


def test_without_raw_tables_every_seed_says_so(house, models):
    models("marts", "fct_a", "select day from calendar_days")
    with house.pipeline.sql_client() as client:
        client.create_dataset()
    report = build(
        house.pipeline.sql_client, "duckdb", house.datasets, BuildOptions(folder=models.folder, now_epoch=NOW)
    )
    assert {(result.name, result.status) for result in report.models} == {
        ("build_clock", "failed"),
        ("calendar_days", "failed"),
        ("slot_numbers", "failed"),
        ("business_spans", "failed"),
        ("team_schedules", "failed"),
        ("sla_targets", "failed"),
        ("help_center_locales", "failed"),
        ("fct_a", "skipped"),
    }
    assert "workspace" in report.models[0].error
    assert isinstance(report.models[0].cause, DatabaseUndefinedRelation), "from it the exit code follows"


def test_a_database_called_like_a_dataset_is_not_confused_with_it(house_called_intercom):
    """Views, tables and those of attributes, checks and seeds: of each there is one."""
    house_called_intercom.raw.conversation("1", NOW - 60)
    report = house_called_intercom.build("+fct_csat +dim_contact_attributes")
    assert report.is_ok
    assert {result.kind for result in report.models} >= {"seed", "staging", "intermediate", "marts"}
    assert report.checks


def test_all_models_hold_on_an_empty_workspace(house):
    report = house.build()
    assert [result for result in report if result.status not in ("built", "passed")] == []

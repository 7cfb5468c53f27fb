"""A folder of the user's own SQL files: built, checked and exported with ours."""

import pytest
from sqlglot import exp

from tests.support.warehouse.workspace_story import tell
from transforms import Settings, SettingsError, export_dbt, read_settings
from transforms.runner.model_graph.model import ModelError, parse_model
from transforms.runner.model_graph.own_models import LONGEST
from transforms.runner.model_graph.shipped_models import read_models


@pytest.fixture
def own(tmp_path):
    """A folder of own models: `own("sub/name", sql, headline)` writes one."""

    def write(path, sql, headline="One row per channel."):
        file = tmp_path / "own models" / f"{path}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"-- {headline}\n{sql}\n")

    write.settings = Settings(models_folder=tmp_path / "own models")
    write.folder = tmp_path / "own models"
    return write


def submitted_ticket(raw):
    """Tell of a ticket: its mart is made of a third of what that of conversations is made of."""
    raw.add("tickets", id="1", ticket_state="submitted", created_at=1_714_564_800)


def test_own_models_read_ours_and_each_other_in_their_order(house, own):
    submitted_ticket(house.raw)
    house.raw.conversation("1", 1_714_564_800)
    own("a_first_by_name", "select n + 1 as n from staging_of_mine  -- as it is")
    own("staging/staging_of_mine", "select count(*) as n from raw.conversations")
    marked = own.folder / "staging/staging_of_mine.sql"
    marked.write_text(marked.read_text(), encoding="utf-8-sig")  # as editors of Windows do
    own("fct_mine", "select ticket_state, count(*) as n from fct_tickets group by ticket_state")
    own("fct_seldom", "-- view: it is read seldom\nselect n from fct_mine")
    own("fct_qualified", "select t.ticket_state, r.id from intercom.fct_tickets as t, intercom_raw.conversations as r")
    report = house.build("+a_first_by_name +fct_seldom +fct_qualified", settings=own.settings)
    assert report.is_ok, report.failed_models
    assert house.rows("fct_mine") == [("submitted", 1)]
    assert house.rows("fct_qualified") == [("submitted", "1")]
    assert house.execute("select n from intercom.a_first_by_name") == [(2,)]
    assert house.execute("select view_name from duckdb_views() where schema_name = 'intercom'") == [("fct_seldom",)]
    comment = house.execute("select comment from duckdb_tables() where table_name = 'fct_mine'")
    assert comment == [("One row per channel.",)]


def test_own_checks_are_run(house, own):
    own("fct_mine", "select 1 as n")
    own("checks/mine_is_two", "select * from fct_mine where n <> 2", "error: It is two.")
    report = house.build("fct_mine", settings=own.settings)
    assert [(check.name, check.count_failing_rows) for check in report.failed_checks("error")] == [("mine_is_two", 1)]


def test_what_no_file_is_called_any_more_is_gone_from_the_log_of_builds(house, own):
    def last():
        sql = "select name, max_by(status, epoch_and_row) from (select *, built_at_epoch + rowid as epoch_and_row"
        return dict(house.execute(f"{sql} from intercom_staging.model_runs) where name like '%mine%' group by 1"))

    own("fct_mine", "select no_column from fct_tickets")
    own("fct_mine_that_stands", "select 1 as n")
    own("checks/mine_is_two", "select * from fct_mine_that_stands where n <> 2", "error: It is two.")
    house.build("fct_mine fct_mine_that_stands", settings=own.settings)
    assert last() == {"fct_mine": "failed", "fct_mine_that_stands": "built", "mine_is_two": "failed"}
    row = "1, 'stg_admins_are_two', 'check', 'failed', 0.0, null, null, null"  # of ours, dropped by an upgrade
    house.execute(f"insert into intercom_staging.model_runs values ({row})")
    house.build("stg_admins")  # without the folder, which may be given to the next build
    assert set(last().values()) == {"failed", "built"}
    gone = "select name from intercom_staging.model_runs where status = 'gone'"
    assert house.execute(gone) == [("stg_admins_are_two",)]
    (own.folder / "fct_mine.sql").unlink()
    (own.folder / "checks" / "mine_is_two.sql").unlink()
    for _ in range(2):
        house.build("stg_admins", settings=own.settings)
        assert last() == {"fct_mine": "gone", "fct_mine_that_stands": "built", "mine_is_two": "gone"}
    assert sorted(house.execute(gone)) == [("fct_mine",), ("mine_is_two",), ("stg_admins_are_two",)]
    own("fct_mine", "select 1 as n")
    house.build("fct_mine", settings=own.settings)
    assert last()["fct_mine"] == "built"


def test_what_an_upgrade_has_removed_is_gone_from_the_log_though_own_models_stand(house, own):
    own("fct_mine", "select 1 as n")
    house.build("fct_mine stg_admins", settings=own.settings)
    ours = "'fct_former', false, '[]', false"  # an earlier version made it
    house.execute(f"insert into intercom_staging.built_models values ({ours})")
    house.execute(
        "insert into intercom_staging.model_runs values (1, 'fct_former', 'marts', 'built', 0, 7, null, null)"
    )
    house.build("stg_admins")
    gone = "select name from intercom_staging.model_runs where status = 'gone' order by 1"
    assert house.execute(gone) == [("fct_former",)]
    house.execute("drop table intercom.fct_mine")  # by somebody who wants no models of their own any more
    house.build("stg_admins")
    assert house.execute(gone) == [("fct_former",), ("fct_mine",)]


def test_tables_of_other_schemas_are_read_as_they_are(house, own):
    house.load()
    house.execute("create schema crm")
    house.execute("create table crm.fct_conversations as select 7 as n")
    own("fct_mine", "select n from crm.fct_conversations")
    assert house.build("fct_mine", settings=own.settings).is_ok
    assert house.rows("fct_mine") == [(7,)]


def read_by(sql):
    return parse_model("marts", "fct_mine", f"-- One row.\n{sql}").references


def test_a_name_is_a_cte_only_where_it_can_be_read():
    """A CTE may have the name of the model that it is made of, and is read under that name after it."""
    assert read_by("with fct_a as (select n from fct_a) select n from fct_a join fct_b using (n)") == {"fct_a", "fct_b"}
    assert read_by("with fct_a as (select 1 as n), b as (select n from Fct_A) select n from B") == set()
    assert read_by("with b as (select n from later), later as (select n from b) select n from later") == {"later"}
    assert read_by("with recursive t as (select 1 as n union all select n + 1 as n from t) select n from t") == set()
    assert read_by("select n from (with a as (select 1 as n) select n from a) join a using (n)") == {"a"}
    assert read_by("with a as (select 1 as n) select n from (select n from a) union all select n from a") == set()
    assert read_by("select range as n from range(10) union all select n from read_csv('a.csv')") == set()


def test_own_models_find_ours_in_capitals_and_within_ctes_of_the_same_name(house, own):
    submitted_ticket(house.raw)
    house.raw.conversation("1", 1_714_564_800)
    waiting = "with fct_tickets as (select * from Fct_Tickets where ticket_state = 'submitted')"
    own("fct_mine", f"{waiting} select count(*) as n from FCT_TICKETS join range(1, 3) as r on true")
    own("fct_raw", "select count(*) as n from RAW.Conversations join Intercom.Fct_Mine on true")
    report = house.build("+fct_mine fct_raw", settings=own.settings)
    assert report.failed_models == []
    assert (house.rows("fct_mine"), house.rows("fct_raw")) == ([(2,)], [(1,)])


def test_a_column_may_be_renamed_after_a_build_that_was_broken_off(house, own):
    def breaking_off(result):
        if result.name == "fct_mine":
            raise KeyboardInterrupt

    own("fct_mine", "select 1 as a")
    house.build("fct_mine", settings=own.settings)
    own("fct_mine", "select 1 as a, 2 as b")
    with pytest.raises(KeyboardInterrupt):
        house.build("fct_mine", settings=own.settings, on_result=breaking_off)
    own("fct_mine", "select 1 as a, 2 as c")
    assert house.build("fct_mine", settings=own.settings).failed_models == []


def test_a_view_of_a_star_is_built_again_after_it_was_read_with_a_new_column(house, own):
    """DuckDB keeps the column in its catalog."""
    house.raw.conversation("1", 1_714_564_800)
    own("staging/stg_mine", "select * from raw.conversations")
    own("fct_mine", "select count(*) as n from stg_mine")
    assert house.build("+fct_mine", settings=own.settings).failed_models == []
    house.execute("alter table intercom_raw.conversations add column came_later varchar")
    house.build("fct_mine", settings=own.settings)
    house.execute("select * from intercom_staging.stg_mine")
    assert house.build("+fct_mine", settings=own.settings).failed_models == []


def unclear_columns(own):
    """Write models whose columns get their names from what they read, or from the database."""
    own("fct_star", "select * from fct_tickets")
    own("fct_unnamed", "select count(*), min(id), max(id) from raw.conversations")
    own("fct_capital", 'select 1 as State_Now, 2 as "Other_State"')
    own("fct_long", f"select 1 as {'long_' * 14}")
    own("fct_view_of_star", "-- view: it is read seldom\nselect * from fct_star")


@pytest.mark.end_to_end
@pytest.mark.parametrize("kind", ["house", "postgres_house"])
def test_a_model_is_built_again_whatever_its_columns_are_called(request, own, kind):
    house = request.getfixturevalue(kind)
    house.raw.conversation("1", 1_714_564_800)
    unclear_columns(own)
    names = [path.stem for path in own.folder.glob("*.sql")]
    select = f"+fct_view_of_star {' '.join(names)}"
    for _ in range(2):
        report = house.build(select, settings=own.settings)
        assert report.failed_models == []
    house.execute('alter table intercom.fct_star add column "of_mine" varchar')
    (failed,) = house.build("fct_star", settings=own.settings).failed_models
    assert "has the column of_mine" in failed.error


def test_our_models_name_all_their_columns():
    assert [model.name for model in read_models("changes", "fivetran") if not model.names_its_columns] == []


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("select * from (select state, 1 as n from stg_conversations) pivot (sum(n) for state in ('open'))", "PIVOT"),
        ("select a.state from stg_conversations as a asof join stg_conversations as b on a.state >= b.state", "ASOF"),
        ("select arg_max(state, created_at) as state from stg_conversations", "arg_max"),
    ],
)
def test_what_the_dialect_cannot_say_is_named_and_the_rest_is_built(postgres_house, own, sql, construct):
    postgres_house.raw.conversation("1", 1_714_564_800)
    own("fct_mine", sql)
    own("fct_after_mine", "select * from fct_mine")
    own("fct_other", "select count(*) as n from stg_conversations")
    report = postgres_house.build("+fct_after_mine +fct_other", settings=own.settings)
    (failed,) = report.failed_models
    assert failed.name == "fct_mine"
    assert construct.lower() in failed.error.lower(), failed.error
    status = {model.name: model.status for model in report.models}
    assert (status["fct_after_mine"], status["fct_other"]) == ("skipped", "built")


def test_the_longest_name_is_one_that_postgres_does_not_cut(postgres_house, own):
    name = "m" * LONGEST
    own(name, "select count(*) as n from raw.tags")
    for _ in range(2):  # the second build fills the table in place
        report = postgres_house.build(name, settings=own.settings)
        assert report.is_ok, report.failed_models
    assert postgres_house.execute(f"select n from intercom.{name}") == [(0,)]
    own(f"{name}m", "select count(*) as n from raw.tags")
    with pytest.raises(ModelError, match=f"{name}m: on PostgreSQL a model's name has at most 53 letters"):
        postgres_house.build(settings=own.settings)


@pytest.mark.parametrize(
    ("path", "sql", "said"),
    [
        ("fct_conversations", "select 1 as n", "fct_conversations is taken"),
        ("calendar_days", "select 1 as n", "calendar_days is taken"),
        ("dim_contact_attributes", "select 1 as n", "dim_contact_attributes is taken"),
        ("built_models", "select 1 as n", "built_models is taken"),
        ("team", "select 1 as n", "team is taken"),
        ("fct_mine", "select n from no_such_model", "no_such_model: no such model"),
        ("fct_mine", "select name from intercom_staging.model_runs", "model_runs: .*only models and seeds"),
        ("fct_mine", "select 1 as n; drop table x", "exactly one SELECT"),
        ("fct_mine", "select from where", "fct_mine.sql"),
        ("fct_mine", "drop table x", "exactly one SELECT"),
        ("fct_mine__changed", "select 1 as n", "end in __building or __changed"),
        ("staging/fct_mine__building", "select 1 as n", "end in __building or __changed"),
        ("Mine", "select 1 as n", "small letters"),
        ("fct-mine", "select 1 as n", "small letters"),
        ("deeper/down/fct_mine", "select 1 as n", "sub-folders staging, intermediate, marts, checks"),
        ("changes/fct_mine", "select 1 as n", "sub-folders staging, intermediate, marts, checks"),
        ("checks/mine", "select 1 as n", "'error:' or 'warn:'"),
    ],
)
def test_what_is_no_model_is_named_and_nothing_is_built(house, own, path, sql, said):
    own(path, sql)
    house.load()
    with pytest.raises(ModelError, match=said) as raised:
        house.build(settings=own.settings)
    assert f"{path.rpartition('/')[2]}.sql" in str(raised.value)
    assert house.execute("select 1 from information_schema.schemata where schema_name = 'intercom'") == []


def test_two_of_one_name_are_both_named(house, own):
    own("fct_mine", "select 1 as n")
    own("intermediate/fct_mine", "select 1 as n")
    with pytest.raises(ModelError, match=r"fct_mine\.sql has the name of .*fct_mine\.sql"):
        house.build(settings=own.settings)


def test_a_folder_that_is_not_there_is_named(house, tmp_path):
    with pytest.raises(ModelError, match=r"no folder .*nowhere"):
        house.build(settings=Settings(models_folder=tmp_path / "nowhere"))


def test_the_folder_is_seen_from_the_file_of_the_settings(tmp_path):
    (tmp_path / ".dlt").mkdir()
    file = tmp_path / ".dlt" / "models.toml"
    file.write_text('models = "../sql"\n')
    assert read_settings(file).models_folder.resolve() == tmp_path / "sql"
    file.write_text("models = 1\n")
    with pytest.raises(SettingsError, match="write a folder"):
        read_settings(file)


def test_own_models_are_in_the_dbt_project(house, own, tmp_path):
    tell(house.raw, 3)
    own("fct_mine", "select channel,  -- by which way\n count(*) as n from fct_conversations group by channel")
    house.load()
    export_dbt(house.pipeline.sql_client, house.dialect, tmp_path / "project", settings=own.settings)
    assert "{{ ref('fct_conversations') }}" in (tmp_path / "project/models/marts/fct_mine.sql").read_text()
    assert 'description: "by which way"' in (tmp_path / "project/models/marts/marts.yml").read_text()
    (tmp_path / "project/models/marts/theirs.sql").write_text("select 1")
    (own.folder / "fct_mine.sql").unlink()
    export_dbt(house.pipeline.sql_client, house.dialect, tmp_path / "project", settings=own.settings)
    assert not (tmp_path / "project/models/marts/fct_mine.sql").exists()
    assert (tmp_path / "project/models/marts/theirs.sql").exists()


def test_our_models_read_no_table_of_another_schema():
    assert {table.db for model in read_models() for table in model.query.find_all(exp.Table)} == {"", "raw"}

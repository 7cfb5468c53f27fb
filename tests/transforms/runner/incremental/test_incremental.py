"""Built by changed conversations or built in full: the rows are the same, whatever has changed."""

import dataclasses
import functools

import pytest

from tests.support.warehouse.built_models import TAMPERED, only, only_conversations
from tests.support.warehouse.changing_workspace import FULL, SETTINGS, TABLES, ChangingWorkspace
from tests.support.warehouse.house import NOW, duckdb_house
from tests.support.warehouse.raw_tables import RawRows
from tests.support.warehouse.workspace_story import DAY
from transforms.runner.incremental.build_memory import model_versions
from transforms.runner.incremental.order import after_changes
from transforms.runner.model_graph.model import CHANGES, ModelError, parse_model
from transforms.runner.model_graph.shipped_models import read_models

HEADER = "-- incremental: conversation_id"
OF_CONVERSATIONS = [model.name for model in TABLES if model.key == "conversation_id"]


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
def test_random_changes_give_the_rows_of_a_full_build(house, seed, tmp_path):
    house.build = functools.partial(house.build, folder=only_conversations(tmp_path / "models"))
    ChangingWorkspace(house, seed).expect_equal_after_changes(rounds=2)


def test_random_changes_give_the_rows_of_a_full_build_on_postgres(postgres_house, tmp_path):
    postgres_house.build = functools.partial(postgres_house.build, folder=only_conversations(tmp_path / "models"))
    try:
        ChangingWorkspace(postgres_house, 4).expect_equal_after_changes(rounds=1)
    finally:
        for dataset in dataclasses.astuple(FULL):
            postgres_house.execute(f"drop schema if exists {dataset} cascade")


def is_tampered(house):
    return house.execute("select count(*) from {} where {} and author_id = 'tampered'".format(*TAMPERED)) != [(0,)]


def changed(house):
    rows = house.execute("select conversation_id from intercom_staging.changed_conversations order by 1")
    return [conversation_id for (conversation_id,) in rows]


def test_what_is_settled_is_left_as_it_is(quiet):
    quiet.build(now_epoch=NOW + DAY)
    assert changed(quiet) == ["1"]
    assert is_tampered(quiet)


def test_a_conversation_that_is_loaded_again_is_built_again(quiet):
    quiet.execute("update intercom_raw.conversations set _dlt_load_id = 'new' where id = '7'")
    quiet.build()
    assert changed(quiet) == ["1", "7"]
    assert not is_tampered(quiet)


@pytest.mark.parametrize(("days_ago", "expected"), [(18, ["1", "3", "7"]), (25, ["1", "3"]), (12, ["1", "3"])])
def test_a_conversation_is_built_again_when_its_contact_comes_back(quiet, days_ago, expected):
    quiet.execute(
        "update intercom_raw.conversations set _dlt_load_id = 'new', source__author__id = 'u7', "
        f"created_at = {NOW - days_ago * DAY} where id = '3'"
    )
    quiet.build()
    assert changed(quiet) == expected


def test_a_contact_greeted_before_the_close_comes_back_by_writing_after_it(quiet):
    """And was not back once nothing of that is true any more."""
    came_back = "select is_resolved_no_return from intercom.fct_conversations where conversation_id = '7'"
    quiet.execute(
        "update intercom_raw.conversations set _dlt_load_id = 'new', source__author__type = 'bot', "
        f"source__delivered_as = 'operator_initiated', created_at = {NOW - 90 * DAY} where id = '3'"
    )
    quiet.execute("insert into intercom_raw.conversation_contacts (conversation_id, contact_id) values ('3', 'u7')")
    quiet.execute(
        "insert into intercom_raw.conversation_parts (conversation_id, id, part_type, body, author__type, author__id, "
        f"created_at) values ('3', '9', 'comment', 'and?', 'user', 'u7', {NOW - 18 * DAY})"
    )
    quiet.build()
    assert quiet.execute(came_back) == [(False,)]
    quiet.execute("update intercom_raw.conversations set _dlt_load_id = 'new' where id = '7'")  # and 3 is as it was
    quiet.build()
    assert quiet.execute(came_back) == [(False,)]
    quiet.execute("update intercom_raw.conversations set _dlt_load_id = 'newer' where id = '3'")
    quiet.execute("delete from intercom_raw.conversation_parts where id = '9'")
    quiet.build()
    assert quiet.execute(came_back) == [(True,)]


def test_a_memory_of_an_earlier_version_is_forgotten(quiet):
    quiet.execute("alter table intercom_staging.built_conversations drop column last_close_at_epoch")
    assert quiet.build().failed_models == []
    assert not is_tampered(quiet)


def test_a_contact_that_changes_its_company_changes_its_conversations(quiet):
    quiet.execute("insert into intercom_raw.contact_companies (contact_id, company_id) values ('u7', 'k')")
    quiet.build()
    assert changed(quiet) == ["1", "7"]
    assert quiet.rows("fct_conversations where conversation_id = '7'", "company_id") == [("k",)]


def test_a_tag_that_is_renamed_changes_its_conversations(quiet_marts):
    """Also where two swap their names: 5 has both of them."""
    tagged = "insert into intercom_raw.conversation_tags (conversation_id, tag_id, name) values "
    quiet_marts.execute(f"{tagged} ('7', 't', 'old'), ('5', 't', 'old'), ('5', 's', 'new')")
    quiet_marts.execute("insert into intercom_raw.tags (id, name) values ('t', 'old'), ('s', 'new')")
    quiet_marts.build()
    quiet_marts.execute("update intercom_raw.tags set name = case id when 't' then 'new' else 'old' end")
    quiet_marts.build()
    assert changed(quiet_marts) == ["1", "5", "7"]
    assert quiet_marts.rows("fct_conversations where conversation_id = '7'", "tags") == [("new",)]
    swapped = quiet_marts.rows("fct_conversation_tags where conversation_id = '5'", "tag_id, tag_name")
    assert swapped == [("s", "old"), ("t", "new")]


def test_a_teammate_who_is_met_only_later_is_the_one_whom_earlier_ratings_name(quiet):
    said = "conversation_rating__rating = 5, conversation_rating__teammate__id = 'ann', _dlt_load_id = 'new'"
    quiet.execute(f"update intercom_raw.conversations set {said} where id = '7'")
    quiet.build()
    rated = "select rating, rated_admin_id from intercom.fct_conversations where conversation_id = '7'"
    assert quiet.execute(rated) == [(5, None)]
    quiet.execute("insert into intercom_raw.admins (id, name) values ('ann', 'Ann')")
    quiet.build()
    assert changed(quiet) == ["1", "7"]
    assert quiet.execute(rated) == [(5, "ann")]


def test_a_bot_that_is_met_only_later_is_the_one_whom_earlier_ratings_name(quiet_marts):
    """Until then the rating is of the last teammate who had replied, and afterwards of nobody."""
    replied = "(conversation_id, id, part_type, body, author__type, author__id, created_at)"
    said = f"conversation_rating__rating = 5, conversation_rating__created_at = {NOW - 15 * DAY}"
    said += ", conversation_rating__teammate__id = 'fin', _dlt_load_id = 'new'"
    quiet_marts.execute(f"update intercom_raw.conversations set {said} where id = '7'")
    quiet_marts.execute(
        f"insert into intercom_raw.conversation_parts {replied} "
        f"values ('7', '8', 'comment', 'so', 'admin', 'ann', {NOW - 25 * DAY})"
    )
    quiet_marts.build()
    rated = "fct_csat where conversation_id = '7'"
    assert quiet_marts.rows(rated, "admin_id") == [("ann",)]
    quiet_marts.execute(
        f"insert into intercom_raw.conversation_parts {replied} "
        f"values ('5', '9', 'comment', 'hello', 'bot', 'fin', {NOW - 25 * DAY})"
    )
    quiet_marts.build()
    assert changed(quiet_marts) == ["1", "5", "7"]
    assert quiet_marts.rows(rated, "admin_id") == [(None,)]


def test_a_workspace_that_moves_changes_the_address_of_all_conversations(quiet):
    quiet.execute("insert into intercom_raw.workspace (id_code, region) values ('w', 'US')")
    quiet.build()
    quiet.execute("update intercom_raw.workspace set region = 'EU'")
    quiet.build()
    assert quiet.rows("fct_conversations where conversation_url like 'https://app.eu.%'", "count(*)") == [(10,)]


def test_a_list_that_a_killed_load_brought_later_changes_its_conversation(quiet):
    """The tables of a load package are committed one after the other, under one load id."""
    quiet.execute("insert into intercom_raw.conversation_tags (conversation_id, tag_id, name) values ('5', 't', 'vip')")
    quiet.execute("insert into intercom_raw.conversation_part_attachments (conversation_id, position) values ('7', 0)")
    quiet.build()
    assert changed(quiet) == ["1", "5", "7"]


def test_a_conversation_that_is_gone_leaves_every_table(quiet_marts):
    quiet_marts.execute("insert into intercom_raw.deleted_records (entity, id) values ('conversations', '7')")
    quiet_marts.build()
    assert [name for name in OF_CONVERSATIONS if quiet_marts.rows(f"{name} where conversation_id = '7'")] == []


@pytest.mark.parametrize(
    ("options", "dialect"),
    [
        ({"supports_ddl_transactions": False}, "duckdb"),
        ({}, "materialize"),  # SQL that DuckDB takes, too; nobody looks into its catalog
    ],
)
@pytest.mark.end_to_end
def test_where_nothing_can_be_remembered_every_build_is_a_full_one(tmp_path, options, dialect):
    """As on BigQuery, ClickHouse and Databricks (no transactions), and on Snowflake and Redshift (no catalog)."""
    house = duckdb_house(tmp_path, "support", **options)
    house.raw.conversation("1", NOW - 30 * DAY, state="closed").closes(NOW - 20 * DAY)
    house.raw.conversation("2", NOW - 30 * DAY, state="closed").closes(NOW - 20 * DAY)
    house.load()
    house.dialect = dialect
    house.build = functools.partial(house.build, folder=only(tmp_path / "models", "fct_conversations"))
    assert house.build().failed_models == []
    house.execute("insert into intercom_raw.deleted_records (entity, id) values ('conversations', '1')")
    assert house.build().failed_models == []
    assert house.rows("fct_conversations", "conversation_id") == [("2",)]
    made = {name for (name,) in house.execute("select table_name from duckdb_columns()")}
    assert "int_events" in made
    assert made & {model.name for model in read_models(CHANGES) if model.kind == CHANGES} == set()


def test_when_the_clock_goes_back_nothing_is_settled(quiet):
    quiet.build(now_epoch=NOW - 25 * DAY)
    assert len(changed(quiet)) == len("0123456789")


def test_periods_after_now_are_gone_when_the_clock_goes_back(quiet_marts):
    """A build by this machine's clock, and then one by Intercom's, which is behind it."""
    owned = "select sum(owned_seconds), max(week_start) from intercom.fct_teammate_weekly"
    quiet_marts.raw = RawRows()
    quiet_marts.raw.conversation("owned", NOW - 9 * DAY, admin_assignee_id="a1")
    for statement in quiet_marts.raw.inserts("intercom_raw"):
        quiet_marts.execute(statement)
    quiet_marts.build(now_epoch=NOW)
    before = quiet_marts.execute(owned)
    quiet_marts.build(now_epoch=NOW + 60 * DAY)
    assert quiet_marts.execute(owned) > before
    quiet_marts.build(now_epoch=NOW)
    assert quiet_marts.execute(owned) == before


@pytest.mark.parametrize("selection", [None, "stg_data_attributes"])
def test_days_ahead_are_gone_when_no_record_has_such_a_time_any_more(quiet_marts, selection):
    created = "update intercom_raw.conversations set created_at = {}, _dlt_load_id = '{}' where id = '7'"
    quiet_marts.execute(created.format(NOW + 20 * DAY, "ahead"))
    quiet_marts.build()
    assert quiet_marts.rows("fct_support_daily", "max(day) > date '2024-06-02'") == [(True,)]
    quiet_marts.execute(created.format(NOW - 30 * DAY, "corrected"))
    if selection:
        assert quiet_marts.build(selection, now_epoch=NOW + 60).failed_models == []  # it writes the shorter calendar
    assert quiet_marts.build(now_epoch=NOW + 60).failed_models == []
    assert quiet_marts.rows("fct_support_daily", "max(day) > date '2024-06-02'") == [(False,)]


@pytest.mark.parametrize("options", [{"full": True}, {"settings": SETTINGS}])
def test_other_settings_and_the_wish_build_in_full(quiet, options):
    quiet.build(**options)
    assert not is_tampered(quiet)


def test_data_that_begins_earlier_builds_in_full(quiet):
    """Business seconds are counted from the first day on."""
    quiet.raw = RawRows()
    quiet.raw.conversation("early", NOW - 90 * DAY)
    for statement in quiet.raw.inserts("intercom_raw"):
        quiet.execute(statement)
    quiet.build()
    assert not is_tampered(quiet)


def test_a_selection_is_built_in_full_and_the_rest_keeps_its_memory(quiet):
    quiet.build("int_turns")
    assert is_tampered(quiet)
    quiet.build()
    assert is_tampered(quiet)
    quiet.build("int_events")
    assert not is_tampered(quiet)


@pytest.mark.parametrize("select", ["+fct_conversations", "+int_status_spans"])
def test_periods_are_counted_again_after_a_build_of_what_they_are_made_of(quiet_marts, select):
    counted = "sum(count_conversations), sum(count_first_closed)"
    quiet_marts.execute("insert into intercom_raw.deleted_records (entity, id) values ('conversations', '5')")
    quiet_marts.build(select)
    quiet_marts.build()
    assert quiet_marts.rows("fct_support_daily", counted) == [(9, 8)]


def test_a_partial_selection_is_not_taken_for_an_up_to_date_build(quiet_marts):
    """This one has every incremental model, and not the office hours: one Monday, 3 hours 15 minutes of it."""
    quiet_marts.build("stg_teams+", settings=SETTINGS)
    quiet_marts.build(settings=SETTINGS)
    of_it = "fct_conversations where conversation_id = '7'"
    assert quiet_marts.rows(of_it, "resolution_business_seconds") == [(11_700,)]


def test_after_a_build_that_failed_all_is_built_in_full(quiet):
    quiet.execute("alter table intercom_raw.conversation_tags rename to hidden")
    assert quiet.build().failed_models != []
    quiet.execute("alter table intercom_raw.hidden rename to conversation_tags")
    assert quiet.build().failed_models == []
    assert not is_tampered(quiet)


def test_a_table_that_somebody_dropped_is_built_in_full(quiet_marts):
    quiet_marts.execute("drop table intercom.fct_csat")
    quiet_marts.execute("drop table intercom_staging.int_turns")
    assert quiet_marts.build().failed_models == []
    assert len(quiet_marts.rows("int_turns")) == len("0123456789")


@pytest.mark.parametrize("change", ["delete from {}", "delete from {} where conversation_id = '7'"])
def test_a_table_whose_rows_somebody_has_changed_is_built_in_full(quiet_marts, change):
    """Such as the marts of yesterday, put back from a backup."""
    expected = {name: quiet_marts.rows(name) for name in ("fct_conversations", "fct_support_daily")}
    quiet_marts.execute(change.format("intercom.fct_conversations"))
    report = quiet_marts.build()
    assert [line.partition(":")[0] for line in report.warnings] == [
        "fct_conversations does not have the rows that the last build left in it"
    ]
    assert {name: quiet_marts.rows(name) for name in expected} == expected
    assert quiet_marts.build().warnings == []


def test_a_column_that_somebody_has_added_keeps_its_values(quiet):
    quiet.execute("alter table intercom.fct_conversations add column reviewed_by varchar")
    quiet.execute("update intercom.fct_conversations set reviewed_by = 'Ada'")
    failed = {model.name: model.error for model in quiet.build().failed_models}
    assert "has the column reviewed_by" in failed["fct_conversations"]
    assert quiet.rows("fct_conversations where reviewed_by = 'Ada'", "count(*)") == [(10,)]


def test_a_model_has_another_version_when_it_or_what_it_reads_changes():
    def versions(staging="select id as conversation_id from raw.conversations", seeds="seeds"):
        models = [
            parse_model("staging", "stg_a", f"-- One row.\n{staging}"),
            parse_model("intermediate", "int_a", f"-- One row.\n{HEADER}\nselect conversation_id from stg_a"),
            parse_model("marts", "fct_a", f"-- One row.\n{HEADER}\nselect conversation_id from int_a"),
        ]
        return model_versions(models, seeds, "duckdb")

    first = versions()
    assert first == versions("select id as conversation_id -- a comment\nfrom raw.conversations")
    for other in (versions("select id || 'x' as conversation_id from raw.conversations"), versions(seeds="other")):
        assert other.keys() == first.keys() == {"int_a", "fct_a"}
        assert all(other[name] != first[name] for name in first)


def test_a_model_cannot_be_incremental_by_what_is_no_column():
    with pytest.raises(ModelError, match=r"marts/fct_a\.sql: it is incremental by conversation_id"):
        parse_model("marts", "fct_a", f"-- One row.\n{HEADER}\nselect 1 as n from stg_a")


def test_a_model_cannot_be_incremental_by_days_that_it_makes_itself():
    """Nobody knows which of them change: its days may begin at another hour."""
    sql = "select cast(created_at as date) as day, count(*) as n from fct_conversations group by 1"
    model = parse_model("marts", "fct_a", f"-- One row per day.\n-- incremental: day\n{sql}")
    with pytest.raises(ModelError, match=r"marts/fct_a\.sql .* neither calendar_days nor int_periods: join"):
        after_changes([model])


def test_a_model_cannot_be_incremental_by_any_column():
    with pytest.raises(ModelError, match=r"marts/fct_a\.sql: incremental by n: it can be by conversation_id, day"):
        parse_model("marts", "fct_a", "-- One row.\n-- incremental: n\nselect 1 as n from stg_a")

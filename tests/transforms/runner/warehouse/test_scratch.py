"""What a build makes for itself is gone after it, also what a killed one has left; what others have made stays."""

from tests.support.warehouse.built_models import only
from tests.support.warehouse.house import NOW
from transforms.runner.incremental.increments import FEW_CHANGED
from transforms.runner.warehouse.scratch import COMMENT, IN_MEMORY

OF_DUCKDB = f"select database_name from duckdb_databases() where database_name = '{IN_MEMORY}'"
OF_POSTGRES = "select relname from pg_class where relname like '%\\_\\_changed' and relkind = 'r'"


def _seen_in_second_build(house, folder, sql, conversations=1):
    """Build conversations twice, the second time what has changed of them; return what was there on the way."""
    for number in range(conversations):
        house.raw.conversation(str(number), NOW - 900)
    assert house.build(folder=folder).failed_models == []
    house.execute("update intercom_raw.conversations set _dlt_load_id = 'later'")
    seen = []
    with house.pipeline.sql_client() as another:
        report = house.build(folder=folder, on_result=lambda result: seen.extend(another.execute_sql(sql)))
    assert report.failed_models == []
    return seen


def test_nothing_is_left_of_a_build(house, postgres_house, tmp_path):
    folder = only(tmp_path / "models", "int_turns")
    for each, sql in ((house, OF_DUCKDB), (postgres_house, OF_POSTGRES)):
        assert _seen_in_second_build(each, folder, sql) != []
        assert each.execute(sql) == []


def test_where_most_conversations_have_changed_no_rows_are_copied(house, tmp_path):
    """To build all of them in full is quicker, and takes no memory for copies."""
    folder = only(tmp_path / "models", "fct_support_daily")
    most = FEW_CHANGED + 1
    assert _seen_in_second_build(house, folder, OF_DUCKDB, most) == []
    assert house.rows("fct_support_daily", "sum(count_conversations)") == [(most,)]
    house.execute("update intercom_raw.conversations set _dlt_load_id = 'latest' where id = '7'")
    house.execute(f"update intercom_staging.built_conversations set is_settled = true, built_at_epoch = {NOW}")
    assert house.build(folder=folder).failed_models == []
    assert house.rows("changed_conversations") == [("7",)]  # all was remembered


def test_what_a_killed_build_has_left_in_postgres_goes(postgres_house):
    postgres_house.raw.conversation("1", NOW - 900)
    assert postgres_house.build("+int_events").failed_models == []
    for name, comment in (("int_events", f"'{COMMENT}'"), ("mine", "null"), ("noted", "'what has changed of mine'")):
        postgres_house.execute(f"create table intercom_staging.{name}__changed (conversation_id text)")
        postgres_house.execute(f"comment on table intercom_staging.{name}__changed is {comment}")
    postgres_house.execute("create view intercom_staging.seen__changed as select 1 as one")
    postgres_house.execute("comment on view intercom_staging.seen__changed is 'mine, too'")
    assert postgres_house.build("stg_teams").failed_models == []
    left = postgres_house.execute("select relname from pg_class where relname like '%\\_\\_changed' order by 1")
    assert left == [("mine__changed",), ("noted__changed",), ("seen__changed",)]

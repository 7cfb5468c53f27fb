"""What a build makes for itself is gone after it, also what a killed one has left; what others have made stays."""

from tests.support.warehouse.house import NOW
from transforms.runner.warehouse.scratch import IN_MEMORY


def _built_twice(house):
    """Build conversations, the second time what has changed of them."""
    house.raw.conversation("1", NOW - 900)
    assert house.build("+int_turns").failed_models == []
    house.execute("update intercom_raw.conversations set _dlt_load_id = 'later'")
    assert house.build("+int_turns").failed_models == []


def test_nothing_is_left_of_a_build(house, postgres_house):
    _built_twice(house)
    assert house.execute(f"select database_name from duckdb_databases() where database_name = '{IN_MEMORY}'") == []
    _built_twice(postgres_house)
    assert postgres_house.execute("select relname from pg_class where relname like '%changed' and relkind = 'r'") == []


def test_what_a_killed_build_has_left_in_postgres_goes(postgres_house):
    postgres_house.raw.conversation("1", NOW - 900)
    assert postgres_house.build("+int_events").failed_models == []
    for name in ("int_events__changed", "mine__changed"):
        postgres_house.execute(f"create table intercom_staging.{name} (conversation_id text)")
    postgres_house.execute("comment on table intercom_staging.int_events__changed is 'rows of a build'")
    assert postgres_house.build("stg_teams").failed_models == []
    assert postgres_house.execute("select relname from pg_class where relname like '%\\_\\_changed'") == [
        ("mine__changed",)
    ]

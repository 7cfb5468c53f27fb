"""A model that all others wait for is built in two halves at once on PostgreSQL, where there is much of it."""

import pytest

from transforms import Settings
from transforms.runner.warehouse.postgres.raw_statistics import LARGE

NOON = 1_717_200_000
IDS = tuple(str(number) for number in range(1, 25))
HEAD = "-- One row per conversation.\n-- incremental: conversation_id\n-- halves: it takes its time\n"
ROWS = "select conversation_id, n from intercom.numbered order by length(conversation_id), conversation_id"
BY_HALF = "select hashtext(conversation_id) < 0 from intercom.numbered order by ctid"


@pytest.fixture
def built(postgres_house, tmp_path):
    """Builds the own model `numbered` of a workspace with a large table, and returns what has failed."""
    for conversation_id in IDS:
        postgres_house.raw.conversation(conversation_id, NOON)
    postgres_house.load()
    with postgres_house.pipeline.sql_client() as client:
        database = client.execute_sql("select current_database()")[0][0]
        # in one transaction of that level nothing is seen of what the other connection commits meanwhile
        client.execute_sql(f"alter database {database} set default_transaction_isolation = 'repeatable read'")
    postgres_house.execute(f"insert into intercom_raw.companies (id) select n from generate_series(1, {LARGE}) as n")

    def build(n, source="stg_conversations"):
        file = tmp_path / "own" / "numbered.sql"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{HEAD}select conversation_id, cast({n} as integer) as n from {source}\n")
        settings = Settings(models_folder=file.parent)
        report = postgres_house.build("+numbered", settings=settings, full=True, patience_seconds=0.0)
        return {result.name: result.error for result in report.models if result.error}

    return build


def test_both_halves_are_in_the_table_and_one_that_fails_fails_the_model(postgres_house, built):
    one_of_each_half = "select min(id) from intercom_raw.conversations group by hashtext(id) < 0"
    for added in ("", "0"):  # the table is new, and then refilled
        assert built(f"conversation_id || '{added}'") == {}
        halves = [is_first for (is_first,) in postgres_house.execute(BY_HALF)]
        assert halves == sorted(halves, reverse=True)
        assert {*halves} == {True, False}
        for (broken,) in postgres_house.execute(one_of_each_half) if added else ():
            failed = built(f"case conversation_id when '{broken}' then 'x' else '1' end")
            assert failed.keys() == {"numbered"}
            assert "invalid input syntax" in failed["numbered"]
        assert postgres_house.execute(ROWS) == [(one, int(one + added)) for one in IDS]
    assert postgres_house.execute("select relname from pg_class where relname like 'numbered%'") == [("numbered",)]


@pytest.mark.parametrize("source", ["crm.conversations", "of_raw"])
def test_what_is_read_whole_gives_no_row_twice(postgres_house, built, tmp_path, source):
    postgres_house.execute("create schema crm; create view crm.conversations as table intercom_raw.conversations")
    postgres_house.execute("alter view crm.conversations rename id to conversation_id")
    (tmp_path / "own").mkdir()
    ephemeral = "-- One row.\n-- ephemeral: it is read once\nselect id as conversation_id from raw.conversations"
    (tmp_path / "own" / "of_raw.sql").write_text(ephemeral)
    assert built("conversation_id", source) == {}
    assert postgres_house.execute(ROWS) == [(one, int(one)) for one in IDS]

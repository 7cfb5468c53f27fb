"""Own models that are built incrementally: the rows of a full build, whatever they read."""

import pytest

from tests.support.warehouse.built_models import TAMPERED
from transforms import Settings

HEADER = "-- incremental: conversation_id"


@pytest.fixture
def own(tmp_path):
    """Settings with a model and a check of one's own, both incremental."""
    folder = tmp_path / "own"
    (folder / "checks").mkdir(parents=True)
    model = f"-- One row per conversation.\n{HEADER}\nselect conversation_id, count_closes from fct_conversations"
    check = f"-- error: All were closed once.\n{HEADER}\nselect conversation_id from fct_mine where count_closes <> 1"
    (folder / "fct_mine.sql").write_text(model)
    (folder / "checks" / "mine_were_closed_once.sql").write_text(check)
    return Settings(models_folder=folder)


@pytest.mark.parametrize("without", [{}, {"full": True}, {"select": "fct_conversations"}])
def test_a_model_that_a_build_was_not_given_is_built_in_full_by_the_next(quiet, own, without):
    """A rule for a sweep or an erasure that was not told of the folder of own models."""
    quiet.build(settings=own)
    quiet.execute("update intercom_raw.conversations set _dlt_load_id = 'new' where id = '7'")
    quiet.execute("delete from intercom_raw.conversation_parts where conversation_id = '7'")
    quiet.execute("insert into intercom_raw.deleted_records (entity, id) values ('conversations', '5')")
    quiet.build(**without)
    quiet.execute("delete from intercom.fct_mine where conversation_id = '3'")
    report = quiet.build(settings=own)
    expected = [(str(number), 0 if number == 1 else 1) for number in range(10) if number != 5]
    assert quiet.rows("fct_mine") == quiet.rows("fct_conversations", "conversation_id, count_closes") == expected
    assert [check.count_failing_rows for check in report.checks] == [1]


OF_RAW = "select id as conversation_id, state from raw.conversations"
OF_WHAT_HAS_ALL = {  # raw tables, those of other schemas and stars have more than what has changed
    "raw": OF_RAW,
    "starred": "select conversation_id, state from fct_renamed",
    "star": "select conversation_id, fct_renamed.* exclude (conversation_id) from fct_renamed",
    "other": "select conversation_id, s.state from fct_conversations, crm.states as s where s.id = conversation_id",
}


def test_an_own_model_has_the_rows_of_a_full_build_whatever_it_reads(quiet, tmp_path):
    quiet.execute("create schema crm; create table crm.states as select id, 'known' as state from range(10) as r(id)")
    (tmp_path / "fct_renamed.sql").write_text(f"-- One row.\nselect * from ({OF_RAW}) as found")
    for name, sql in OF_WHAT_HAS_ALL.items():
        (tmp_path / f"fct_of_{name}.sql").write_text(f"-- One row per conversation.\n{HEADER}\n{sql}")
    for _ in range(2):
        assert quiet.build(settings=Settings(models_folder=tmp_path)).failed_models == []
        quiet.execute("update intercom_raw.conversations set state = 'snoozed', _dlt_load_id = 'new' where id = '7'")
    quiet.execute("delete from intercom_raw.conversations where id = '5'")
    quiet.build(settings=Settings(models_folder=tmp_path))
    expected = [(str(n), "open" if n == 1 else "snoozed" if n == 7 else "closed") for n in range(10) if n != 5]
    for name in ("raw", "starred", "star"):
        assert quiet.rows(f"fct_of_{name}") == expected
    assert quiet.rows("fct_of_other") == [(conversation_id, "known") for conversation_id, _ in expected]


OF_DAYS = "calendar_days join {} on starts_at_epoch <= at_epoch and ends_at_epoch > at_epoch group by day"
OF_A_DAY = "-- One row per day.\n-- incremental: day"
COUNTED = f"{OF_A_DAY}\nselect day, count(*) as n, count(*) filter (where title = 'new') as count_new"
TITLES = "-- One row.\nselect title, created_at as at_epoch from raw.conversations"
OF_CONVERSATIONS = "calendar_days join fct_conversations as C on C.CREATED_ON = day group by day"
DAYS = {  # by the way on which titles come into days
    "table without the key": {"fct_mine": f"{COUNTED} from {OF_DAYS.format('fct_titles')}"},
    "star": {
        "fct_mine": f"{COUNTED} from {OF_DAYS.format('fct_all_titles')}",
        "fct_all_titles": "-- One row.\nselect * from fct_titles",
    },
    "another model of days": {
        "fct_mine": f"{OF_A_DAY}\nselect day, n, count_new from fct_first",
        "fct_first": f"{COUNTED} from {OF_DAYS.format('fct_titles')}",
    },
    "capital letters": {"fct_mine": f"{COUNTED.replace('title', 'C.TITLE')} from {OF_CONVERSATIONS}"},
}


@pytest.mark.parametrize("models", DAYS.values(), ids=DAYS)
def test_a_day_of_an_own_model_is_there_once_and_up_to_date(quiet, tmp_path, models):
    for name, sql in ({"fct_titles": TITLES} | models).items():
        (tmp_path / f"{name}.sql").write_text(sql)
    settings = Settings(models_folder=tmp_path)
    for _ in range(2):
        assert quiet.build(settings=settings).failed_models == []
    quiet.execute("update intercom_raw.conversations set title = 'new', _dlt_load_id = 'new' where id = '7'")
    quiet.build(settings=settings)
    assert quiet.rows("fct_mine", "n, count_new") == [(10, 1)]


def test_a_column_called_by_a_word_of_sql_is_built_again(quiet, tmp_path):
    sql = 'select conversation_id, team_name as "group", state as "order" from fct_conversations'
    (tmp_path / "fct_mine.sql").write_text(f"-- One row per conversation.\n{HEADER}\n{sql}")
    for _ in range(2):
        assert quiet.build(settings=Settings(models_folder=tmp_path)).failed_models == []


def test_a_check_of_a_model_of_raw_tables_looks_at_changed_rows_of_both(quiet, tmp_path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "fct_mine.sql").write_text(f"-- One row per conversation.\n{HEADER}\n{OF_RAW}")
    missing = "select fct_mine.conversation_id from fct_mine left join fct_conversations as c"
    sql = f"{missing} on c.conversation_id = fct_mine.conversation_id where c.conversation_id is null"
    (tmp_path / "checks" / "mine_are_all.sql").write_text(f"-- error: All are there.\n{HEADER}\n{sql}")
    for load in ("first", "second"):
        report = quiet.build(settings=Settings(models_folder=tmp_path))
        assert [check.status for check in report.checks] == ["passed"]
        quiet.execute(f"update intercom_raw.conversations set _dlt_load_id = '{load}' where id = '7'")


def test_a_check_that_compares_with_what_has_all_conversations_says_nothing_of_unchanged_ones(quiet, tmp_path):
    for folder in ("checks", "staging"):
        (tmp_path / folder).mkdir()
    (tmp_path / "fct_starred.sql").write_text("-- One row.\nselect * from raw.conversations")
    (tmp_path / "staging" / "stg_renamed.sql").write_text("-- One row.\nselect id from raw.conversations")
    for number, whole in enumerate(("raw.conversations", "fct_starred", "stg_renamed")):
        missing = f"select a.id as conversation_id from {whole} as a left join fct_conversations as c"
        sql = f"{missing} on c.conversation_id = a.id where c.conversation_id is null or c.count_closes = 7"
        (tmp_path / "checks" / f"all_are_there_{number}.sql").write_text(f"-- error: All are.\n{HEADER}\n{sql}")
    counts = []
    for load in range(3):
        if load == 1:
            quiet.execute("update intercom.fct_conversations set count_closes = 7 where conversation_id in ('2', '3')")
            quiet.execute("delete from intercom_staging.model_versions where name = 'all_are_there_0'")
        counts += [check.count_failing_rows for check in quiet.build(settings=Settings(models_folder=tmp_path)).checks]
        quiet.execute(f"update intercom_raw.conversations set _dlt_load_id = '{load}' where id = '7'")
    assert counts == [0, 0, 0, 2, 0, 0, 0, 0, 0], "those for which the first fails are built again"


def test_a_day_of_an_own_model_is_built_whatever_moment_it_counts_by(quiet, tmp_path):
    """By the last change a conversation moves to another day, and the one on which it was is none on which it shows."""
    joined = "calendar_days left join fct_conversations as c on cast(c.updated_at as date) = day"
    sql = f"select day, count(c.conversation_id) as n from {joined} group by day"
    (tmp_path / "fct_mine.sql").write_text(f"{OF_A_DAY}\n{sql}")
    settings = Settings(models_folder=tmp_path)
    for _ in range(2):
        assert quiet.build(settings=settings).failed_models == []
    quiet.execute(
        "update intercom_raw.conversations set updated_at = updated_at + 1000000, _dlt_load_id = 'new' where id = '7'"
    )
    quiet.build(settings=settings)
    kept = quiet.rows("fct_mine")
    quiet.build(settings=settings, full=True)
    assert kept == quiet.rows("fct_mine")
    assert sum(n for _, n in kept) == len(quiet.rows("fct_conversations"))


def test_a_model_that_fails_lets_the_others_be_built_by_changed_rows(quiet, own):
    """And is built in full when it can be again, with what has changed meanwhile."""
    model = own.models_folder / "fct_mine.sql"
    good = model.read_text()
    bad = good.replace("select ", "select cast('x' as integer) as none, ")
    quiet.execute("update intercom_staging.built_conversations set built_at_epoch = 1")
    for number, sql in enumerate((bad, bad, good, good)):
        model.write_text(sql)
        report = quiet.build(settings=own)
        assert (1,) in quiet.execute("select built_at_epoch from intercom_staging.built_conversations"), "made anew"
        assert [one.name for one in report.failed_models] == ["fct_mine"] * (sql == bad)
        assert quiet.execute("select 1 from {} where {} and author_id = 'tampered'".format(*TAMPERED)) != []
        quiet.execute("delete from intercom_raw.conversation_parts where conversation_id = '3'")
        quiet.execute(f"update intercom_raw.conversations set state = 'open', _dlt_load_id = '{number}' where id = '3'")
    assert ("3", 0) in quiet.rows("fct_mine") == quiet.rows("fct_conversations", "conversation_id, count_closes")
    assert [check.count_failing_rows for check in report.checks] == [2]

"""What is loaded again has the figures of its days made anew where it counts otherwise, and only there."""

import functools
from datetime import date, timedelta

import pytest

from tests.support.warehouse.built_models import only, only_conversations
from tests.support.warehouse.house import NOW
from tests.support.warehouse.workspace_story import DAY
from transforms.runner.incremental.changed_figures import columns_read, with_views
from transforms.runner.model_graph.model import parse_model

GONE = "it is gone"
CHANGES = {  # of a conversation each; whether it makes figures of the days on which that one shows anew
    "updated_at = updated_at + 1": False,
    "title = 'another one'": False,
    "source__type = 'email'": True,
    "team_assignee_id = 't'": True,
    "conversation_rating__rating = 5": True,
    GONE: True,
    "state = 'open'": True,  # the last one, because it shows from then on
}
FIRST_DAY = date(2024, 5, 2)  # 30 days before now


def test_only_days_of_which_a_figure_may_be_another_are_made_anew(house, tmp_path):
    """Of each conversation that is loaded again, the day on which it began and was closed."""
    for number, _ in enumerate(CHANGES):
        begun = NOW - (30 - number) * DAY
        house.raw.conversation(str(number), begun, state="closed", author=("user", f"u{number}")).closes(begun + 3_600)
    house.build = functools.partial(house.build, folder=only_conversations(tmp_path / "models"))
    assert house.build().failed_models == []
    for number, change in enumerate(CHANGES):
        if change == GONE:
            house.execute(f"insert into intercom_raw.deleted_records (entity, id) values ('conversations', '{number}')")
        column = "title = null" if change == GONE else change
        house.execute(f"update intercom_raw.conversations set _dlt_load_id = 'new', {column} where id = '{number}'")
    assert house.build(now_epoch=NOW + 60).failed_models == []
    assert house.execute("select count(*) from intercom_staging.changed_conversations") == [(len(CHANGES),)]
    touched = {day for (day,) in house.execute("select day from intercom_staging.touched_days")}
    days = {change: FIRST_DAY + timedelta(number) for number, change in enumerate(CHANGES)}
    assert {change: day in touched for change, day in days.items()} == CHANGES


def test_a_figure_that_the_contacts_next_conversation_decides_is_made_anew(house, tmp_path):
    """The bot helped, and the contact was back in the week after: that counts once the second one is inbound."""
    hour = DAY // 24
    begun = NOW - 27 * DAY + 23 * hour  # on a Sunday
    first = house.raw.conversation("1", begun, state="closed", author=("user", "u"))
    first.bot_replies(begun + 60)
    first.closes(begun + 120, by=("bot", "b"))
    second = house.raw.conversation(
        "2", begun + 2 * hour, state="closed", author=("user", "u"), source__delivered_as="admin_initiated"
    )
    second.closes(begun + 3 * hour)
    house.build = functools.partial(house.build, folder=only(tmp_path / "models", "fct_bot_weekly"))
    house.load()
    for delivered_as, expected in (("admin_initiated", 0), ("customer_initiated", 1), ("admin_initiated", 0)):
        house.execute(
            f"update intercom_raw.conversations set source__delivered_as = '{delivered_as}', "
            f"_dlt_load_id = '{delivered_as} {expected}' where id = '2'"
        )
        house.build()
        assert house.rows("fct_bot_weekly", "sum(count_returned_within_24_hours)") == [(expected,)]


@pytest.fixture
def table():
    return parse_model("marts", "fct_a", "-- One row per conversation.\nselect conversation_id, a, b, c from stg_a")


def reader(sql):
    return parse_model("marts", "fct_b", f"-- One row per day.\n{sql}")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a as day from fct_a", ["conversation_id", "a"]),
        ("select day from (select fct_a.b as day from fct_a where c > 0)", ["conversation_id", "b", "c"]),
        ("select t.a as day from other as t inner join fct_a using (c)", ["conversation_id", "a", "c"]),
        ("with x as (select a from fct_a) select x.* from x", ["conversation_id", "a"]),
        ("select count(*) as n from fct_a", ["conversation_id"]),
        ("select * from fct_a", ["conversation_id", "a", "b", "c"]),
        (
            "with x as (select t.* from other inner join fct_a as t on true) select a from x",
            ["conversation_id", "a", "b", "c"],
        ),
        ("select a, b, c from other", ["conversation_id"]),
    ],
)
def test_columns_that_a_model_reads_of_a_table(table, sql, expected):
    assert columns_read(table, [reader(sql)]) == expected


def test_columns_of_several_readers_are_put_together(table):
    readers = [reader("select a from fct_a"), reader("select b from fct_a")]
    assert columns_read(table, readers) == ["conversation_id", "a", "b"]


def test_what_a_view_reads_its_readers_read(table):
    """A staging view is read like a table: what it shows of raw tables, nobody has kept."""
    view = parse_model("intermediate", "int_b", "-- One row.\n-- view: it is read once\nselect b, x from fct_a, stg_x")
    outer = parse_model("intermediate", "int_c", "-- One row.\n-- view: it is read once\nselect b as c from int_b")
    staging = parse_model("staging", "stg_x", "-- One row.\nselect x from raw.x")
    readers = with_views([reader("select c from int_c")], [table, view, outer, staging])
    assert [model.name for model in readers] == ["fct_b", "int_b", "int_c"]
    assert columns_read(table, readers) == ["conversation_id", "b"]

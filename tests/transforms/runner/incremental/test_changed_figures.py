"""What is loaded again has the figures of its days made anew where it counts otherwise, and only there."""

import functools
from datetime import date

import pytest

from tests.support.built_models import built_once, copied, only_conversations
from tests.support.house import NOW
from tests.support.workspace_story import DAY
from transforms.runner.incremental.changed_figures import columns_read, with_views
from transforms.runner.model import parse_model

CLOSED_ON = date(2024, 5, 12)  # 20 days before now


def _two_conversations(raw):
    for number, closed_days_ago in (("1", 20), ("2", 15)):
        story = raw.conversation(number, NOW - 30 * DAY, state="closed", author=("user", "u"))
        story.closes(NOW - closed_days_ago * DAY)


@pytest.fixture
def settled(known_house):
    """Two conversations of one contact, begun a month ago on one day, which were closed after 10 and after 15 days."""
    with copied(known_house, built_once("settled", _two_conversations)) as house:
        yield house


def touched_after(house, change):
    house.execute(f"update intercom_raw.conversations set _dlt_load_id = 'new', {change} where id = '1'")
    assert house.build(now_epoch=NOW + 60).failed_models == []
    assert house.execute("select count(*) from intercom_staging.changed_conversations") == [(1,)]
    return {day for (day,) in house.execute("select day from intercom_staging.touched_days")}


@pytest.mark.parametrize("change", ["updated_at = updated_at + 1", "title = 'another one'"])
def test_a_change_of_what_no_figure_is_made_of_touches_no_day(settled, change):
    assert touched_after(settled, change) == set()


@pytest.mark.parametrize(
    "change",
    ["source__type = 'email'", "team_assignee_id = 't'", "conversation_rating__rating = 5", "state = 'open'"],
)
def test_a_change_of_what_figures_are_made_of_touches_the_conversations_days(settled, change):
    assert CLOSED_ON in touched_after(settled, change)


def test_a_conversation_that_is_gone_touches_the_days_on_which_it_showed(settled):
    settled.execute("insert into intercom_raw.deleted_records (entity, id) values ('conversations', '1')")
    assert CLOSED_ON in touched_after(settled, "title = null")


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
    house.build = functools.partial(house.build, folder=only_conversations(tmp_path / "models"))
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

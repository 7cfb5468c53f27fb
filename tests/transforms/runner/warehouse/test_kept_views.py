"""What others have put on views and on tables that become views stays, and columns below them can change."""

import pytest
from dlt.destinations.exceptions import DatabaseException

from tests.transforms.runner.warehouse.kept import NOON, PRIVILEGES, built

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def one_model(tmp_path):
    def write(sql, *, is_view=False):
        file = tmp_path / "one" / "marts" / "fct_one.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("-- One row per number.\n" + "-- view: as cheap as a table\n" * is_view + f"{sql}\n")
        return tmp_path / "one"

    return write


NUMBERS = f"select created_at - {NOON} as n from raw.conversations"


@pytest.mark.parametrize("is_view", [True, False])
def test_a_table_becomes_a_view_and_a_view_a_table(anywhere, one_model, is_view):
    """Also after a build that failed."""
    anywhere.raw.conversation("1", NOON + 41)
    assert built(anywhere, one_model(NUMBERS, is_view=not is_view)) == {}
    broken = f"select n, cast('x' || n as integer) as m from ({NUMBERS}) as numbers"
    failed = built(anywhere, one_model("select no_such_column from raw.conversations", is_view=is_view))
    assert "fct_one" in failed
    assert anywhere.execute("select n from intercom.fct_one") == [(41,)], "what failed leaves what was there"
    assert built(anywhere, one_model(NUMBERS, is_view=is_view)) == {}
    assert anywhere.execute("select n from intercom.fct_one") == [(41,)]
    if not is_view:
        assert "fct_one" in built(anywhere, one_model(broken))
        assert built(anywhere, one_model(f"select n, 2 as k from ({NUMBERS}) as numbers")) == {}, "with other columns"


def test_a_table_that_becomes_a_view_keeps_its_privileges(postgres_house, one_model, analyst):
    """And back; while a view of others reads it, the build names that view."""
    postgres_house.raw.conversation("1", NOON + 41)
    assert built(postgres_house, one_model(NUMBERS)) == {}
    postgres_house.execute("grant select on intercom.fct_one to analyst")
    before = postgres_house.execute(PRIVILEGES)
    postgres_house.execute("create view public.bi as select n from intercom.fct_one")
    assert "bi of others reads it" in built(postgres_house, one_model(NUMBERS, is_view=True))["fct_one"]
    postgres_house.execute("drop view public.bi")
    assert built(postgres_house, one_model(NUMBERS, is_view=True)) == {}
    ours = [row for row in postgres_house.execute(PRIVILEGES) if row[0] == "fct_one"]
    assert ours == [row for row in before if row[0] == "fct_one"] != []
    assert built(postgres_house, one_model(NUMBERS)) == {}
    assert [row for row in postgres_house.execute(PRIVILEGES) if row[0] == "fct_one"] == ours


def test_what_a_build_that_was_killed_has_made_is_ours(anywhere, one_model):
    anywhere.raw.conversation("1", NOON + 41)
    assert built(anywhere, one_model(NUMBERS)) == {}
    memory = anywhere.execute("select name, is_view, column_names, is_own from intercom_staging.built_models")
    assert built(anywhere, one_model(NUMBERS, is_view=True)) == {}
    anywhere.execute("delete from intercom_staging.built_models")
    values = ", ".join(f"('{name}', {is_view}, '{columns}', {is_own})" for name, is_view, columns, is_own in memory)
    anywhere.execute(f"insert into intercom_staging.built_models values {values}")
    assert built(anywhere, one_model(NUMBERS, is_view=True)) == {}


def with_views(folder, column):
    """Return the folder of models with views of views and of tables, as some of ours are."""
    stage = f"select created_at - {NOON} as {column}, id as name from raw.conversations"
    both = f"stg_n.{column} as n, int_n.{column} as m"
    texts = {
        "staging/stg_n": stage,
        "intermediate/int_n": f"select {column}, name from stg_n",
        "marts/fct_v": f"select {both}, stg_n.name from stg_n inner join int_n on stg_n.name = int_n.name",
        "marts/qa_v": "select n, m from fct_v",
    }
    for name, sql in texts.items():
        file = folder / f"{name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("-- One row per number.\n" + "-- view: it is cheap\n" * file.stem.endswith("_v") + f"{sql}\n")
    return folder


def test_a_column_that_our_views_read_can_be_called_otherwise(anywhere, tmp_path):
    anywhere.raw.conversation("1", NOON + 41)
    assert built(anywhere, with_views(tmp_path, "old")) == {}
    assert built(anywhere, with_views(tmp_path, "new")) == {}
    assert anywhere.execute("select n, m from intercom.qa_v") == [(41, 41)]
    assert anywhere.execute("select new from intercom_staging.int_n") == [(41,)]


def test_what_others_have_put_on_a_view_survives_new_columns_below_it(postgres_house, tmp_path, analyst):
    postgres_house.raw.conversation("1", NOON + 41)
    assert built(postgres_house, with_views(tmp_path, "old")) == {}
    postgres_house.execute("create view public.bi as select * from intercom.fct_v")
    postgres_house.execute("grant select on intercom.fct_v, intercom.qa_v to analyst")
    before = postgres_house.execute(PRIVILEGES)
    assert built(postgres_house, with_views(tmp_path, "new")) == {}
    assert postgres_house.execute("select n, m from public.bi") == [(41, 41)]
    assert [row for row in postgres_house.execute(PRIVILEGES) if row[0].endswith("_v")] == before
    postgres_house.execute("drop view public.bi")


def test_a_view_that_waits_for_its_turn_says_so_rather_than_show_no_rows(postgres_house, tmp_path):
    postgres_house.raw.conversation("1", NOON + 41)
    assert built(postgres_house, with_views(tmp_path, "old")) == {}
    folder = with_views(tmp_path, "new")
    (folder / "intermediate" / "int_n.sql").write_text("-- One row per number.\nselect wrong as new, name from stg_n\n")
    assert [*built(postgres_house, folder)] == ["int_n"]
    with pytest.raises(DatabaseException, match=r"fct_v. reads what has other columns now"):
        postgres_house.execute("select * from intercom.qa_v")
    assert built(postgres_house, with_views(tmp_path, "new")) == {}
    assert postgres_house.execute("select n, m from intercom.qa_v") == [(41, 41)]


def test_a_view_of_others_under_the_name_of_ours_keeps_its_columns(postgres_house, tmp_path):
    postgres_house.raw.conversation("1", NOON + 41)
    folder = with_views(tmp_path, "old")
    for name in ("fct_v", "qa_v"):
        (folder / "marts" / f"{name}.sql").unlink()
    assert built(postgres_house, folder) == {}
    postgres_house.execute("create view intercom.fct_v as select old from intercom_staging.int_n")
    failed = built(postgres_house, with_views(tmp_path, "new"))
    assert "view intercom.fct_v depends on column old" in failed["int_n"]
    assert postgres_house.execute("select old from intercom.fct_v") == [(41,)]

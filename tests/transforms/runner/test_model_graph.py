"""Order and selection of models: pure rules on names, and the order of the real ones."""

import pytest

from transforms.runner.graph import ordered, selected
from transforms.runner.model import ModelError, parse_model
from transforms.runner.shipped_models import read_models
from transforms.seeds.seed import SEED_NAMES


def model(name, *reads, kind="intermediate"):
    sources = " cross join ".join(reads) or "raw.conversations"
    return parse_model(kind, name, f"-- One row per thing.\nselect 1 as one from {sources}")


CHAIN = [model("c", "b"), model("d", "b"), model("b", "a"), model("a")]


def test_a_model_comes_after_all_it_reads():
    names = [one.name for one in ordered(CHAIN, ())]
    assert names.index("a") < names.index("b") < min(names.index("c"), names.index("d"))


def test_a_table_of_raw_is_no_model():
    assert model("a", "raw.contacts").references == frozenset()


def test_a_name_of_its_own_is_no_model():
    text = "-- One row.\nwith b as (select 1 as x from a) select x from b"
    assert parse_model("marts", "m", text).references == {"a"}


def test_models_that_read_in_a_circle_are_named():
    with pytest.raises(ModelError, match=r"a <- b <- a|b <- a <- b"):
        ordered([model("a", "b"), model("b", "a")], ())


def test_a_name_that_nobody_makes_is_an_error():
    with pytest.raises(ModelError, match=r"^a\.sql reads calender: no such model or seed.*raw\.NAME"):
        ordered([model("a", "calender")], ("calendar_days",))


@pytest.mark.parametrize(
    ("select", "names"),
    [
        (None, {"a", "b", "c", "d"}),
        ("b", {"b"}),
        ("b+", {"b", "c", "d"}),
        ("+b", {"a", "b"}),
        ("+c, d", {"a", "b", "c", "d"}),
        ("+b+", {"a", "b", "c", "d"}),
    ],
)
def test_a_selection_takes_models_and_their_relatives(select, names):
    assert selected(CHAIN, select) == names


def test_a_selection_of_an_unknown_name_is_an_error():
    with pytest.raises(ModelError, match=r"--select \+bb: there is no model named 'bb'; did you mean b\?"):
        selected(CHAIN, "+bb")


@pytest.mark.parametrize("select", ["", " , "])
def test_a_selection_that_names_nothing_is_an_error(select):
    """Of a variable that a script did not set: nothing would be built, and called a success."""
    with pytest.raises(ModelError, match="--select names no model"):
        selected(CHAIN, select)


@pytest.mark.parametrize(
    ("kind", "text", "complaint"),
    [
        ("marts", "select 1", "first line must say the grain"),
        ("checks", "-- One row.\nselect 1", "must start with 'error:' or 'warn:'"),
        ("checks", "-- error: None is.\n-- ephemeral: why\nselect 1", "a check cannot be ephemeral"),
        ("marts", "-- One row.\nselect 1; select 2", "exactly one SELECT"),
        ("marts", "-- One row.\ndrop table x", "exactly one SELECT"),
        ("marts", "-- One row.\nselect from where", r"marts/m\.sql"),
    ],
)
def test_a_file_that_is_not_a_model_says_what_is_wrong(kind, text, complaint):
    with pytest.raises(ModelError, match=complaint):
        parse_model(kind, "m", text)


def test_the_models_of_the_house_are_in_order():
    models = ordered(read_models(), SEED_NAMES)
    seen = set(SEED_NAMES)
    for one in models:
        assert one.references <= seen, one.name
        seen.add(one.name)
    names = [one.name for one in models]
    story = ["stg_conversations", "int_events", "int_turns", "fct_conversations", "fct_support_daily"]
    assert [name for name in names if name in story] == story


def test_a_note_within_the_query_declares_nothing():
    noted = parse_model("marts", "fct_a", "-- One row.\nselect\n-- view: see the ticket\n1 as n\n")
    assert not noted.is_no_table
    assert parse_model("marts", "fct_a", "-- One row.\n-- view: it is one row\nselect 1 as n\n").is_no_table

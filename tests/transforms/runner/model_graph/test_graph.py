"""Order of models: pure rules on names, and the order of the real ones."""

import pytest

from transforms.runner.model_graph.graph import ordered
from transforms.runner.model_graph.model import ModelError, parse_model
from transforms.runner.model_graph.shipped_models import read_models
from transforms.seeds.seed import SEED_NAMES


def model(name, *reads, kind="intermediate", first_line="One row per thing."):
    sources = " cross join ".join(reads) or "raw.conversations"
    return parse_model(kind, name, f"-- {first_line}\nselect 1 as one from {sources}")


CHAIN = [model("c", "b"), model("d", "b"), model("b", "a"), model("a")]


def test_a_model_comes_after_all_it_reads():
    names = [one.name for one in ordered(CHAIN, ())]
    assert names.index("a") < names.index("b") < min(names.index("c"), names.index("d"))


def test_models_that_read_in_a_circle_are_named():
    with pytest.raises(ModelError, match=r"a <- b <- a|b <- a <- b"):
        ordered([model("a", "b"), model("b", "a")], ())


def test_a_name_that_nobody_makes_is_an_error():
    with pytest.raises(ModelError, match=r"^a\.sql reads calender: no such model or seed.*raw\.NAME"):
        ordered([model("a", "calender")], ("calendar_days",))


def test_the_models_of_the_house_are_in_order():
    models = ordered(read_models(), SEED_NAMES)
    seen = set(SEED_NAMES)
    for one in models:
        assert one.references <= seen, one.name
        seen.add(one.name)
    names = [one.name for one in models]
    story = ["stg_conversations", "int_events", "int_turns", "fct_conversations", "fct_support_daily"]
    assert [name for name in names if name in story] == story

"""What --select asks for: models and their checks, by their names."""

import pytest

from tests.transforms.runner.model_graph.test_graph import CHAIN, model
from transforms.runner.model_graph.model import ModelError
from transforms.runner.model_graph.selection import checks_of, selected


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


def test_a_check_runs_with_the_last_models_that_it_reads():
    """Not with the earlier ones alone: what it compares them with may not exist yet."""
    compares = model("compares", "a", "c", kind="checks", first_line="error: None may differ.")
    alone = model("alone", "a", kind="checks", first_line="error: None may be empty.")
    files = [*CHAIN, compares, alone]
    assert checks_of({"a"}, files) == [alone]
    assert checks_of({"c"}, files) == [compares]
    assert checks_of({"a", "b", "c", "d"}, files) == [compares, alone]

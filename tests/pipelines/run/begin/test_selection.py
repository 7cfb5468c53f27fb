"""What a run reads: what is asked for is read, or refused with a word."""

import pytest

from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.run.begin.selection import Selection
from pipelines.stop import Stop
from pipelines.verify.sweep import SweepOptions, sweep
from sources.intercom import RESOURCES
from sources.intercom.configuration import IntercomConfiguration


def test_what_is_excluded_is_left_out_of_all():
    assert set(Selection(everything=True).resources(["tickets"])) == RESOURCES.keys() - {"tickets"}
    assert Selection(("tags",)).resources(["tickets"]) == ["workspace", "tags"]


@pytest.mark.parametrize(
    "selection", [Selection(excluded=("workspace",)), Selection(("tags",), excluded=("workspace",))]
)
def test_the_workspace_cannot_be_left_out(selection):
    with pytest.raises(Stop, match=r"workspace is always read: .* Leave it out of exclude"):
        selection.resources([])


@pytest.mark.parametrize(
    ("selection", "excluded"),
    [
        (Selection(("tags", "tickets")), ["tickets"]),
        (Selection(("tickets",), excluded=("tickets",)), []),
        (Selection(("tickets",), everything=True), ["tags", "tickets"]),
    ],
)
def test_what_is_named_and_excluded_is_not_passed_over_in_silence(selection, excluded):
    with pytest.raises(Stop, match="tickets is both asked for and excluded") as stopped:
        selection.resources(excluded)
    assert stopped.value.code is ExitCode.WRONG_USE


def test_names_beside_all_are_refused_and_not_read_alone():
    with pytest.raises(Stop, match=r"--all reads every resource, and contacts tags would be read alone") as stopped:
        Selection(("contacts", "tags"), everything=True).resources()
    assert stopped.value.code is ExitCode.WRONG_USE


def test_a_sweep_is_refused_in_the_same_words(tmp_path):
    settings, target = IntercomConfiguration(), Target(database=tmp_path / "none.duckdb")
    settings.exclude = ["tickets"]
    with pytest.raises(Stop, match="tickets is both asked for and excluded"):
        sweep(settings, target, SweepOptions(entities=("tickets",)), Display(is_quiet=True))

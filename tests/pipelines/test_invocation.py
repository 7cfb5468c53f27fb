"""A command that a message proposes is one that can be pasted: it leads to the same settings and the same tables."""

from pathlib import Path

import pytest

from pipelines.invocation import CONFIG, OPTIONS, STARTED_AS, as_started, options_of_target
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING


@pytest.fixture
def elsewhere():
    """A command line that leads to another destination than the usual one, until the test ends."""
    before = OPTIONS.set(options_of_target(["--database", "a b.duckdb", "audit", "--dataset=support"]))
    yield "--database 'a b.duckdb' --dataset support"
    OPTIONS.reset(before)


@pytest.mark.parametrize(
    ("given", "options"),
    [
        (["sync"], ""),
        (["sync", "tags", "--destination", "postgres"], " --destination postgres"),
        (["sync", "--dataset=x", "--destination=postgres"], " --dataset x --destination postgres"),
        (["query", "--", "--database", "x"], ""),
        (["sync", "--database"], ""),
    ],
)
def test_the_options_that_lead_to_a_target_are_those_of_the_command_line(given, options):
    assert options_of_target(given) == options


def test_a_proposed_command_leads_to_the_destination_of_the_one_that_proposes_it(elsewhere):
    said = as_started("Denied. intercom-elt doctor says what to grant; choose another --database")
    assert said == f"Denied. intercom-elt doctor {elsewhere} says what to grant; choose another --database"


@pytest.mark.parametrize(
    "message",
    [
        *("To enter it: intercom-elt init", "intercom-elt demo", "intercom-elt sync --database mine.duckdb"),
        *("intercom-elt", "Try: intercom-elt --help", "Try: intercom-elt sync --help"),
    ],
)
def test_a_command_that_says_where_it_leads_stays(message, elsewhere):
    assert as_started(message) == message


def test_each_of_several_commands_is_looked_at_by_itself(elsewhere):
    said = as_started("run intercom-elt sync; run intercom-elt sweep contacts. Or: intercom-elt audit --dataset mine")
    first, second, third = f"sync {elsewhere}", f"sweep {elsewhere} contacts", "audit --dataset mine"
    assert said == f"run intercom-elt {first}; run intercom-elt {second}. Or: intercom-elt {third}"


def test_what_is_displayed_during_a_run_proposes_commands_that_can_be_pasted(elsewhere, monkeypatch, capsys):
    monkeypatch.setenv(STARTED_AS, "./run intercom-elt")
    before = CONFIG.set(Path("eu"))
    Display().say(WARNING, message="Complete it with: intercom-elt sweep")
    CONFIG.reset(before)
    assert f"Complete it with: ./run intercom-elt --config eu sweep {elsewhere}" in capsys.readouterr().err

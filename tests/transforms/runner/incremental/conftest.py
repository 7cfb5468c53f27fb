"""Ten conversations of which one is not settled, built once: for tests of what the next build does."""

import pytest

from tests.support.warehouse.built_models import TAMPERED, built_once, copied
from tests.support.warehouse.house import NOW
from tests.support.warehouse.workspace_story import DAY


def _ten_conversations(raw):
    for number in range(10):
        story = raw.conversation(
            str(number), NOW - 30 * DAY, author=("user", f"u{number}"), state="open" if number == 1 else "closed"
        )
        if number != 1:
            story.closes(NOW - 20 * DAY)


TAMPER = "update {} set author_id = 'tampered' where {}".format(*TAMPERED)


@pytest.fixture
def quiet(known_house):
    """Ten conversations of ten contacts, closed long ago, save number 1; built, and one row made wrong by hand.

    Only a full build, or one of conversation 7, puts it right again. Of the marts it has `fct_conversations` alone: to
    build all others takes as long again.
    """
    with copied(known_house, built_once("quiet", _ten_conversations, TAMPER, models=["fct_conversations"])) as house:
        yield house


@pytest.fixture
def quiet_marts(known_house):
    """The same with every incremental model."""
    with copied(known_house, built_once("quiet_marts", _ten_conversations, TAMPER)) as house:
        yield house

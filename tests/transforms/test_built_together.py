"""Stories that are built together fail by themselves."""

from types import SimpleNamespace

import pytest

from tests.support.warehouse.built_together import Stories, built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC


@built_together
def sound(house):
    house.raw.conversation("1", NOON, conversation_rating__rating=5, conversation_rating__created_at=NOON)
    yield
    assert house.answer("fct_csat", "conversation_id, rating") == [("1", 5)]


@built_together
def broken(house):
    house.raw.conversation("1", NOON, created_at=None)
    yield


def test_a_check_that_fails_is_said_of_the_story_that_breaks_it(house):
    stories = Stories(house, SimpleNamespace(MODELS="+fct_csat", sound=sound, broken=broken))
    stories.check(sound.story)
    with pytest.raises(AssertionError, match=r"fct_conversations_has_keys finds \('1-1',\)"):
        stories.check(broken.story)

"""Which of doctor's calls a configuration makes needless: one may stand for several resources."""

from pipelines.doctor.probes import ALSO_READ, PROBES, asked_for
from sources.intercom import RESOURCES


def test_what_is_excluded_is_not_tried_and_the_rest_is_tried_in_its_own_name():
    assert asked_for("news_items", ["news_items", "newsfeeds"]) is None
    assert asked_for("newsfeeds", ["news_items"]) == "newsfeeds"
    assert asked_for("data_events", ["data_events"]) == "data_event_summaries"
    assert asked_for("data_events", ["data_events", "data_event_summaries"]) is None


def test_every_resource_has_a_call_that_stands_for_it():
    assert {*PROBES, *(name for names in ALSO_READ.values() for name in names), "workspace"} == set(RESOURCES)

"""Which of doctor's calls a configuration makes needless: one may stand for several resources."""

from pipelines.doctor.probes import ALSO_READ, PROBES, is_needed
from sources.intercom import RESOURCES


def test_what_is_excluded_is_not_tried_unless_something_else_needs_the_same_permission():
    assert not is_needed("news_items", ["news_items", "newsfeeds"])
    assert is_needed("newsfeeds", ["news_items"])
    assert is_needed("data_events", ["data_events"])
    assert not is_needed("data_events", ["data_events", "data_event_summaries"])


def test_every_resource_has_a_call_that_stands_for_it():
    assert {*PROBES, *(name for names in ALSO_READ.values() for name in names), "workspace"} == set(RESOURCES)

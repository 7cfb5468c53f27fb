"""Whole lists of more than one page: collections and newsfeeds, in pages as large as Intercom gives."""

import pytest

from simulator import SimulatorProcess
from sources.intercom.api.http.client import Client
from sources.intercom.configuration.bounds import Bounds
from sources.intercom.resources import RESOURCES

SIZES = {"contacts": 0, "companies": 0, "conversations": 0, "tickets": 0, "rate_limit": 0}
PATHS = {"collections": "/help_center/collections", "newsfeeds": "/news/newsfeeds"}


@pytest.fixture(scope="module")
def simulator():
    with SimulatorProcess(collections=170, newsfeeds=151, news_items=60, **SIZES) as simulator:
        yield simulator


@pytest.mark.parametrize("news_next", ["url", "object"])
@pytest.mark.parametrize("name", PATHS)
def test_a_list_of_several_pages_is_read_whole_in_two_calls(simulator, begin, name, news_next):
    simulator.knobs(news_next=news_next)
    simulator.clear_requests()
    with Client.connect(simulator.url, simulator.token, 0.9, 16, Bounds()) as client:
        [tables] = RESOURCES[name].read(begin(client, resource=name))
    truth = simulator.truth()
    loaded = {table.name: rows for table, rows in tables}
    assert sorted(row["id"] for row in loaded[name]) == sorted(record["id"] for record in truth[name])
    assert [asked["path"] for asked in simulator.requests()].count(PATHS[name]) == 2
    if name == "newsfeeds":
        assert len(loaded["newsfeed_items"]) == len(truth["newsfeed_items"]) > 20

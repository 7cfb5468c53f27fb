"""Newsfeeds and their live items."""

import pytest

from sources.intercom.api.errors import NotFound
from sources.intercom.resources import RESOURCES
from tests.support.loopback import Reply

NEWSFEEDS = RESOURCES["newsfeeds"]


def workspace(gone=(), without_items=()):
    """Return what answers for feeds 1 to 3 with an item each; all are listed."""

    def answer(request):
        feed_id, _, items = request.path.removeprefix("/news/newsfeeds").strip("/").partition("/")
        if not feed_id:
            return {"type": "list", "data": [{"id": feed} for feed in "123"]}
        if feed_id in gone or (items and feed_id in without_items):
            return Reply({"type": "error.list", "errors": [{"code": "not_found"}]}, 404)
        return {"type": "list", "data": [{"id": f"item of {feed_id}"}]} if items else {"id": feed_id}

    return answer


def read(reading):
    [tables] = NEWSFEEDS.read(reading)
    feeds, items = (rows for _, rows in tables)
    return [feed["id"] for feed in feeds], [(item["newsfeed_id"], item["id"]) for item in items]


def test_a_newsfeed_that_vanishes_after_it_was_listed_is_skipped_and_counted(serve, begin):
    _, client = serve(workspace(gone={"2"}))
    reading = begin(client, resource="newsfeeds")
    assert read(reading) == (["1", "3"], [("1", "item of 1"), ("3", "item of 3")])
    assert (reading.report.count_records, reading.report.count_vanished) == (2, 1)


def test_a_newsfeed_that_is_there_and_shows_no_items_is_an_error(serve, begin):
    _, client = serve(workspace(without_items={"2"}))
    with pytest.raises(NotFound):
        read(begin(client, resource="newsfeeds"))

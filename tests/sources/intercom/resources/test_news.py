"""Newsfeeds and their live items."""

import pytest

from sources.intercom.api.errors import IncompleteListing, NotFound
from sources.intercom.resources import RESOURCES
from tests.support.loopback import Reply

NEWSFEEDS = RESOURCES["newsfeeds"]


def workspace(gone=(), without_items=(), lost=()):
    """Return what answers for feeds 1 to 3 with an item each; those that are `gone` were listed once.

    Those that are `lost` are not found, and listed all the same.
    """
    listed = []

    def answer(request):
        feed_id, _, items = request.path.removeprefix("/news/newsfeeds").strip("/").partition("/")
        if not feed_id:
            listed.append(request)
            return {"type": "list", "data": [{"id": feed} for feed in "123" if feed not in gone or len(listed) == 1]}
        if feed_id in {*gone, *lost} or (items and feed_id in without_items):
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


@pytest.mark.parametrize("lost", ["2", "123"])
def test_newsfeeds_that_are_listed_and_not_found_are_no_empty_tables(serve, begin, lost):
    _, client = serve(workspace(lost=set(lost)))
    with pytest.raises(IncompleteListing, match="feeds that are listed answer 404"):
        read(begin(client, resource="newsfeeds"))

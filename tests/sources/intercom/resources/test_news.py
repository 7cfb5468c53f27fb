"""Newsfeeds and their live items."""

import pytest

from sources.intercom.api.errors import IncompleteListing, RecordsUnread
from sources.intercom.resources import RESOURCES
from tests.support.network.loopback import NOT_FOUND

NEWSFEEDS = RESOURCES["newsfeeds"]


def workspace(gone=(), without_items=(), lost=(), new=""):
    """Return what answers for feeds 1 to 3 with an item each; those that are `gone` were listed once, `new` ones later.

    Those that are `lost` are not found, and listed all the same.
    """
    listed = []

    def answer(request):
        feed_id, _, items = request.path.removeprefix("/news/newsfeeds").strip("/").partition("/")
        if not feed_id:
            listed.append(request)
            feeds = "123" if len(listed) == 1 else f"123{new}"
            return {"type": "list", "data": [{"id": feed} for feed in feeds if len(listed) == 1 or feed not in gone]}
        if feed_id in {*gone, *lost} or (items and feed_id in without_items):
            return NOT_FOUND
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


def test_a_newsfeed_that_is_made_meanwhile_is_left_to_the_next_run(serve, begin):
    _, client = serve(workspace(gone={"2"}, new="4"))
    reading = begin(client, resource="newsfeeds")
    assert read(reading) == (["1", "3"], [("1", "item of 1"), ("3", "item of 3")])
    assert not reading.unreadable.ids


@pytest.mark.parametrize("broken", [{"without_items": {"2"}}, {"lost": {"2"}}])
def test_a_newsfeed_that_cannot_be_read_is_named_and_holds_up_no_other_for_good(serve, begin, broken):
    """The tables lose what they hold of it only once two runs in a row have not found it."""
    state = {}
    _, client = serve(workspace(**broken))
    reading = begin(client, resource="newsfeeds", state=state)
    assert list(NEWSFEEDS.read(reading)) == [], "it may be there again in the next run"
    with pytest.raises(RecordsUnread, match="id 2"):
        reading.unreadable.check()
    for _ in range(2):
        _, client = serve(workspace(**broken))
        reading = begin(client, resource="newsfeeds", state=state)
        tables = list(NEWSFEEDS.read(reading))
        with pytest.raises(RecordsUnread, match="id 2"):
            reading.unreadable.check()
    assert tables == [], "the same as the run before"
    _, client = serve(workspace())
    reading = begin(client, resource="newsfeeds", state=state)
    assert read(reading) == (["1", "2", "3"], [(feed, f"item of {feed}") for feed in "123"])
    reading.unreadable.check()


def test_the_other_newsfeeds_are_loaded_without_the_items_of_one_that_is_known_to_be_unreadable(serve, begin):
    state = {}
    for _ in range(2):
        _, client = serve(workspace(lost={"2"}))
        reading = begin(client, resource="newsfeeds", state=state)
        tables = list(NEWSFEEDS.read(reading))
    feeds, items = ([row["id"] for row in rows] for _, rows in tables[0])
    assert (feeds, items) == (["1", "2", "3"], ["item of 1", "item of 3"])


def test_newsfeeds_that_are_listed_and_not_found_are_no_empty_tables(serve, begin):
    _, client = serve(workspace(lost=set("123")))
    with pytest.raises(IncompleteListing, match="it is listed"):
        read(begin(client, resource="newsfeeds"))

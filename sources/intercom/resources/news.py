"""News: items, feeds, and which items are live in which feed."""

from collections.abc import Container, Iterator

from ..api.errors import Failure, IncompleteListing, NotFound
from ..api.http.client import Client
from ..api.record import Record, record_id
from ..incremental.entity import fetched
from ..incremental.known_list import KnownList
from ..incremental.whole_list import all_records, whole_rows
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..rows.flatten import as_id, flatten
from ..rows.table import Columns, Rows, Table, json, text, truth, unix_seconds

NEWSFEEDS_PATH = "/news/newsfeeds"

ITEM_COLUMNS: Columns = (
    text(
        "impersonal",
        id="Intercom's id",
        type="always news-item",
        workspace_id="the workspace's id code",
        title="title",
        body="HTML",
        sender_id="admins.id",
        state="draft or live",
        cover_image_url="picture",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | truth(deliver_silently="people are not notified")
    | json(
        "impersonal",
        newsfeed_assignments="feeds it is assigned to, and when it was published there",
        labels="labels",
        reactions="emoji that people can react with",
    )
)
NEWS_ITEMS_TABLE = Table(name="news_items", one_row="a news item", key=("id",), columns=ITEM_COLUMNS)
NEWSFEEDS_TABLE = Table(
    name="newsfeeds",
    one_row="a news feed",
    key=("id",),
    columns=text("impersonal", id="Intercom's id", type="always newsfeed", name="name")
    | unix_seconds(created_at="when it was created", updated_at="last change"),
    replaced="whole",
)
NEWSFEED_ITEMS_TABLE = Table(
    name="newsfeed_items",
    one_row="a news item that is live in a feed",
    key=("newsfeed_id", "id"),
    columns=text("impersonal", newsfeed_id="newsfeeds.id") | ITEM_COLUMNS,
    replaced="whole",
)


def read_newsfeeds(reading: Reading) -> Iterator[Rows]:
    """Yield the feeds and their live items: one call per feed and 20 items."""
    feeds: list[Record] = []
    items_of: dict[str, list[Record]] = {}
    for feed in all_records(reading.client, NEWSFEEDS_PATH):
        feed_id = record_id(feed, NEWSFEEDS_PATH)
        live = _live_items(reading.client, feed_id)
        if live is None:
            reading.report.count_vanished += 1
            continue
        feeds.append(feed)
        items_of[feed_id] = live
    if reading.report.count_vanished:
        _check_vanished(reading.client, items_of)
    yield from whole_rows(reading, feeds, lambda feeds: _feed_rows(feeds, items_of))


def _check_vanished(client: Client, found: Container[str]) -> None:
    """Raise IncompleteListing where a feed is still listed that was not found: the tables would lose it."""
    ids = [record_id(feed, NEWSFEEDS_PATH) for feed in all_records(client, NEWSFEEDS_PATH)]
    if missing := [feed_id for feed_id in ids if feed_id not in found]:
        evidence = f"feeds that are listed answer 404, such as {missing[0]}"
        raise IncompleteListing(Failure("GET", f"{NEWSFEEDS_PATH}/{{id}}", message=evidence))


def _feed_rows(feeds: list[Record], items_of: dict[str, list[Record]]) -> Rows:
    items = [
        flatten(item) | {"newsfeed_id": as_id(feed["id"])} for feed in feeds for item in items_of[as_id(feed["id"])]
    ]
    return [(NEWSFEEDS_TABLE, [flatten(feed) for feed in feeds]), (NEWSFEED_ITEMS_TABLE, items)]


def _live_items(client: Client, feed_id: str) -> list[Record] | None:
    """Return the items that are live in a feed; None if the feed has vanished since it was listed."""
    path = f"{NEWSFEEDS_PATH}/{feed_id}"
    try:
        return all_records(client, f"{path}/items")
    except NotFound:
        if fetched(client, path) is not None:
            raise
        return None


def _as_listed(reading: Reading, item: Record) -> Record:
    """The list shows a news item whole."""
    return item


NEWS = (
    Resource(
        "news_items",
        (NEWS_ITEMS_TABLE,),
        KnownList("/news/news_items", NEWS_ITEMS_TABLE, _as_listed, flatten).read,
        ("GET /news/news_items", "GET /news/news_items/{id}"),
    ),
    Resource(
        "newsfeeds",
        (NEWSFEEDS_TABLE, NEWSFEED_ITEMS_TABLE),
        read_newsfeeds,
        ("GET /news/newsfeeds", "GET /news/newsfeeds/{id}", "GET /news/newsfeeds/{id}/items"),
    ),
)

"""News: items, feeds, and which items are live in which feed."""

from sources.intercom.client import Client
from sources.intercom.flatten import as_id, flatten
from sources.intercom.known_list import KnownList
from sources.intercom.reading import ResourceReading
from sources.intercom.record import Record
from sources.intercom.resource import Resource, Rows
from sources.intercom.resources.whole_list import all_records, whole
from sources.intercom.table import Columns, Table, json, text, truth, unix_seconds

ITEM_COLUMNS: Columns = (
    text(
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
    columns=text(id="Intercom's id", type="always newsfeed", name="name")
    | unix_seconds(created_at="when it was created", updated_at="last change"),
    replaced="whole",
)
NEWSFEED_ITEMS = Table(
    name="newsfeed_items",
    one_row="a news item that is live in a feed",
    key=("newsfeed_id", "id"),
    columns=text(newsfeed_id="newsfeeds.id") | ITEM_COLUMNS,
    replaced="whole",
)


def newsfeeds(client: Client) -> Rows:
    """Return the feeds and their live items: one call per feed and 20 items."""
    feeds = all_records(client, "/news/newsfeeds")
    items = [
        {"newsfeed_id": as_id(feed["id"]), **flatten(item)}
        for feed in feeds
        for item in all_records(client, f"/news/newsfeeds/{feed['id']}/items")
    ]
    return [(NEWSFEEDS_TABLE, [flatten(feed) for feed in feeds]), (NEWSFEED_ITEMS, items)]


def _as_listed(reading: ResourceReading, item: Record) -> Record:
    """The list shows a news item whole."""
    return item


NEWS = (
    Resource(
        "news_items",
        (NEWS_ITEMS_TABLE,),
        "listing",
        KnownList("/news/news_items", NEWS_ITEMS_TABLE, _as_listed, flatten).read,
        ("GET /news/news_items", "GET /news/news_items/{id}"),
    ),
    whole(
        "newsfeeds",
        (NEWSFEEDS_TABLE, NEWSFEED_ITEMS),
        newsfeeds,
        "GET /news/newsfeeds",
        "GET /news/newsfeeds/{id}/items",
    ),
)

"""News: items, feeds, and which items are live in which feed."""

from collections.abc import Iterator, Mapping
from functools import partial

from ..api.errors import NotFound
from ..api.lists.page import PER_PAGE
from ..api.record import Record, path_of, record_id
from ..incremental.known_list import KnownList
from ..incremental.whole_list import all_records, whole_rows
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..records.attempts import Unreadable, account, all_attempted
from ..records.single_record import fetched
from ..records.vanished import unless_listed
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
    """Read the newsfeeds and their live items: one call per feed and 20 items.

    A feed whose items cannot be read is named. The first time the tables stay as they are, because they would lose its
    items; from the second run on they are loaded without these.
    """
    feeds = _listed_feeds(reading)
    items_of = _items_of(reading, list(feeds))
    known = set(reading.unreadable.ids)
    unread = {feed_id for feed_id, items in items_of.items() if isinstance(items, Unreadable)}
    for feed_id in dict.fromkeys([*reading.unreadable.ids, *feeds]):
        account(reading.unreadable, NEWSFEEDS_TABLE.name, feed_id, items_of.get(feed_id))
    if unread <= known:
        there = [feed for feed_id, feed in feeds.items() if items_of[feed_id] is not None]
        reading.report.count_vanished += len(feeds) - len(there)
        yield from whole_rows(reading, there, lambda feeds: _feed_rows(feeds, items_of))


def _items_of(reading: Reading, feed_ids: list[str]) -> dict[str, list[Record] | Unreadable | None]:
    """Return the live news items of each feed, None if it is gone: neither found nor listed any more.

    Raises the error if no feed can be read: then Intercom fails, not a feed.
    """
    found = all_attempted(reading.session.details, partial(_live_items, reading), feed_ids)
    items_of = unless_listed(dict(found), NEWSFEEDS_PATH, partial(_listed_feeds, reading))
    errors = [items.error for items in items_of.values() if isinstance(items, Unreadable) and items.error is not None]
    if errors and not any(isinstance(items, list) for items in items_of.values()):
        raise errors[0]
    return items_of


def _listed_feeds(reading: Reading) -> dict[str, Record]:
    return {record_id(feed, NEWSFEEDS_PATH): feed for feed in all_records(reading, NEWSFEEDS_PATH, per_page=PER_PAGE)}


def _feed_rows(feeds: list[Record], items_of: Mapping[str, object]) -> Rows:
    live = [(as_id(feed["id"]), items) for feed in feeds if isinstance(items := items_of[as_id(feed["id"])], list)]
    items = [flatten(item) | {"newsfeed_id": feed_id} for feed_id, of_feed in live for item in of_feed]
    return [(NEWSFEEDS_TABLE, [flatten(feed) for feed in feeds]), (NEWSFEED_ITEMS_TABLE, items)]


def _live_items(reading: Reading, feed_id: str) -> list[Record] | Unreadable | None:
    """Return the news items that are live in a feed; None if the feed has vanished since it was listed."""
    path = path_of(NEWSFEEDS_PATH, feed_id)
    try:
        return all_records(reading, f"{path}/items")
    except NotFound as error:
        is_gone = fetched(reading.client, NEWSFEEDS_PATH, feed_id) is None
        return None if is_gone else Unreadable(str(error.failure), error)


def _as_listed(reading: Reading, item: Record) -> Record:
    """Return the news item as listed: the list shows it whole."""
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

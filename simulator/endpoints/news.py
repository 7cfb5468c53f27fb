"""News items and newsfeeds."""

from simulator.http.call import Call
from simulator.http.page_cursor import PageCursor
from simulator.http.paging import PageNumbers
from simulator.record import Record

NEWS_PAGES = PageNumbers(default=10, maximum=150)
FEED_ITEM_PAGES = PageNumbers(default=20, maximum=20)


def list_news_items(call: Call) -> Record:
    """GET /news/news_items: drafts too."""
    return _numbered(call, NEWS_PAGES, list(call.workspace.news_items))


def show_news_item(call: Call) -> Record:
    """GET /news/news_items/{id}."""
    return call.one_of(call.workspace.news_items)


def list_newsfeeds(call: Call) -> Record:
    """GET /news/newsfeeds."""
    return _numbered(call, NEWS_PAGES, list(call.workspace.newsfeeds))


def show_newsfeed(call: Call) -> Record:
    """GET /news/newsfeeds/{id}."""
    return call.one_of(call.workspace.newsfeeds)


def list_newsfeed_items(call: Call) -> Record:
    """GET /news/newsfeeds/{id}/items: live items only, newest published first, 20 a page at most."""
    feed = show_newsfeed(call)
    return _numbered(call, FEED_ITEM_PAGES, live_items(list(call.workspace.news_items), feed))


def live_items(items: list[Record], feed: Record) -> list[Record]:
    """The live items assigned to a feed, newest published first."""
    published = {item["id"]: _published_at(item, feed) for item in items if item["state"] == "live"}
    shown = [item for item in items if published.get(item["id"]) is not None]
    return sorted(shown, key=lambda item: (published[item["id"]], int(item["id"])), reverse=True)


def _published_at(item: Record, feed: Record) -> int | None:
    for assignment in item["newsfeed_assignments"]:
        if assignment["newsfeed_id"] == int(feed["id"]):
            return int(assignment["published_at"])
    return None


def _numbered(call: Call, rules: PageNumbers, records: list[Record]) -> Record:
    """A page whose `next` is a URL, or (sources disagree) an object with a cursor that says the page."""
    if "starting_after" in call.query:
        call.query["page"] = str(PageCursor.decode(call.query.pop("starting_after")).page)
    answer = rules.answer(call, records, dict)
    if call.options.news_next == "object" and answer["pages"].get("next"):
        following = answer["pages"]["page"] + 1
        cursor = PageCursor(0, answer["data"][-1]["id"], following).encode()
        answer["pages"]["next"] = {"page": following, "starting_after": cursor}
    return answer

"""News items and newsfeeds."""

from simulator.http.call import Call
from simulator.http.paging import PageNumbers
from simulator.record import Record
from simulator.search.page_cursor import PageCursor
from simulator.workspace.news import live_items

NEWS_PAGES = PageNumbers(default=10, maximum=150)
FEED_ITEM_PAGES = PageNumbers(default=20, maximum=20)


def list_news_items(call: Call) -> Record:
    """Answer GET /news/news_items: drafts too."""
    return _numbered(call, NEWS_PAGES, list(call.workspace.news_items))


def show_news_item(call: Call) -> Record:
    """Answer GET /news/news_items/{id}."""
    return call.one_of(call.workspace.news_items)


def list_newsfeeds(call: Call) -> Record:
    """Answer GET /news/newsfeeds."""
    return _numbered(call, NEWS_PAGES, list(call.workspace.newsfeeds))


def show_newsfeed(call: Call) -> Record:
    """Answer GET /news/newsfeeds/{id}."""
    return call.one_of(call.workspace.newsfeeds)


def list_newsfeed_items(call: Call) -> Record:
    """Answer GET /news/newsfeeds/{id}/items: live ones only, newest published first, at most 20 a page."""
    feed = show_newsfeed(call)
    return _numbered(call, FEED_ITEM_PAGES, live_items(list(call.workspace.news_items), feed))


def _numbered(call: Call, rules: PageNumbers, records: list[Record]) -> Record:
    """Answer a page of news whose `next` is a URL, or (sources disagree) an object with a cursor that says the page."""
    if "starting_after" in call.query:
        call.query["page"] = str(PageCursor.decode(call.query.pop("starting_after")).page)
    answer = rules.answer(call, records)
    if call.options.news_next == "object" and answer["pages"].get("next"):
        following = answer["pages"]["page"] + 1
        cursor = PageCursor(0, answer["data"][-1]["id"], following).encode()
        answer["pages"]["next"] = {"page": following, "starting_after": cursor}
    return answer

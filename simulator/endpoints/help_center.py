"""Articles, collections and help centers."""

from collections.abc import Sequence

from simulator.http.call import Call
from simulator.http.paging import PageNumbers
from simulator.record import Record
from simulator.workspace.storage.store import Store

ARTICLE_PAGES = PageNumbers(default=25, maximum=250)
FOUND_PAGES = PageNumbers(default=10, maximum=150)
COLLECTION_PAGES = PageNumbers(default=20, maximum=250)


def list_articles(call: Call) -> Record:
    """Answer GET /articles: the help center's articles, newest change first, without statistics."""
    return ARTICLE_PAGES.answer(call, _newest_first(call.workspace.articles), render_listed)


def show_article(call: Call) -> Record:
    """Answer GET /articles/{id}: a help center article with its statistics."""
    return call.one_of(call.workspace.articles)


def search_articles(call: Call) -> Record:
    """Answer GET /articles/search: `data` is an object with articles and, when asked for, highlights."""
    phrase = call.query.get("phrase", "").lower()
    state = call.query.get("state", "all")
    help_center_id = call.query.get("help_center_id")
    found = [
        article
        for article in _newest_first(call.workspace.articles)
        if phrase in f"{article['title']} {article['body']}".lower()
        and state in {"all", article["state"]}
        and (help_center_id is None or _help_center_id(call, article) == help_center_id)
    ]
    page = FOUND_PAGES.answer(call, found, render_listed)
    highlights = [_highlight(article, phrase) for article in page["data"]] if call.is_set("highlight") else []
    return {**page, "data": {"articles": page["data"], "highlights": highlights}}


def list_collections(call: Call) -> Record:
    """Answer GET /help_center/collections: former sections too, with a parent."""
    return COLLECTION_PAGES.answer(call, _newest_first(call.workspace.collections))


def show_collection(call: Call) -> Record:
    """Answer GET /help_center/collections/{id}."""
    return call.one_of(call.workspace.collections)


def list_help_centers(call: Call) -> Record:
    """Answer GET /help_center/help_centers: unpaged."""
    return {"type": "list", "data": list(call.workspace.help_centers)}


def show_help_center(call: Call) -> Record:
    """Answer GET /help_center/help_centers/{id}."""
    return call.one_of(call.workspace.help_centers)


def render_listed(article: Record) -> Record:
    """Return a help center article as a list answers it: everything but its statistics."""
    return {key: value for key, value in article.items() if key != "statistics"}


def _newest_first(store: Store) -> Sequence[Record]:
    return sorted(store, key=lambda record: (record["updated_at"], int(record["id"])), reverse=True)


def _help_center_id(call: Call, article: Record) -> str | None:
    collection = call.workspace.collections.get(str(article["parent_id"]))
    while collection is not None and collection["parent_id"]:
        collection = call.workspace.collections.get(collection["parent_id"])
    return None if collection is None else str(collection["help_center_id"])


def _highlight(article: Record, phrase: str) -> Record:
    title = [{"type": "highlight" if phrase in article["title"].lower() else "plain", "text": article["title"]}]
    return {"article_id": article["id"], "highlighted_title": title, "highlighted_summary": []}

"""Changes of a workspace's publications: articles and news."""

from simulator.changes.scene import Change, Changed, Scene
from simulator.generate import words
from simulator.generate.content.help_center import new_article
from simulator.generate.content.news import new_news_item


def _article_created(scene: Scene) -> Changed:
    scene.any(scene.workspace.collections)
    article = new_article(scene.workspace, scene.dice, scene.at, scene.at)
    scene.workspace.articles.put(article)
    return "articles", article["id"]


def _article_changed(scene: Scene) -> Changed:
    article = scene.any(scene.workspace.articles)
    article["title"] = f"How to solve {scene.dice.pick(words.TOPICS)}"
    article["state"] = scene.dice.pick(("published", "draft"))
    return scene.changed(scene.workspace.articles, article)


def _article_read(scene: Scene) -> Changed:
    """Customers read it: its statistics grow, and `updated_at` stays."""
    article = scene.any(scene.workspace.articles)
    article["statistics"]["views"] += scene.dice.within(1, 200)
    return "articles", article["id"]


def _article_deleted(scene: Scene) -> Changed:
    article = scene.any(scene.workspace.articles)
    scene.workspace.articles.remove(article["id"], "deleted")
    return "articles", article["id"]


def _collection_renamed(scene: Scene) -> Changed:
    collection = scene.any(scene.workspace.collections)
    collection["name"] = f"Guides {scene.dice.within(1, 999)}"
    return scene.changed(scene.workspace.collections, collection)


def _collection_deleted(scene: Scene) -> Changed:
    collection = scene.any(scene.workspace.collections)
    scene.workspace.collections.remove(collection["id"], "deleted")
    return "collections", collection["id"]


def _news_created(scene: Scene) -> Changed:
    scene.any(scene.workspace.newsfeeds)
    item = new_news_item(scene.workspace, scene.dice, scene.at, scene.at)
    scene.workspace.news_items.put(item)
    return "news_items", item["id"]


def _news_changed(scene: Scene) -> Changed:
    item = scene.any(scene.workspace.news_items)
    item["title"] = f"Update: {scene.dice.pick(words.TOPICS)}"
    return scene.changed(scene.workspace.news_items, item)


def _news_deleted(scene: Scene) -> Changed:
    item = scene.any(scene.workspace.news_items)
    scene.workspace.news_items.remove(item["id"], "deleted")
    return "news_items", item["id"]


KINDS: dict[str, tuple[float, Change]] = {
    "article_created": (1, _article_created),
    "article_changed": (1, _article_changed),
    "article_deleted": (0.5, _article_deleted),
    "article_read": (0, _article_read),
    "collection_renamed": (0.5, _collection_renamed),
    "collection_deleted": (0, _collection_deleted),
    "news_item_created": (0.5, _news_created),
    "news_item_changed": (0.5, _news_changed),
    "news_item_deleted": (0.5, _news_deleted),
}

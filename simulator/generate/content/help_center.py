"""Help centers, collections (former sections among them) and articles with translations."""

from simulator.dice import Dice
from simulator.generate import words
from simulator.generate.rhythm import Rhythm
from simulator.record import Record
from simulator.workspace import Workspace

HELP_CENTERS = (("Main help center", "main"), ("Hilfe für Partner 🇩🇪", "partner"))
COUNT_SECTIONS = 3
"""Former sections: the last collections, each below another one."""
COLLECTION_NAMES = ("Invoice question", "Re: your order")
LOCALES = ("fr", "id", "pt-BR", "zh-CN")
"""`id` is Indonesian: a locale key that looks like an identifier."""


def add_help_center(
    workspace: Workspace, dice: Dice, rhythm: Rhythm, *, count_collections: int, count_articles: int
) -> None:
    """Generate two help centers, so many collections (the last three below others) and so many articles."""
    for display_name, identifier in HELP_CENTERS:
        workspace.help_centers.put(_help_center(workspace, dice, rhythm, display_name, identifier))
    for order in range(count_collections):
        is_section = order >= count_collections - COUNT_SECTIONS
        workspace.collections.put(_collection(workspace, dice, rhythm, order, is_section=is_section))
    for _ in range(count_articles):
        created_at = rhythm.moment(dice)
        updated_at = dice.within(created_at, rhythm.now - 1)
        workspace.articles.put(new_article(workspace, dice, created_at, updated_at))


def _help_center(workspace: Workspace, dice: Dice, rhythm: Rhythm, display_name: str, identifier: str) -> Record:
    created_at = rhythm.moment(dice)
    return {
        "id": workspace.next_id("help_center", 120),
        "workspace_id": workspace.workspace_id,
        "created_at": created_at,
        "updated_at": created_at,
        "identifier": identifier,
        "website_turned_on": identifier == "main",
        "display_name": display_name,
        "url": f"https://help.example.com/{identifier}",
        "custom_domain": None if identifier == "main" else "help.example.com",
    }


def _collection(workspace: Workspace, dice: Dice, rhythm: Rhythm, order: int, *, is_section: bool) -> Record:
    created_at = rhythm.moment(dice)
    parents = [each for each in workspace.collections if each["parent_id"] is None]
    parent = dice.pick(parents) if is_section and parents else None
    help_center = dice.pick(list(workspace.help_centers))
    number = workspace.next_id("collection", 210)
    return {
        "id": number,
        "workspace_id": workspace.workspace_id,
        "name": f"{dice.pick(COLLECTION_NAMES)} {number}",
        "description": None if parent else "Everything about it",
        "created_at": created_at,
        "updated_at": dice.within(created_at, rhythm.now - 1),
        "url": f"https://help.example.com/collections/{number}",
        "icon": "bookmark",
        "order": order,
        "default_locale": "en",
        "parent_id": parent["id"] if parent else None,
        "help_center_id": None if parent else int(help_center["id"]),
    }


def new_article(workspace: Workspace, dice: Dice, created_at: int, updated_at: int) -> Record:
    """Return a published article or a draft; drafts have no URL, some articles are in no help center collection."""
    number = workspace.next_id("article", 50)
    collections = list(workspace.collections)
    collection = dice.pick(collections) if dice.happens(0.9) and collections else None
    state = "published" if dice.happens(0.8) else "draft"
    author_id = int(dice.pick(list(workspace.admins))["id"])
    article: Record = {
        "type": "article",
        "id": number,
        "workspace_id": workspace.workspace_id,
        "title": f"How to fix {dice.pick(words.TOPICS)}",
        "description": dice.pick(("", None, "A short guide")),
        "body": f"<h1>Guide {number}</h1>{words.body(dice, words.ANSWERS)}",
        "author_id": author_id,
        "state": state,
        "created_at": created_at,
        "updated_at": updated_at,
        "url": f"https://help.example.com/en/articles/{number}" if state == "published" else None,
        "parent_id": int(collection["id"]) if collection else None,
        "parent_type": "collection" if collection else None,
        "parent_ids": [int(collection["id"])] if collection else [],
        "default_locale": "en",
        "statistics": _statistics(dice),
    }
    if dice.happens(0.3):
        article["translated_content"] = {"type": "article_translated_content"}
        for locale in dice.some(LOCALES, 2):
            article["translated_content"][locale] = _translation(article, locale)
    return article


def _statistics(dice: Dice) -> Record:
    views = dice.pick((0, 0, dice.within(1, 5_000)))
    reactions = dice.within(0, views // 10)
    happy, sad = (dice.within(0, 60), dice.within(0, 40)) if reactions else (0, 0)
    return {
        "type": "article_statistics",
        "views": views,
        "conversations": views // 50,
        "reactions": reactions,
        "happy_reaction_percentage": happy,
        "neutral_reaction_percentage": 100 - happy - sad if reactions else 0,
        "sad_reaction_percentage": sad + 0.5 if sad else 0,
    }


def _translation(article: Record, locale: str) -> Record:
    kept = ("body", "author_id", "state", "created_at", "updated_at")
    copied = {key: article[key] for key in kept}
    translation = {"type": "article_content", "title": f"[{locale}] {article['title']}", "description": "", **copied}
    if article["url"]:
        translation["url"] = article["url"].replace("/en/", f"/{locale}/")
    return translation

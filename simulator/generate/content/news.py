"""Newsfeeds and news items."""

from simulator.dice import Dice
from simulator.generate import words
from simulator.generate.odd_values import BLANK_NAME, ODD_TEXTS
from simulator.generate.rhythm import Rhythm
from simulator.record import Record
from simulator.workspace import Workspace

FEEDS = (f"{ODD_TEXTS[0]} {{{{ 7 * 6 }}}} \\", "Customers 📰", BLANK_NAME)
REACTIONS = (["😆", "👍", "👎", "😐"], [None, None, None, None])


def add_news(workspace: Workspace, dice: Dice, rhythm: Rhythm, *, count_feeds: int, count_items: int) -> None:
    """Generate news: so many newsfeeds, of which the last is empty, and so many items, drafts among them."""
    for number in range(count_feeds):
        name = FEEDS[number] if number < len(FEEDS) else f"Feed {number}"
        created_at = rhythm.moment(dice)
        feed_id = workspace.next_id("newsfeed", 90)
        feed = {"id": feed_id, "type": "newsfeed", "name": name, "created_at": created_at, "updated_at": created_at}
        workspace.newsfeeds.put(feed)
    for _ in range(count_items):
        created_at = rhythm.moment(dice)
        workspace.news_items.put(new_news_item(workspace, dice, created_at, dice.within(created_at, rhythm.now - 1)))


def new_news_item(workspace: Workspace, dice: Dice, created_at: int, updated_at: int) -> Record:
    """Return a news item for one or two newsfeeds; a draft is published nowhere."""
    is_live = dice.happens(0.7)
    feeds = dice.some(list(workspace.newsfeeds)[:-1], dice.within(1, 2)) if is_live else []
    return {
        "id": workspace.next_id("news_item", 40),
        "type": "news-item",
        "workspace_id": workspace.workspace_id,
        "title": f"News about {dice.pick(words.TOPICS)}",
        "body": words.body(dice, words.ANSWERS),
        "sender_id": int(dice.pick(list(workspace.admins))["id"]),
        "state": "live" if is_live else "draft",
        "newsfeed_assignments": [{"newsfeed_id": int(feed["id"]), "published_at": updated_at} for feed in feeds],
        "labels": dice.pick(([], ["New"], ["New", None])),
        "cover_image_url": dice.pick((None, "https://static.example.com/cover.png")),
        "reactions": dice.pick(REACTIONS),
        "deliver_silently": dice.happens(0.5),
        "created_at": created_at,
        "updated_at": updated_at,
    }

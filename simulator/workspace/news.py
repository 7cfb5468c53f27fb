"""Which news a newsfeed shows."""

from simulator.record import Record


def live_items(items: list[Record], feed: Record) -> list[Record]:
    """Return the live news items of a newsfeed, newest published first."""
    published = {item["id"]: _published_at(item, feed) for item in items if item.get("state") == "live"}
    shown = [item for item in items if published.get(item["id"]) is not None]
    return sorted(shown, key=lambda item: (published[item["id"]], int(item["id"])), reverse=True)


def _published_at(item: Record, feed: Record) -> int | None:
    for assignment in item["newsfeed_assignments"]:
        if assignment["newsfeed_id"] == int(feed["id"]):
            return int(assignment["published_at"])
    return None

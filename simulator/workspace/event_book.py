"""Data events of contacts, as the event list and its summaries show them."""

from bisect import bisect_left, bisect_right, insort
from datetime import UTC, datetime

from simulator.clock import DAY_SECONDS
from simulator.record import Record

LISTED_DAYS = 90
DAY_MILLISECONDS = 1_000 * DAY_SECONDS
DESCRIPTIONS = {"invited-friend": "Invited a friend"}


class EventBook:
    """The book of events by contact, oldest first, each at its own millisecond: pages can be cut between any two."""

    def __init__(self) -> None:
        self._events: dict[str, list[tuple[int, Record]]] = {}

    def add(self, contact_id: str, event: Record) -> bool:
        """Enter an event in the book; False when it knows the same event of that second, as Intercom drops it."""
        events = self._events.setdefault(contact_id, [])
        second = event["created_at"] * 1_000
        start = bisect_left(events, second, key=_moment)
        same_second = events[start : bisect_left(events, second + 1_000, key=_moment)]
        if any(known["event_name"] == event["event_name"] for _, known in same_second):
            return False
        insort(events, (second + len(same_second), event), key=_moment)
        return True

    def listed(self, contact_id: str, now: int, before: int | None, since: int | None) -> list[tuple[int, Record]]:
        """Read (millisecond, event) in the book, newest first: younger than 90 days, in [since, before) if given."""
        events = self._events.get(contact_id, [])
        first = bisect_right(events, now * 1_000 - LISTED_DAYS * DAY_MILLISECONDS, key=_moment)
        if since is not None:
            first = max(first, bisect_left(events, since, key=_moment))
        last = len(events) if before is None else bisect_left(events, before, key=_moment)
        return events[first:last][::-1]

    def of(self, contact_id: str) -> list[Record]:
        """Every event of a contact in the book, oldest first, however old."""
        return [event for _, event in self._events.get(contact_id, [])]

    def summaries(self, contact_id: str) -> list[Record]:
        """Sum up a contact's events in the book, by event name, counting old events too."""
        by_name: dict[str, list[int]] = {}
        for event in self.of(contact_id):
            by_name.setdefault(event["event_name"], []).append(event["created_at"])
        return [
            {
                "name": name,
                "first": _iso(min(times)),
                "last": _iso(max(times)),
                "count": len(times),
                "description": DESCRIPTIONS.get(name, ""),
            }
            for name, times in sorted(by_name.items())
        ]

    def contact_ids(self) -> list[str]:
        """The contacts that have any event in the book."""
        return list(self._events)


def _moment(entry: tuple[int, Record]) -> int:
    return entry[0]


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")

"""The workspace of the random conversations: its clock, its calendar, its office hours and what it promises."""

from datetime import date, datetime, time, timedelta
from functools import cached_property

from tests.support.told.conversation import BERLIN
from tests.transforms.models.definitions.business_hours import WEEK, BusinessHours

HOUR = 3_600
SETTINGS = {
    "schedules": {
        "default": {day: ["09:00-12:30", "13:30-18:00"] for day in WEEK[:5]}
        | {"holidays": [date(2026, 4, 3), date(2026, 4, 6)]},
        "night": {day: ["00:00-06:00", "22:00-24:00"] for day in WEEK} | {"teams": ["602"]},
        "overseas": {day: ["09:00-17:00"] for day in WEEK[:5]} | {"time_zone": "America/New_York", "teams": ["603"]},
    },
    "sla_targets": [
        {"first_response_seconds": 2 * HOUR, "next_response_seconds": HOUR, "resolution_seconds": 16 * HOUR},
        {"priority": "priority", "first_response_seconds": HOUR},
    ],
}


class Workspace:
    """Conversations, people and tickets as they are now. A day is a day in the workspace's time zone."""

    def __init__(self, histories, now, people=(), tickets=()):
        self.histories, self.now, self.people, self.tickets = histories, now, people, tickets
        self._survivors = {person.contact: person.survivor for person in people if person.survivor}
        schedules = {name: BusinessHours(each, BERLIN.key) for name, each in SETTINGS["schedules"].items()}
        self._hours = {None: schedules["default"], "602": schedules["night"], "603": schedules["overseas"]}

    def hours(self, team):
        """Those of the team; the default hours where it has none of its own, or no team has it."""
        return self._hours.get(team, self._hours[None])

    def target(self, priority):
        """The more exact target wins, and is taken whole."""
        return next(each for each in reversed(SETTINGS["sla_targets"]) if each.get("priority", priority) == priority)

    @cached_property
    def _by_contact(self):
        found = {}
        for history in self.histories:
            found.setdefault(self.survivor(history.contact), []).append(history)
        return found

    def of_contact(self, contact):
        """Those of a contact, and of all who were merged into it."""
        return self._by_contact.get(self.survivor(contact), [])

    def survivor(self, contact):
        """Whom the contact has become, after one merge or several."""
        while contact in self._survivors:
            contact = self._survivors[contact]
        return contact

    def hour(self, moment):
        return datetime.fromtimestamp(moment, BERLIN).hour

    def day(self, moment):
        return datetime.fromtimestamp(moment, BERLIN).date()

    def week(self, moment):
        """Its Monday."""
        return monday(self.day(moment))

    def midnight(self, day):
        """When the day begins."""
        return int(datetime.combine(day, time(), BERLIN).timestamp())

    def days(self, since=None):
        """From the day of a moment, or from that of the first conversation, until today."""
        first = self.day(min(each.began for each in self.histories) if since is None else since)
        return [first + timedelta(days=number) for number in range((self.day(self.now) - first).days + 1)]


def monday(day):
    return day - timedelta(days=day.weekday())

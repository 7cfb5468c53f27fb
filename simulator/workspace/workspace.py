"""State of one simulated workspace."""

from functools import cached_property
from random import Random
from uuid import UUID

from simulator.clock import DAY_SECONDS, Clock
from simulator.office_hours import OfficeHours
from simulator.options import Options
from simulator.record import Record
from simulator.workspace.conversation_rules.statistics import Close
from simulator.workspace.data_export.export_jobs import ExportJobs
from simulator.workspace.data_export.mailing import Mailing
from simulator.workspace.event_book import EventBook
from simulator.workspace.scroll import Scroll
from simulator.workspace.storage.index_lag import IndexLag
from simulator.workspace.storage.store import Store

FIRST_ID = 1_000


class Workspace:
    """The simulated workspace: every entity's store, the ids already given, and the jobs that it has one of."""

    def __init__(self, clock: Clock, options: Options) -> None:
        self.clock = clock
        self.app: Record = {"timezone": options.timezone}
        self.bots: list[Record] = []
        self.data_attributes: list[Record] = []
        lag = IndexLag(clock, options)
        self.admins = Store("admins")
        self.teams = Store("teams")
        self.tags = Store("tags")
        self.segments = Store("segments")
        self.subscription_types = Store("subscription_types")
        self.ticket_types = Store("ticket_types")
        self.contacts = Store("contacts", "updated_at", "created_at", lag=lag)
        self.companies = Store("companies", "updated_at")
        self.conversations = Store("conversations", "updated_at", "created_at", lag=lag)
        self.tickets = Store("tickets", "updated_at", "created_at", lag=lag)
        self.help_centers = Store("help_centers")
        self.collections = Store("collections")
        self.articles = Store("articles")
        self.newsfeeds = Store("newsfeeds")
        self.news_items = Store("news_items")
        self.visitors = Store("visitors")
        self.activity_logs = Store("activity_logs", "created_at")
        self.contact_of_note: dict[str, str] = {}
        """Note id -> contact id."""
        self.contacts_of_company: dict[str, set[str]] = {}
        """Company id -> ids of its readable contacts."""
        self.unseen_closes: dict[str, list[Close]] = {}
        """Conversation id -> its closes that left no part."""
        self.survivors: dict[str, str] = {}
        """Merged contact id -> id of the contact that took its place, where it did."""
        self.events = EventBook()
        self.mailing = Mailing()
        self.exports = ExportJobs()
        self.scroll = Scroll()
        self._last_ids: dict[str, int] = {}
        self._office_hours = options.office_hours

    @cached_property
    def office_hours(self) -> OfficeHours | None:
        """The office hours of the simulated workspace in the time zone of its app, which a recorded one brings along.

        None: it is always open.
        """
        return OfficeHours(self._office_hours, self.app["timezone"]) if self._office_hours else None

    @property
    def stores(self) -> list[Store]:
        """The stores of all entities of the simulated workspace, in the order above."""
        return [each for each in vars(self).values() if isinstance(each, Store)]

    def describe(self, id_code: str, name: str) -> None:
        """Give the simulated workspace's app its names, and what all apps have."""
        self.app.update(
            type="app",
            id_code=id_code,
            name=name,
            created_at=self.clock.now() - 500 * DAY_SECONDS,
            secure=False,
            identity_verification=False,
            region="US",
        )

    def next_id(self, kind: str, first: int = FIRST_ID) -> str:
        """Return the workspace's next number of a series, as the text the API shows."""
        number = self._last_ids.get(kind, first - 1) + 1
        self._last_ids[kind] = number
        return str(number)

    def reserve_ids(self, kind: str, last: int) -> None:
        """Let a series of the simulated workspace's ids go on after a number that is already taken."""
        self._last_ids[kind] = max(last, self._last_ids.get(kind, 0))

    def hex_id(self, random: Random, created_at: int) -> str:
        """Return a new id of the workspace in hex: 24 digits, creation time first, as of contacts and companies."""
        # The counter keeps ids apart that were made in one second with the same seed.
        count = int(self.next_id("hex", 1))
        return f"{max(created_at, 0) & 0xFFFFFFFF:08x}{random.getrandbits(32):08x}{count:08x}"

    def uuid(self, random: Random) -> str:
        """Return a random id that no other record of the simulated workspace has, whatever the seed."""
        return str(UUID(int=random.getrandbits(96) << 32 | int(self.next_id("uuid", 1)), version=4))

    @property
    def workspace_id(self) -> str:
        """The id code of the simulated workspace's app."""
        return str(self.app["id_code"])

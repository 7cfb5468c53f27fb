"""State of one simulated workspace."""

from random import Random

from simulator.clock import Clock
from simulator.record import Record
from simulator.workspace.scroll import Scroll
from simulator.workspace.store import Store

FIRST_ID = 1_000


class Workspace:
    """Every entity's store, the identifiers already given, and the one company scroll."""

    def __init__(self, clock: Clock, timezone: str) -> None:
        self.clock = clock
        self.app: Record = {"timezone": timezone}
        self.admins = Store()
        self.bots: list[Record] = []
        self.teams = Store()
        self.tags = Store()
        self.segments = Store()
        self.subscription_types = Store()
        self.data_attributes: list[Record] = []
        self.ticket_types = Store()
        self.contacts = Store("updated_at", "created_at")
        self.companies = Store("updated_at")
        self.conversations = Store("updated_at", "created_at")
        self.tickets = Store("updated_at", "created_at")
        self.notes: dict[str, str] = {}
        """Note id -> contact id."""
        self.members: dict[str, set[str]] = {}
        """Company id -> ids of its readable contacts."""
        self.scroll = Scroll()
        self._last_ids: dict[str, int] = {}

    def next_id(self, kind: str, first: int = FIRST_ID) -> str:
        """The next number of a series, as the text the API shows."""
        number = self._last_ids.get(kind, first - 1) + 1
        self._last_ids[kind] = number
        return str(number)

    def hex_id(self, random: Random, created_at: int) -> str:
        """A 24-digit hex id that begins with its creation time, as contacts, companies and segments have."""
        return f"{max(created_at, 0) & 0xFFFFFFFF:08x}{random.getrandbits(64):016x}"

    @property
    def workspace_id(self) -> str:
        """The app's id code."""
        return str(self.app["id_code"])

"""The context in which one resource reads."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..api.http.client import Client
from ..api.lists.overstated_totals import Excess
from .resource_report import ResourceReport
from .session import Session
from .unreadable_facts import UnreadableRecords


@dataclass(frozen=True)
class Reading:
    """What one resource reads with: the session, and its own counting client, report and part of dlt's state."""

    session: Session
    client: Client
    report: ResourceReport
    state: dict[str, Any]

    @cached_property
    def unreadable(self) -> UnreadableRecords:
        """What this reading knows of the resource's records that cannot be read or loaded."""
        strays, session = self.client.strays, self.session
        return UnreadableRecords(self.state, self.report, strays, session.identity.now, session.most_remembered)

    @classmethod
    def of(cls, session: Session, resource: str, state: dict[str, Any]) -> "Reading":
        """Return the reading of `resource` in `session`."""
        report = session.report.of(resource)
        client = session.client.counting(report.tally, session.versions.get(resource), Excess(state))
        return cls(session, client, report, state)

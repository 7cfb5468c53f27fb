"""A workspace that sends messages: what its export must become, and a run of the resource without a database."""

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime

from sources.intercom.api.http.client import Client
from sources.intercom.api.identity import Identity
from sources.intercom.export.jobs import KeptJob, Patience
from sources.intercom.export.settings import ExportSettings
from sources.intercom.reading.chunk_budget import Chunk
from sources.intercom.reading.reading import Reading
from sources.intercom.reading.session import Session, Wishes, threads
from sources.intercom.resources.content_export import read
from tests.support.searches.chunks import next_chunk
from tests.support.workspace import made_anew

DAY_SECONDS = 86_400
NOW = "2026-03-31T12:00:00Z"
NOW_AT = 1_774_958_400
TRAILING_FROM = date(2026, 3, 1)  # what is exported again every time, by the usual settings
SIZES = {
    "seed": 31,
    "contacts": 20,
    "companies": 3,
    "conversations": 3,
    "tickets": 2,
    "messages": 150,
    "rate_limit": 0,
    "now": NOW,
}
TABLES = {
    "receipts": "message_receipts",
    "open": "message_opens",
    "click": "message_clicks",
    "reply": "message_replies",
    "goal_success": "message_goal_successes",
    "hard_bounce": "message_hard_bounces",
    "unsubscribe": "message_unsubscribes",
}


def sending(simulator):
    """Return a simulator with this workspace made anew, whose clock stands still, and whose jobs take two polls."""
    made_anew(simulator, **SIZES)
    simulator.knobs(export_polls=2, export_fails=False, export_container="zip", missing_scopes="")
    return simulator


def day(at):
    """Return the UTC day of a time, which may be text as in a CSV."""
    return datetime.fromtimestamp(int(at), UTC).date()


def expected(simulator, *, from_on=None):
    """Return the rows of every table, from the truth; `from_on`: of messages sent on that day or later."""
    truth = simulator.truth()
    sent = {row["receipt_id"]: day(row["received_at"]) for row in truth["message_receipts"]}
    return {
        table: in_order(
            {**_typed(row), "received_on": sent[row["receipt_id"]]}
            for row in truth.get(f"message_{kind}", [])
            if from_on is None or sent[row["receipt_id"]] >= from_on
        )
        for kind, table in TABLES.items()
    }


def _typed(row):
    return {
        name: int(value) if name.startswith("first_") or name.endswith("_at") else value
        for name, value in row.items()
        if value
    }


def in_order(rows):
    """Return rows in an order of their own, without the place that the export gave them."""
    bare = [{name: value for name, value in row.items() if name != "position"} for row in rows]
    return sorted(bare, key=lambda row: sorted((name, str(value)) for name, value in row.items()))


def created(simulator):
    """Return the days of the jobs asked for."""
    bodies = [json.loads(one["body"]) for one in simulator.requests() if one["operation"] == "createDataExport"]
    return [(str(day(body["created_at_after"])), str(day(body["created_at_before"]))) for body in bodies]


class Copy:
    """Tables and state as run after run leaves them: a row or mark of a day replaces all of that day."""

    def __init__(self, server):
        self.server = server
        self.state = {}
        self.rows = {}

    def run(self, *, kept=None, wait_seconds=30.0, hours=0.0, most_jobs=None, wishes=(), others_ended=None, **settings):
        """Export everything that is due, load package after load package; return the report.

        `most_jobs`: after so many, each in a package of its own, the run is killed. `others_ended`: an event, set once
        nothing else is read into the package.
        """
        with ExitStack() as stack:
            client = stack.enter_context(Client.connect(self.server.url, self.server.token, 0.9, 4))
            lists, details = stack.enter_context(threads(1))
            patience = Patience(0, wait_seconds)
            export = ExportSettings(
                hours=hours, patience=patience, kept=kept or KeptJob(), loaded=self.loaded, **settings
            )
            identity = Identity.of(client)
            chunk = Chunk(20_000 if most_jobs is None else 0, 10**9, 60)
            session = Session(client, identity, lists, details, Wishes(**dict(wishes)), export=export)
            reading = Reading.alone(session, "content_export", self.state, chunk)
            reading = replace(reading, others_ended=others_ended or reading.others_ended)
            self._load(reading)
            while "pass" in self.state and (most_jobs is None or (most_jobs := most_jobs - 1) > 0):
                self._load(reading := next_chunk(reading))
            return reading.report

    def _load(self, reading):
        package = {}
        for rows_of_tables in read(reading):
            for table, rows in rows_of_tables:
                package.setdefault(table.name, []).extend(rows)
        for name, rows in package.items():
            days = {str(row["received_on"]) for row in rows}
            kept = [row for row in self.rows.get(name, []) if str(row["received_on"]) not in days]
            self.rows[name] = kept + [row for row in rows if "receipt_id" in row]

    def loaded(self, table, days, receipt_ids):
        """The rows of these receipts, as a database would give them."""
        rows = self.rows.get(table.name, [])
        return [row for row in rows if row["received_on"] in days and row["receipt_id"] in receipt_ids]

    @property
    def tables(self):
        """The rows of every declared table, in order."""
        return {table: in_order(self.rows.get(table, [])) for table in TABLES.values()}

    def since(self, from_on):
        """Return the same, of messages sent on that day or later."""
        return {table: [row for row in rows if row["received_on"] >= from_on] for table, rows in self.tables.items()}

"""Somebody to forget: who it is, what only this person's records say, and how it is asked for."""

import json

from pipelines.commands.forget import confirmation
from pipelines.destination.duckdb.spill_files import FOLDER
from pipelines.forget.forget import forget
from pipelines.journal.display import Display
from pipelines.query.opening import run_query
from tests.ground_truth.expected import event_key

QUIET = Display(is_quiet=True)


class _Killed(Display):
    """Ends the process's work where building the models would be shown."""

    def building(self):
        raise KeyboardInterrupt


KILLED = _Killed(is_quiet=True)


class Someone:
    """The contact of the workspace who wrote the most, with what only this person's records say."""

    def __init__(self, truth):
        writers = [
            str(contact["id"])
            for conversation in truth["conversations"]
            for contact in conversation["contacts"]["contacts"]
        ]
        known = [contact for contact in truth["contacts"] if contact["email"] and contact["external_id"]]
        self.contact = max(known, key=lambda contact: (writers.count(str(contact["id"])), str(contact["id"])))
        self.id, self.email = str(self.contact["id"]), self.contact["email"]
        self.conversations = _with(self.id, truth["conversations"])
        self.tickets = _with(self.id, truth["tickets"])
        self.events = [event for event in truth["data_events"] if event["intercom_user_id"] == self.id]
        self.secrets = {text for text in self._texts() if len(text) > 5 and text not in self._others(truth)}

    def _texts(self):
        yield from (self.email, self.contact["external_id"], self.contact["name"] or "", self.contact["phone"] or "")
        for conversation in self.conversations:
            yield conversation["source"]["body"] or ""
            yield from (part["body"] or "" for part in conversation["conversation_parts"]["conversation_parts"])

    def _others(self, truth):
        own = {id(record) for record in (self.contact, *self.conversations, *self.tickets)}
        entities = (
            "contacts",
            "conversations",
            "tickets",
            "admins",
            "companies",
            "articles",
            "news_items",
            "newsfeed_items",
        )
        others = [record for entity in entities for record in truth[entity] if id(record) not in own]
        return json.dumps(others, ensure_ascii=False)

    def is_named_in(self, line):
        """Tell whether a line of the comparison is about a record of this person."""
        parts = [
            part
            for record, field in [
                *((each, "conversation_parts") for each in self.conversations),
                *((each, "ticket_parts") for each in self.tickets),
            ]
            for part in record[field][field]
        ]
        ids = {self.id, *map(event_key, (*self.conversations, *self.tickets, *parts, *self.events))}
        return any(f"'{each}'" in line for each in ids)


def _with(contact_id, records):
    return [
        record for record in records if contact_id in {str(contact["id"]) for contact in record["contacts"]["contacts"]}
    ]


def scalar(target, sql):
    return run_query(target, sql)[1][0][0]


def erased(target, given, settings=None, display=QUIET):
    return forget(target, given, confirmation(is_certain=True), display, settings, "")


def places(target):
    return target.database, target.folder, target.database.with_name(target.database.name + FOLDER)

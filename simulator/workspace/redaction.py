"""Redacted messages: Intercom replaces the content by a sentence, and sets `redacted`."""

from simulator.record import Record
from simulator.workspace.people import CONTACT_ROLES

DELETED = "<p><i>This message was deleted</i></p>"


def is_redactable(message: Record) -> bool:
    """Return True if a part, or an opening message, has a body that is still its own and can be redacted."""
    return bool(message.get("body")) and not message["redacted"]


def is_source_redactable(conversation: Record) -> bool:
    """Return True if an opening message can be redacted; only those that a customer wrote can."""
    source = conversation["source"]
    return source["author"]["type"] in CONTACT_ROLES and is_redactable(source)


def redact(message: Record) -> None:
    """Redact a simulated message: a sentence replaces its text, and its files go."""
    message.update(body=DELETED, attachments=[], redacted=True)

"""How people, and what they do, appear inside other records: authors, references, tags."""

from simulator.record import Record

Author = Record
CONTACT_ROLES = frozenset({"user", "lead"})
"""Types of authors that are contacts."""
NOBODY: Record = {"type": "nobody_admin", "id": None}
"""Whom a part assigns to when it takes somebody away."""


def admin_author(admin: Record) -> Author:
    """Show a teammate as author of a message."""
    return {"type": "admin", "id": admin["id"], "name": admin["name"], "email": admin["email"]}


def bot_author(bot: Record) -> Author:
    """Show a bot as author of a message."""
    return {"type": "bot", "id": bot["id"], "name": bot["name"], "email": bot["email"]}


def contact_author(contact: Record) -> Author:
    """Show a contact as author of a message: its type is its role."""
    return {"type": contact["role"], "id": contact["id"], "name": contact.get("name"), "email": contact.get("email")}


def contact_reference(contact: Record) -> Record:
    """Show a contact in the list of contacts of a conversation or ticket."""
    return {"type": "contact", "id": contact["id"], "external_id": contact.get("external_id")}


def applied_tag(tag: Record, admin_id: str, at: int) -> Record:
    """Show a tag on a record that people work with: which, since when, and by whom."""
    named = {"type": "tag", "id": tag["id"], "name": tag["name"]}
    return {**named, "applied_at": at, "applied_by": reference("admin", admin_id)}


def reference(kind: str, record_id: str) -> Record:
    """Show a person, or another record, as a bare `{type, id}` in a record."""
    return {"type": kind, "id": record_id}

"""A conversation as the API shows it, told part after part: what a simulator is filled with."""

from datetime import datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
CUSTOMER, ANN, BEN, BOT, FIN = "user", "501", "502", "bot", "fin"
AUTHORS = {
    ANN: {"type": "admin", "id": ANN, "name": "Ann", "email": "ann@example.com"},
    BEN: {"type": "admin", "id": BEN, "name": "Ben", "email": "ben@example.com"},
    BOT: {"type": "bot", "id": "900", "name": "Operator", "email": "operator@intercom.io"},
    FIN: {"type": "bot", "id": "901", "name": "Fin", "email": "fin@intercom.io"},
}


def at(text):
    """Epoch of a local time: `04-06 10:30` in 2026, or `2027-01-04 10:30`."""
    whole = text if text[4] == "-" else f"2026-{text}"
    return int(datetime.strptime(whole, "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN).timestamp())


def moment(when):
    return when if isinstance(when, int) else at(when)


class Conversation:
    """One conversation as the API shows it, told part after part."""

    def __init__(self, number, began, author=CUSTOMER, delivered_as="customer_initiated", contact=None, **fields):
        self.contact = contact or f"{number:024x}"
        self.parts, self._number = [], number
        self.record = {
            "type": "conversation",
            "id": str(number),
            "created_at": moment(began),
            "updated_at": moment(began),
            "state": "open",
            "open": True,
            "read": True,
            "priority": "not_priority",
            "admin_assignee_id": None,
            "team_assignee_id": None,
            "source": {
                "type": "conversation",
                "id": f"9{number}",
                "delivered_as": delivered_as,
                "body": "<p>Where is it?</p>",
                "author": self._author(author),
                "attachments": [],
                "redacted": False,
            },
            "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": self.contact}]},
            "teammates": {"type": "admin.list", "admins": []},
            "tags": {"type": "tag.list", "tags": []},
            "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
            "custom_attributes": {},
            **fields,
        }

    def then(self, when, author, part_type="comment", body=None, to=None):
        """A part; a comment has a text, other types have one where `body` gives it."""
        sent_at = moment(when)
        self.parts.append(
            {
                "type": "conversation_part",
                "id": str(self._number * 10_000 + len(self.parts)),
                "part_type": part_type,
                "body": "<p>Text</p>" if part_type == "comment" else body,
                "created_at": sent_at,
                "updated_at": sent_at,
                "assigned_to": to and {"type": "team" if to.startswith("6") else "admin", "id": to},
                "author": self._author(author),
                "attachments": [],
                "redacted": False,
            }
        )
        self.record["updated_at"] = max(self.record["updated_at"], sent_at)
        return self

    def ends(self, state, admin=None, team=None, total_count=None):
        """The fields that say what became of it."""
        self.record |= {
            "state": state,
            "open": state != "closed",
            "admin_assignee_id": admin and int(admin),
            "team_assignee_id": team and int(team),
            "conversation_parts": {
                "type": "conversation_part.list",
                "conversation_parts": self.parts,
                "total_count": total_count or len(self.parts),
            },
        }
        return self.record

    def _author(self, author):
        mail = f"{self.contact}@example.com"
        return AUTHORS.get(author) or {"type": "user", "id": self.contact, "name": "Customer", "email": mail}

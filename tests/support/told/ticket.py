"""A ticket as the API shows it, told part after part."""

from tests.support.told.conversation import ANN, at


class Ticket:
    """One ticket as the API shows it, told part after part; `state` is what it ends in."""

    def __init__(self, number, made, contact, kind="12", admin="0", team="0", **fields):
        self.parts, self._number, self.state = [], number, "submitted"
        self.record = {
            "type": "ticket",
            "id": str(number),
            "ticket_id": str(number - 500),
            "category": "Customer",
            "ticket_attributes": {"_default_title_": "Broken"},
            "ticket_type": {"type": "ticket_type", "id": kind, "name": "Embedded name", "category": "Customer"},
            "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": contact}]},
            "admin_assignee_id": admin,
            "team_assignee_id": team,
            "created_at": at(made),
            "updated_at": at(made),
            "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
            "is_shared": True,
            **fields,
        }

    def becomes(self, when, state):
        self._part(when, "ticket_state_updated_by_admin", previous_ticket_state=self.state, ticket_state=state)
        self.state = state
        return self

    def goes_to(self, when, owner):
        kind = "team" if owner.startswith("6") else "admin"
        return self._part(when, "assignment", assigned_to={"type": kind, "id": owner})

    def _part(self, when, part_type, **fields):
        author = {"type": "admin", "id": ANN, "name": "Ann", "email": "ann@example.com"}
        made = dict.fromkeys(("created_at", "updated_at"), at(when))
        number = str(self._number * 10_000 + len(self.parts))
        self.parts.append(
            {"type": "ticket_part", "id": number, "part_type": part_type, "author": author, **made, **fields}
        )
        self.record["updated_at"] = at(when)
        return self

    def ends(self, state=None, updated=None):
        shown = state or self.state
        parts = {"type": "ticket_part.list", "ticket_parts": self.parts, "total_count": len(self.parts)}
        self.record |= {
            "ticket_state": shown,
            "ticket_state_internal_label": shown,
            "ticket_state_external_label": shown,
            "open": shown != "resolved",
            "ticket_parts": parts,
        }
        if updated:
            self.record["updated_at"] = at(updated)
        return self.record

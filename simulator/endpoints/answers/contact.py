"""A contact as answers show it: its lists cut, their items bare."""

from simulator.record import Record
from simulator.workspace.contact_lists import LIST_PATHS

SHOWN_ITEMS = 10
"""A contact shows the first ten items of a list, bare; the list's own endpoint has them all."""


def render_contact(contact: Record) -> Record:
    """Return a contact as the answers of list, search and show have it: its lists cut, their items bare."""
    shown = {**contact}
    del shown["segments"]
    for name in LIST_PATHS:
        listing = contact[name]
        items = listing["data"]
        shown[name] = {
            **listing,
            "data": [_thin(name, item) for item in items[:SHOWN_ITEMS]],
            "has_more": len(items) > SHOWN_ITEMS,
        }
    return shown


def _thin(name: str, item: Record) -> Record:
    if "url" in item:
        return item
    return {"type": item["type"], "id": item["id"], "url": f"/{name}/{item['id']}"}

"""The rules for a contact's lists: tags, notes, companies, subscription choices and segments, all kept whole."""

from collections.abc import Callable

from simulator.record import Record
from simulator.workspace.people import applied_tag, reference
from simulator.workspace.workspace import Workspace

LIST_PATHS = {
    "tags": "tags",
    "notes": "notes",
    "companies": "companies",
    "opted_in_subscription_types": "subscriptions",
    "opted_out_subscription_types": "subscriptions",
}
"""Each list that a contact carries -> the last word of the address of its whole list."""


def empty_lists(contact_id: str) -> Record:
    """Return the lists of a simulated contact that has nothing yet."""
    lists: Record = {name: _listing(f"/contacts/{contact_id}/{path}") for name, path in LIST_PATHS.items()}
    lists["segments"] = {"type": "list", "data": []}
    return lists


def apply_tag(contact: Record, tag: Record, admin_id: str, at: int) -> None:
    """Put a tag in a contact's list; the item is what the tags endpoint answers."""
    _append(contact["tags"], applied_tag(tag, admin_id, at))


def remove_tag(contact: Record, tag_id: str) -> None:
    """Take a tag out of a contact's list."""
    keep(contact["tags"], lambda item: item["id"] != tag_id)


def archive_tag(contact: Record, tag_id: str) -> bool:
    """Take a tag that is archived out of a contact's list, which counts it as before; False if it was not there."""
    tags = contact["tags"]
    kept = [item for item in tags["data"] if item["id"] != tag_id]
    has_changed = len(kept) < len(tags["data"])
    tags["data"] = kept
    return has_changed


def add_note(workspace: Workspace, contact: Record, admin: Record, body: str, at: int) -> None:
    """Put a note in a contact's list; the newest note comes first."""
    author = {key: admin[key] for key in ("type", "id", "name", "email", "away_mode_enabled", "away_mode_reassign")}
    note: Record = {
        "type": "note",
        "id": workspace.next_id("note", 40),
        "created_at": at,
        "contact": reference("contact", contact["id"]),
        "author": author,
        "body": body,
    }
    contact["notes"]["data"].insert(0, note)
    contact["notes"]["total_count"] += 1
    workspace.contact_of_note[note["id"]] = contact["id"]


def attach_company(workspace: Workspace, contact: Record, company: Record) -> None:
    """Put a company in a contact's list, and the contact among the users of the company."""
    _append(contact["companies"], {"type": "company", "id": company["id"], "url": f"/companies/{company['id']}"})
    workspace.contacts_of_company[company["id"]].add(contact["id"])
    company["user_count"] = len(workspace.contacts_of_company[company["id"]])


def detach_company(workspace: Workspace, contact: Record, company: Record) -> None:
    """Take a company out of a contact's list, and the contact out of its users: undo `attach_company`."""
    keep(contact["companies"], lambda item: item["id"] != company["id"])
    leave_company(workspace, contact, company)


def leave_company(workspace: Workspace, contact: Record, company: Record) -> None:
    """Take a contact out of a company's users but not the company out of its list, as archiving a contact does."""
    workspace.contacts_of_company[company["id"]].discard(contact["id"])
    company["user_count"] = len(workspace.contacts_of_company[company["id"]])


def choose_subscription(contact: Record, subscription: Record, *, is_in: bool) -> None:
    """Put an explicit opt-in or opt-out in a contact's lists; a choice replaces the earlier one."""
    forget_subscription(contact, subscription["id"])
    chosen = contact["opted_in_subscription_types" if is_in else "opted_out_subscription_types"]
    _append(
        chosen, {"type": "subscription", "id": subscription["id"], "url": f"/subscription_types/{subscription['id']}"}
    )


def forget_subscription(contact: Record, subscription_id: str) -> None:
    """Take a subscription choice out of a contact's lists: the type's default holds again."""
    for name in ("opted_in_subscription_types", "opted_out_subscription_types"):
        keep(contact[name], lambda item: item["id"] != subscription_id)


def chosen_subscriptions(workspace: Workspace, contact: Record) -> list[Record]:
    """Return the types that a contact has chosen, whole: opted in to opt-in types, out of opt-out types."""
    chosen = contact["opted_in_subscription_types"]["data"] + contact["opted_out_subscription_types"]["data"]
    return [workspace.subscription_types.records[item["id"]] for item in chosen]


def member_segments(workspace: Workspace, contact: Record) -> list[Record]:
    """Return the segments in a simulated contact's list, whole."""
    return [workspace.segments.records[item["id"]] for item in contact["segments"]["data"]]


def _listing(url: str) -> Record:
    return {"type": "list", "data": [], "url": url, "total_count": 0, "has_more": False}


def _append(listing: Record, item: Record) -> None:
    listing["data"].append(item)
    listing["total_count"] += 1


def keep(listing: Record, is_kept: Callable[[Record], bool]) -> None:
    """Leave only these items in a simulated contact's list."""
    kept = [item for item in listing["data"] if is_kept(item)]
    listing["total_count"] -= len(listing["data"]) - len(kept)
    listing["data"] = kept

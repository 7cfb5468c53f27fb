"""How records leave a workspace so that a client can no longer read them."""

from simulator.workspace import contact_lists as lists
from simulator.workspace.workspace import Workspace


def remove_contact(workspace: Workspace, contact_id: str, reason: str) -> None:
    """Archive, delete or merge away a contact: it leaves its companies' users, its own record stays as it was."""
    contact = workspace.contacts.remove(contact_id, reason)
    for item in contact["companies"]["data"]:
        company = workspace.companies.get(item["id"])
        if company is not None:
            lists.leave_company(workspace, contact, company)
    for note in contact["notes"]["data"]:
        workspace.notes.pop(note["id"], None)


def remove_company(workspace: Workspace, company_id: str) -> list[str]:
    """Archive a company: its users are detached, not deleted. Gives their ids."""
    company = workspace.companies.remove(company_id, "archived")
    user_ids = sorted(workspace.members.pop(company_id))
    for contact_id in user_ids:
        listing = workspace.contacts.records[contact_id]["companies"]
        listing["data"] = [item for item in listing["data"] if item["id"] != company["id"]]
        listing["total_count"] = len(listing["data"])
    return user_ids

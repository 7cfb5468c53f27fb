"""How records leave a workspace so that a client can no longer read them."""

from simulator.record import Record
from simulator.workspace import contact_lists as lists
from simulator.workspace.people import contact_reference
from simulator.workspace.workspace import Workspace


def remove_contact(workspace: Workspace, contact_id: str, reason: str) -> None:
    """Let a contact depart, archived, deleted or merged: it leaves its companies' users, its own record stays."""
    contact = workspace.contacts.remove(contact_id, reason)
    for item in contact["companies"]["data"]:
        company = workspace.companies.get(item["id"])
        if company is not None:
            lists.leave_company(workspace, contact, company)
    for note in contact["notes"]["data"]:
        workspace.contact_of_note.pop(note["id"], None)


def merge_contact(workspace: Workspace, contact_id: str, survivor_id: str) -> list[str]:
    """Let a contact depart into another, who takes its place in conversations. Gives their ids.

    What it wrote still names it as the author.
    """
    remove_contact(workspace, contact_id, "merged")
    workspace.survivors[contact_id] = survivor_id
    survivor = contact_reference(workspace.contacts.records[survivor_id])
    moved = []
    for conversation in workspace.conversations:
        people = conversation["contacts"]["contacts"]
        if any(person["id"] == contact_id for person in people):
            others = [person for person in people if person["id"] not in {contact_id, survivor_id}]
            conversation["contacts"]["contacts"] = [survivor, *others]
            moved.append(conversation["id"])
    return moved


def restore_contact(workspace: Workspace, contact_id: str) -> Record:
    """Unarchive a contact; it is a user again of those of its companies that still exist. Gives the contact."""
    _, contact = workspace.contacts.gone.pop(contact_id)
    attached = [item for item in contact["companies"]["data"] if item["id"] in workspace.companies.records]
    contact["companies"].update(data=[], total_count=0)
    for item in attached:
        lists.attach_company(workspace, contact, workspace.companies.records[item["id"]])
    workspace.contact_of_note.update({note["id"]: contact_id for note in contact["notes"]["data"]})
    workspace.contacts.put(contact)
    return contact


def remove_company(workspace: Workspace, company_id: str) -> list[str]:
    """Let a company depart, archived: its users are detached, not deleted. Gives their ids."""
    workspace.companies.remove(company_id, "archived")
    user_ids = sorted(workspace.contacts_of_company.pop(company_id))
    for contact_id in user_ids:
        lists.keep(workspace.contacts.records[contact_id]["companies"], lambda item: item["id"] != company_id)
    return user_ids

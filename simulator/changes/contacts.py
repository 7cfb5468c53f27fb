"""Changes of contacts and of their lists."""

from simulator.changes.scene import Change, Changed, Scene, silently
from simulator.generate import words
from simulator.generate.people.contacts import custom_attributes, new_contact
from simulator.record import Record
from simulator.workspace import contact_lists as lists
from simulator.workspace.departures import merge_contact, remove_contact, restore_contact


def _created(scene: Scene) -> Changed:
    contact = new_contact(scene.workspace, scene.dice, scene.at, scene.at)
    scene.workspace.contacts.put(contact)
    return "contacts", contact["id"]


def _renamed(scene: Scene) -> Changed:
    contact = _any(scene)
    contact["name"] = words.person_name(scene.dice)
    contact["phone"] = scene.dice.pick((None, "+353 1 555 0199"))
    return _touched(scene, contact)


def _became_user(scene: Scene) -> Changed | None:
    contact = scene.find(scene.workspace.contacts, lambda record: record["role"] == "lead")
    if contact is None:
        return None
    contact.update(role="user", signed_up_at=scene.at, external_id=f"signup-{contact['id'][-6:]}")
    return _touched(scene, contact)


def _attributes_changed(scene: Scene) -> Changed:
    contact = _any(scene)
    contact["custom_attributes"].update(custom_attributes(scene.dice, scene.at))
    contact["custom_attributes"]["seats"] = scene.dice.pick((1, 2, "3", None))
    return _touched(scene, contact)


def _tagged(scene: Scene) -> Changed | None:
    contact = _any(scene)
    worn = {item["id"] for item in contact["tags"]["data"]}
    tag = scene.find(scene.workspace.tags, lambda record: record["id"] not in worn)
    if tag is None:
        return None
    lists.apply_tag(contact, tag, scene.admin()["id"], scene.at)
    return _touched(scene, contact)


def _untagged(scene: Scene) -> Changed | None:
    contact = scene.find(scene.workspace.contacts, lambda record: bool(record["tags"]["data"]))
    if contact is None:
        return None
    lists.remove_tag(contact, scene.dice.pick(contact["tags"]["data"])["id"])
    return _touched(scene, contact)


def _untagged_entirely(scene: Scene) -> Changed | None:
    contact = scene.find(scene.workspace.contacts, lambda record: bool(record["tags"]["data"]))
    if contact is None:
        return None
    for item in list(contact["tags"]["data"]):
        lists.remove_tag(contact, item["id"])
    return _touched(scene, contact)


def _noted(scene: Scene) -> Changed:
    contact = _any(scene)
    lists.add_note(scene.workspace, contact, scene.admin(), words.body(scene.dice, words.NOTES), scene.at)
    return _touched(scene, contact)


def _joined_company(scene: Scene) -> Changed | None:
    contact = _any(scene)
    attached = {item["id"] for item in contact["companies"]["data"]}
    company = scene.find(scene.workspace.companies, lambda record: record["id"] not in attached)
    if company is None:
        return None
    lists.attach_company(scene.workspace, contact, company)
    scene.touch(scene.workspace.companies, company)
    return _touched(scene, contact)


def _left_company(scene: Scene) -> Changed | None:
    contact = scene.find(scene.workspace.contacts, lambda record: bool(record["companies"]["data"]))
    if contact is None:
        return None
    company = scene.workspace.companies.records[scene.dice.pick(contact["companies"]["data"])["id"]]
    lists.detach_company(scene.workspace, contact, company)
    scene.touch(scene.workspace.companies, company)
    return _touched(scene, contact)


def _chose_subscription(scene: Scene) -> Changed:
    contact, subscription = _any(scene), scene.workspace.subscription_types.choose(scene.dice)
    lists.choose_subscription(contact, subscription, is_in=subscription["consent_type"] == "opt_in")
    return _touched(scene, contact)


def _forgot_subscription(scene: Scene) -> Changed | None:
    def has_choice(record: Record) -> bool:
        return bool(record["opted_in_subscription_types"]["data"] or record["opted_out_subscription_types"]["data"])

    contact = scene.find(scene.workspace.contacts, has_choice)
    if contact is None:
        return None
    chosen = contact["opted_in_subscription_types"]["data"] + contact["opted_out_subscription_types"]["data"]
    lists.forget_subscription(contact, scene.dice.pick(chosen)["id"])
    return _touched(scene, contact)


def _changed_segment(scene: Scene) -> Changed:
    contact = _any(scene)
    people = [segment for segment in scene.workspace.segments if segment["person_type"] != "company"]
    chosen = scene.dice.some(people, scene.dice.within(0, 2))
    contact["segments"]["data"] = [{"type": "segment", "id": segment["id"]} for segment in chosen]
    return _touched(scene, contact)


def _removed(reason: str) -> Change:
    def remove(scene: Scene) -> Changed:
        contact = _any(scene)
        remove_contact(scene.workspace, contact["id"], reason)
        for item in contact["companies"]["data"]:
            scene.touch(scene.workspace.companies, scene.workspace.companies.records[item["id"]])
        return "contacts", contact["id"]

    return remove


def _merged_into(scene: Scene) -> Changed | None:
    contact = _any(scene)
    survivor = scene.find(scene.workspace.contacts, lambda record: record["id"] != contact["id"])
    if survivor is None:
        return None
    for conversation_id in merge_contact(scene.workspace, contact["id"], survivor["id"]):
        scene.touch(scene.workspace.conversations, scene.workspace.conversations.records[conversation_id])
    for item in contact["companies"]["data"]:
        scene.touch(scene.workspace.companies, scene.workspace.companies.records[item["id"]])
    return "contacts", contact["id"]


def _unarchived(scene: Scene) -> Changed | None:
    archived = [contact_id for contact_id, (reason, _) in scene.workspace.contacts.gone.items() if reason == "archived"]
    if not archived:
        return None
    contact = restore_contact(scene.workspace, scene.dice.pick(archived))
    for item in contact["companies"]["data"]:
        scene.touch(scene.workspace.companies, scene.workspace.companies.records[item["id"]])
    return _touched(scene, contact)


def _any(scene: Scene) -> Record:
    return scene.any(scene.workspace.contacts)


def _touched(scene: Scene, contact: Record) -> Changed:
    return scene.changed(scene.workspace.contacts, contact)


OF_LISTS: dict[str, Change] = {
    "contact_tagged": _tagged,
    "contact_untagged": _untagged,
    "contact_noted": _noted,
    "contact_joined_company": _joined_company,
    "contact_left_company": _left_company,
    "contact_chose_subscription": _chose_subscription,
    "contact_forgot_subscription": _forgot_subscription,
    "contact_changed_segment": _changed_segment,
}
"""Changes of a contact's lists; nobody has documented which of them move `updated_at`, so each has a silent twin."""

KINDS: dict[str, tuple[float, Change]] = {
    "contact_created": (5, _created),
    "contact_renamed": (3, _renamed),
    "contact_became_user": (2, _became_user),
    "contact_attributes_changed": (4, _attributes_changed),
    "contact_tagged": (4, _tagged),
    "contact_untagged": (3, _untagged),
    "contact_untagged_entirely": (1, _untagged_entirely),
    "contact_noted": (3, _noted),
    "contact_joined_company": (3, _joined_company),
    "contact_left_company": (3, _left_company),
    "contact_chose_subscription": (2, _chose_subscription),
    "contact_forgot_subscription": (1, _forgot_subscription),
    "contact_changed_segment": (2, _changed_segment),
    "contact_archived": (1, _removed("archived")),
    "contact_deleted": (1, _removed("deleted")),
    "contact_merged": (1, _removed("merged")),
    "contact_merged_into": (0, _merged_into),
    "contact_unarchived": (0, _unarchived),
    "silent_contact_unarchived": (0, silently(_unarchived)),
    "silent_contact_merged_into": (0, silently(_merged_into)),
    **{f"silent_{kind}": (0, silently(change)) for kind, change in OF_LISTS.items()},
}

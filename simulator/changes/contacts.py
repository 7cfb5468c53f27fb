"""Changes of contacts and of their lists."""

from collections.abc import Callable

from simulator.changes.scene import Change, Changed, Fitness, Scene, change_of_some
from simulator.changes.silence import silent_kinds, silently
from simulator.dice import NothingFitsError
from simulator.generate import words
from simulator.generate.people.contacts import custom_attributes, new_contact
from simulator.record import Record
from simulator.workspace import contact_lists as lists
from simulator.workspace.departures import merge_contact, remove_contact, restore_contact


def _created(scene: Scene) -> Changed:
    contact = new_contact(scene.workspace, scene.dice, scene.at, scene.at)
    scene.workspace.contacts.put(contact)
    return "contacts", contact["id"]


def _renamed(scene: Scene, contact: Record) -> None:
    contact["name"] = words.person_name(scene.dice)
    contact["phone"] = scene.dice.pick((None, "+353 1 555 0199"))


def _became_user(scene: Scene, contact: Record) -> None:
    contact.update(role="user", signed_up_at=scene.at, external_id=f"signup-{contact['id'][-6:]}")


def _attributes_changed(scene: Scene, contact: Record) -> None:
    contact["custom_attributes"].update(custom_attributes(scene.dice, scene.at))
    contact["custom_attributes"]["seats"] = scene.dice.pick((1, 2, "3", None))


def _tagged(scene: Scene, contact: Record) -> None:
    worn = {item["id"] for item in contact["tags"]["data"]}
    tag = scene.find(scene.workspace.tags, lambda record: record["id"] not in worn)
    lists.apply_tag(contact, tag, scene.admin()["id"], scene.at)


def _untagged(scene: Scene, contact: Record) -> None:
    lists.remove_tag(contact, scene.dice.pick(contact["tags"]["data"])["id"])


def _untagged_entirely(_: Scene, contact: Record) -> None:
    for item in list(contact["tags"]["data"]):
        lists.remove_tag(contact, item["id"])


def _noted(scene: Scene, contact: Record) -> None:
    lists.add_note(scene.workspace, contact, scene.admin(), words.body(scene.dice, words.NOTES), scene.at)


def _joined_company(scene: Scene, contact: Record) -> None:
    attached = {item["id"] for item in contact["companies"]["data"]}
    company = scene.find(scene.workspace.companies, lambda record: record["id"] not in attached)
    lists.attach_company(scene.workspace, contact, company)
    scene.touch(scene.workspace.companies, company)


def _left_company(scene: Scene, contact: Record) -> None:
    company = scene.workspace.companies.records[scene.dice.pick(contact["companies"]["data"])["id"]]
    lists.detach_company(scene.workspace, contact, company)
    scene.touch(scene.workspace.companies, company)


def _chose_subscription(scene: Scene, contact: Record) -> None:
    subscription = scene.any(scene.workspace.subscription_types)
    lists.choose_subscription(contact, subscription, is_in=subscription["consent_type"] == "opt_in")


def _forgot_subscription(scene: Scene, contact: Record) -> None:
    lists.forget_subscription(contact, scene.dice.pick(_choices(contact))["id"])


def _choices(contact: Record) -> list[Record]:
    return [*contact["opted_in_subscription_types"]["data"], *contact["opted_out_subscription_types"]["data"]]


def _changed_segment(scene: Scene, contact: Record) -> None:
    people = [segment for segment in scene.workspace.segments if segment["person_type"] != "company"]
    chosen = scene.dice.some(people, scene.dice.within(0, 2))
    contact["segments"]["data"] = [{"type": "segment", "id": segment["id"]} for segment in chosen]


def _removed(reason: str) -> Change:
    def remove(scene: Scene) -> Changed:
        contact = scene.any(scene.workspace.contacts)
        remove_contact(scene.workspace, contact["id"], reason)
        _touch_companies(scene, contact)
        return "contacts", contact["id"]

    return remove


def _merged_into(scene: Scene) -> Changed:
    contact = scene.any(scene.workspace.contacts)
    survivor = scene.find(scene.workspace.contacts, lambda record: record["id"] != contact["id"])
    for conversation_id in merge_contact(scene.workspace, contact["id"], survivor["id"]):
        scene.touch(scene.workspace.conversations, scene.workspace.conversations.records[conversation_id])
    _touch_companies(scene, contact)
    return "contacts", contact["id"]


def _unarchived(scene: Scene) -> Changed:
    archived = [contact_id for contact_id, (reason, _) in scene.workspace.contacts.gone.items() if reason == "archived"]
    if not archived:
        raise NothingFitsError
    contact = restore_contact(scene.workspace, scene.dice.pick(archived))
    _touch_companies(scene, contact)
    return scene.changed(scene.workspace.contacts, contact)


def _touch_companies(scene: Scene, contact: Record) -> None:
    for item in contact["companies"]["data"]:
        scene.touch(scene.workspace.companies, scene.workspace.companies.records[item["id"]])


def _acting(act: Callable[[Scene, Record], None], is_fit: Fitness = lambda _: True) -> Change:
    return change_of_some(lambda workspace: workspace.contacts, act, is_fit)


def _has_tags(contact: Record) -> bool:
    return bool(contact["tags"]["data"])


OF_LISTS: dict[str, Change] = {
    "contact_tagged": _acting(_tagged),
    "contact_untagged": _acting(_untagged, _has_tags),
    "contact_noted": _acting(_noted),
    "contact_joined_company": _acting(_joined_company),
    "contact_left_company": _acting(_left_company, lambda record: bool(record["companies"]["data"])),
    "contact_chose_subscription": _acting(_chose_subscription),
    "contact_forgot_subscription": _acting(_forgot_subscription, lambda record: bool(_choices(record))),
    "contact_changed_segment": _acting(_changed_segment),
}
"""Changes of a contact's lists; nobody has documented which of them move `updated_at`, so each has a silent twin."""

KINDS: dict[str, tuple[float, Change]] = {
    "contact_created": (5, _created),
    "contact_renamed": (3, _acting(_renamed)),
    "contact_became_user": (2, _acting(_became_user, lambda record: bool(record["role"] == "lead"))),
    "contact_attributes_changed": (4, _acting(_attributes_changed)),
    "contact_tagged": (4, OF_LISTS["contact_tagged"]),
    "contact_untagged": (3, OF_LISTS["contact_untagged"]),
    "contact_untagged_entirely": (1, _acting(_untagged_entirely, _has_tags)),
    "contact_noted": (3, OF_LISTS["contact_noted"]),
    "contact_joined_company": (3, OF_LISTS["contact_joined_company"]),
    "contact_left_company": (3, OF_LISTS["contact_left_company"]),
    "contact_chose_subscription": (2, OF_LISTS["contact_chose_subscription"]),
    "contact_forgot_subscription": (1, OF_LISTS["contact_forgot_subscription"]),
    "contact_changed_segment": (2, OF_LISTS["contact_changed_segment"]),
    "contact_archived": (1, _removed("archived")),
    "contact_deleted": (1, _removed("deleted")),
    "contact_merged": (1, _removed("merged")),
    "contact_merged_into": (0, _merged_into),
    "contact_unarchived": (0, _unarchived),
    "silent_contact_unarchived": (0, silently(_unarchived)),
    "silent_contact_merged_into": (0, silently(_merged_into)),
    **silent_kinds(OF_LISTS),
}

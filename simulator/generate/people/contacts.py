"""Contacts: leads and users, with every oddity that clients have met."""

from simulator.clock import DAY_SECONDS
from simulator.dice import Dice
from simulator.generate import words
from simulator.generate.odd_values import odd_attributes
from simulator.generate.rhythm import Rhythm
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace import contact_lists as lists

APPS = ("android", "ios")


def new_contact(workspace: Workspace, dice: Dice, created_at: int, updated_at: int) -> Record:
    """Return a generated contact with empty lists; some keys are null and some missing, as the API answers both."""
    contact_id = workspace.hex_id(dice, created_at)
    number = workspace.next_id("contact_number", 1)
    is_lead = dice.happens(0.3)
    name = None if is_lead and dice.happens(0.5) else words.person_name(dice)
    email = None if is_lead and dice.happens(0.4) else f"user{number}@{dice.pick(words.DOMAINS)}"
    contact: Record = {
        "type": "contact",
        "id": contact_id,
        "workspace_id": workspace.workspace_id,
        "external_id": (None if is_lead and dice.happens(0.5) else f"ext-{number}"),
        "role": "lead" if is_lead else "user",
        "email": email,
        "email_domain": email.split("@")[1] if email else None,
        "phone": f"+3531555{number.zfill(6)}" if dice.happens(0.3) else None,
        "name": name,
        "avatar": {"type": "avatar", "image_url": f"https://static.example.com/c/{number}"}
        if dice.happens(0.3)
        else None,
        "owner_id": int(dice.pick(list(workspace.admins))["id"]) if dice.happens(0.2) else None,
        "social_profiles": {"type": "list", "data": _social_profiles(dice, number)},
        "has_hard_bounced": dice.happens(0.02),
        "marked_email_as_spam": dice.happens(0.01),
        "unsubscribed_from_emails": dice.happens(0.05),
        "created_at": created_at,
        "updated_at": updated_at,
        "signed_up_at": None if is_lead else _signed_up_at(dice, created_at),
        "last_seen_at": updated_at - dice.within(0, 600) if dice.happens(0.7) else None,
        "last_replied_at": None,
        "last_contacted_at": None,
        "last_email_opened_at": updated_at - 60 if dice.happens(0.1) else None,
        "last_email_clicked_at": None,
        "location": _location(dice),
        "custom_attributes": custom_attributes(dice, created_at),
        **lists.empty_lists(contact_id),
    }
    contact.update(_device(dice, updated_at))
    if dice.happens(0.1):  # what newer backends add to an old version's answers
        contact.update(
            utm_source="newsletter", utm_campaign=None, referrer="https://www.example.com/?q=a%20b", sms_consent=False
        )
    return contact


def custom_attributes(dice: Dice, created_at: int) -> Record:
    """Return a contact's custom attributes: odd names, and values whose type differs between contacts."""
    attributes: Record = {}
    if dice.happens(0.7):
        attributes["plan"] = dice.pick(("free", "pro", None))
        attributes["Plan"] = dice.pick(("Free", 2))
    if dice.happens(0.6):
        attributes["Account Number"] = dice.pick((123_456, "123456", "A-77"))
    if dice.happens(0.5):
        attributes["lifetime value"] = dice.pick((0, 19.99, 1_500, -3.5))
    if dice.happens(0.3):
        attributes["trial_ends_at"] = created_at + dice.within(1, 60) * DAY_SECONDS
    if dice.happens(0.3):
        attributes["is_admin"] = dice.pick((True, False, None))
    if dice.happens(0.3):
        attributes["seats"] = dice.within(1, 40)
    return attributes | odd_attributes(created_at)


def _signed_up_at(dice: Dice, created_at: int) -> int | None:
    return dice.pick(
        (
            created_at,
            created_at,
            created_at,
            None,
            created_at * 1_000,
            -365 * DAY_SECONDS,
            created_at + 3 * 365 * DAY_SECONDS,
        )
    )


def _social_profiles(dice: Dice, number: str) -> list[Record]:
    if not dice.happens(0.1):
        return []
    names = ("Twitter", "Facebook")[: dice.within(1, 2)]
    return [{"type": "social_profile", "name": name, "url": f"http://{name.lower()}.com/u{number}"} for name in names]


def _location(dice: Dice) -> Record:
    if dice.happens(0.2):
        return {"type": "location"}
    country, region, city, country_code, continent = dice.pick(words.CITIES)
    location = {"type": "location", "country": country, "region": region, "city": city}
    if dice.happens(0.5):
        location.update(country_code=country_code, continent_code=continent)
    return location


def _device(dice: Dice, updated_at: int) -> Record:
    if dice.happens(0.15):
        return {}  # keys that are missing rather than null
    device: Record = {
        "language_override": None,
        "browser": dice.pick(words.BROWSERS),
        "browser_version": f"{dice.within(90, 130)}.0",
        "browser_language": dice.pick(words.LANGUAGES),
        "os": dice.pick(words.SYSTEMS),
    }
    for app in APPS:
        is_used = dice.happens(0.1)
        for key in ("app_name", "app_version", "device", "os_version", "sdk_version"):
            device[f"{app}_{key}"] = f"{app} {key} 1.2" if is_used else None
        device[f"{app}_last_seen_at"] = updated_at - 30 if is_used else None
    return device


def add_contacts(workspace: Workspace, dice: Dice, rhythm: Rhythm, count: int) -> None:
    """Generate `count` contacts; one has 25 tags, 12 companies, 11 notes and over 10 subscription choices."""
    companies, tags = list(workspace.companies), list(workspace.tags)
    contacts = []
    for position in range(count):
        created_at = rhythm.moment(dice)
        contact = new_contact(workspace, dice, created_at, dice.within(created_at, rhythm.now - 1))
        is_rich = position == 0
        _fill_lists(workspace, dice, contact, companies[: len(companies) * 9 // 10], tags, is_rich=is_rich)
        contacts.append(contact)
    workspace.contacts.fill(contacts)


def _fill_lists(
    workspace: Workspace, dice: Dice, contact: Record, companies: list[Record], tags: list[Record], *, is_rich: bool
) -> None:
    admins, at = list(workspace.admins), contact["created_at"]
    for tag in dice.some(tags, 25 if is_rich else dice.pick((0, 0, 0, 1, 2, 3))):
        lists.apply_tag(contact, tag, dice.pick(admins)["id"], dice.within(at, contact["updated_at"]))
    for company in dice.some(companies, 12 if is_rich else dice.pick((0, 1, 1, 1, 2))):
        lists.attach_company(workspace, contact, company)
    for _ in range(11 if is_rich else dice.pick((0, 0, 0, 0, 1, 2))):
        lists.add_note(workspace, contact, dice.pick(admins), words.body(dice, words.NOTES), at)
    types = list(workspace.subscription_types)
    for subscription in types if is_rich else dice.some(types, dice.pick((0, 0, 0, 1, 3))):
        is_in = subscription["consent_type"] == "opt_in" and not is_rich
        lists.choose_subscription(contact, subscription, is_in=is_in)
    segments = [segment for segment in workspace.segments if segment["person_type"] != "company"]
    for segment in dice.some(segments, dice.pick((0, 1, 2))):
        contact["segments"]["data"].append({"type": "segment", "id": segment["id"]})

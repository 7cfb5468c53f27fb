"""Visitors: half of them carry the id by which a lead is known outside."""

from simulator.dice import Dice
from simulator.generate.rhythm import Rhythm
from simulator.record import Record
from simulator.workspace import Workspace


def add_visitors(workspace: Workspace, dice: Dice, rhythm: Rhythm, count: int) -> None:
    """Generate `count` visitors; every other one is met again as a lead with the same external id."""
    leads = [each for each in workspace.contacts if each["role"] == "lead" and each["external_id"]]
    known = [lead["external_id"] for lead in dice.some(leads, count // 2)]
    for position in range(count):
        user_id = known[position] if position < len(known) else workspace.uuid(dice)
        visitor = new_visitor(workspace, dice, user_id, rhythm.moment(dice))
        workspace.visitors.put(visitor)


def new_visitor(workspace: Workspace, dice: Dice, user_id: str, created_at: int) -> Record:
    """Return a generated visitor: an anonymous person in the old contact shape."""
    return {
        "type": "visitor",
        "id": workspace.hex_id(dice, created_at),
        "user_id": user_id,
        "anonymous": True,
        "email": "",
        "phone": None,
        "name": None,
        "pseudonym": dice.pick((None, "Red Duck from Dublin")),
        "avatar": {"type": "avatar", "image_url": None},
        "app_id": workspace.workspace_id,
        "companies": {"type": "company.list", "companies": []},
        "location_data": dice.pick(({}, {"type": "location_data", "city_name": "Dublin", "country_code": "IRL"})),
        "last_request_at": dice.pick((None, created_at + 60)),
        "created_at": created_at,
        "remote_created_at": created_at,
        "signed_up_at": created_at,
        "updated_at": created_at + 60,
        "session_count": dice.within(0, 9),
        "social_profiles": {"type": "social_profile.list", "social_profiles": []},
        "owner_id": dice.pick((None, next(iter(workspace.admins))["id"])),
        "unsubscribed_from_emails": False,
        "marked_email_as_spam": False,
        "has_hard_bounced": False,
        "tags": {"type": "tag.list", "tags": []},
        "segments": {"type": "segment.list", "segments": []},
        "custom_attributes": {},
        "referrer": None,
        "utm_campaign": None,
        "utm_content": None,
        "utm_medium": None,
        "utm_source": None,
        "utm_term": None,
        "do_not_track": None,
    }

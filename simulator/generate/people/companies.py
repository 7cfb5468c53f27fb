"""Companies: unset keys are missing, not null, as live answers show them."""

from simulator.clock import DAY_SECONDS
from simulator.dice import Dice
from simulator.generate.odd_values import odd_fields
from simulator.generate.rhythm import Rhythm
from simulator.generate.words import COMPANY_KINDS, COMPANY_NAMES
from simulator.record import Record
from simulator.workspace import Workspace

PLANS = (("1", "Free"), ("2", "Pro"), ("3", "Enterprise & Friends"))


def new_company(workspace: Workspace, dice: Dice, created_at: int, updated_at: int) -> Record:
    """Return a generated company without users; `company_id` is the customer's own, and can be any text."""
    number = workspace.next_id("company_number", 1)
    company: Record = {
        "type": "company",
        "company_id": dice.pick((number, f"acct-{number}", f"Ü {number}/x")),
        "id": workspace.hex_id(dice, created_at),
        "app_id": workspace.workspace_id,
        "name": f"{dice.pick(COMPANY_NAMES)} {dice.pick(COMPANY_KINDS)} {number}",
        "created_at": created_at,
        "updated_at": updated_at,
        "monthly_spend": dice.pick((0, 0, 49, 199, 1_250)),
        "session_count": dice.within(0, 5_000),
        "user_count": 0,
        "tags": {"type": "tag.list", "tags": []},
        "segments": {"type": "segment.list", "segments": []},
        "plan": {},
        "custom_attributes": custom_attributes(dice, created_at),
        **odd_fields(created_at),
    }
    if dice.happens(0.7):
        plan_id, plan_name = dice.pick(PLANS)
        company["plan"] = {"type": "plan", "id": plan_id, "name": plan_name}
    if dice.happens(0.6):
        company["remote_created_at"] = created_at - dice.within(0, 900) * DAY_SECONDS
    if dice.happens(0.5):
        company.update(size=dice.within(1, 9_000), website=f"https://c{number}.example.com", industry="Software")
    for tag in dice.some(list(workspace.tags), dice.pick((0, 0, 0, 1, 3))):
        company["tags"]["tags"].append({"type": "tag", "id": tag["id"], "name": tag["name"]})
    company_segments = [segment for segment in workspace.segments if segment["person_type"] == "company"][:-1]
    company["segments"]["segments"] = [dict(segment) for segment in dice.some(company_segments, dice.pick((0, 1, 2)))]
    return company


def custom_attributes(dice: Dice, created_at: int) -> Record:
    """Return a company's custom attributes; the type of Employees differs from company to company."""
    attributes: Record = {}
    if dice.happens(0.8):
        attributes["region"] = dice.pick(("EMEA", "AMER", "APAC", None))
    if dice.happens(0.6):
        attributes["Employees"] = dice.pick((12, "12", 12.5, "about 30"))
    if dice.happens(0.4):
        attributes["contract ends"] = created_at + dice.within(30, 700) * DAY_SECONDS
    return attributes


def add_companies(workspace: Workspace, dice: Dice, rhythm: Rhythm, count: int) -> None:
    """Generate `count` companies; about one in ten never gets a user."""
    companies = []
    for _ in range(count):
        created_at = rhythm.moment(dice)
        company = new_company(workspace, dice, created_at, dice.within(created_at, rhythm.now - 1))
        if dice.happens(0.9):
            company["last_request_at"] = dice.within(created_at, rhythm.now - 1)
        companies.append(company)
        workspace.contacts_of_company[company["id"]] = set()
    workspace.companies.fill(companies)

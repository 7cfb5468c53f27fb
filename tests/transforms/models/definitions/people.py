"""Random contacts and companies, and in which conversations they take part: a merged one's are the survivor's."""

from dataclasses import dataclass

from tests.transforms.models.definitions.history import DAY_SECONDS

COMPANIES = ("k1", "k2", "k3", "k4", "k5")
AT_RISK_BUSINESS_SECONDS = 8 * 3_600
MONTH_SECONDS, QUARTER_SECONDS = 30 * DAY_SECONDS, 90 * DAY_SECONDS


@dataclass(eq=False)
class Person:
    """A contact; one that is gone was deleted, or merged into another one."""

    contact: str
    created_at: int
    companies: tuple = ()
    is_deleted: bool = False
    survivor: str | None = None

    @property
    def is_gone(self):
        return self.is_deleted or self.survivor is not None


def random_people(draw, histories, now):
    """Those who have a conversation, and a few silent ones. Three of ten are gone by the end, some by two merges."""
    began = {}
    for history in histories:
        began[history.contact] = min(began.get(history.contact, now), history.began)
    found = [Person(contact, at) for contact, at in sorted(began.items())]
    silent = [Person(f"{9_000 + number:024x}", now - QUARTER_SECONDS + draw.choice((-60, 60))) for number in range(8)]
    found += silent
    for place, person in enumerate(found):
        person.companies = tuple(draw.sample(COMPANIES[:4], draw.choice((0, 0, 1, 1, 2, 3))))
        chance = draw.random()
        person.is_deleted = chance < 0.08
        person.survivor = draw.choice(found[:place]).contact if place and 0.08 <= chance < 0.3 else None
    return found


def contact_record(person):
    companies = [{"type": "company", "id": company} for company in person.companies]
    return {
        "type": "contact",
        "id": person.contact,
        "role": "user",
        "name": "Customer",
        "created_at": person.created_at,
        "updated_at": person.created_at,
        "companies": {"type": "list", "data": companies},
    }


def company_record(company, now):
    """k4 has no users, and k5 no contacts."""
    at = now - QUARTER_SECONDS - 60
    return {
        "type": "company",
        "id": company,
        "company_id": f"own {company}",
        "name": f"Company {company}",
        "created_at": at,
        "updated_at": at,
        "user_count": 0 if company == "k4" else 30,
        "monthly_spend": 10 * int(company[1:]),
        "tags": {"type": "tag.list", "tags": []},
        "segments": {"type": "segment.list", "segments": []},
    }


def marks(people):
    """What a sweep leaves of those who are gone."""
    return [
        ("contacts", person.contact, "merged" if person.survivor else "deleted", person.survivor)
        for person in people
        if person.is_gone
    ]


def taking_part(workspace):
    """Contact -> the conversations that it began, or takes part in, or those who were merged into it."""
    found = {}
    for history in workspace.histories:
        for contact in {workspace.survivor(each) for each in (history.contact, history.guest) if each}:
            found.setdefault(contact, []).append(history)
    return found


def only_company(workspace, contact):
    """The company of a contact that exists and is in one alone."""
    companies = [each.companies for each in workspace.people if each.contact == contact and not each.is_gone]
    return companies[0][0] if companies and len(companies[0]) == 1 else None

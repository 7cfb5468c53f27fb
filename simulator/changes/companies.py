"""Changes of companies."""

from simulator.changes.scene import Change, Changed, Scene, SilentScene
from simulator.generate.people.companies import PLANS, custom_attributes, new_company
from simulator.workspace.departures import remove_company


def _created(scene: Scene) -> Changed:
    company = new_company(scene.workspace, scene.dice, scene.at, scene.at)
    scene.workspace.members[company["id"]] = set()
    scene.workspace.companies.put(company)
    return "companies", company["id"]


def _changed(scene: Scene) -> Changed:
    company = scene.any(scene.workspace.companies)
    plan_id, plan_name = scene.dice.pick(PLANS)
    company["plan"] = {"type": "plan", "id": plan_id, "name": plan_name}
    company["monthly_spend"] = scene.dice.pick((0, 99, 149.5))
    company["last_request_at"] = scene.at
    company["custom_attributes"].update(custom_attributes(scene.dice, scene.at))
    scene.touch(scene.workspace.companies, company)
    return "companies", company["id"]


def _tagged(scene: Scene) -> Changed | None:
    company = scene.find(scene.workspace.companies, lambda record: not record["tags"]["tags"])
    if company is None:
        return None
    tag = scene.workspace.tags.choose(scene.dice)
    company["tags"]["tags"].append({"type": "tag", "id": tag["id"], "name": tag["name"]})
    scene.touch(scene.workspace.companies, company)
    return "companies", company["id"]


def _untagged(scene: Scene) -> Changed | None:
    company = scene.find(scene.workspace.companies, lambda record: bool(record["tags"]["tags"]))
    if company is None:
        return None
    company["tags"]["tags"].pop()
    scene.touch(scene.workspace.companies, company)
    return "companies", company["id"]


def _left_segments(scene: Scene) -> Changed | None:
    company = scene.find(scene.workspace.companies, lambda record: bool(record["segments"]["segments"]))
    if company is None:
        return None
    company["segments"]["segments"] = []
    scene.touch(scene.workspace.companies, company)
    return "companies", company["id"]


def _archived(scene: Scene) -> Changed:
    company = scene.any(scene.workspace.companies)
    for contact_id in remove_company(scene.workspace, company["id"]):
        scene.touch(scene.workspace.contacts, scene.workspace.contacts.records[contact_id])
    return "companies", company["id"]


def _silently(change: Change) -> Change:
    return lambda scene: change(SilentScene(scene.workspace, scene.dice, scene.cast))


KINDS: dict[str, tuple[float, Change]] = {
    "company_created": (2, _created),
    "company_changed": (3, _changed),
    "company_tagged": (1, _tagged),
    "company_untagged": (1, _untagged),
    "company_left_segments": (1, _left_segments),
    "company_archived": (0.5, _archived),
    "silent_company_tagged": (0, _silently(_tagged)),
    "silent_company_untagged": (0, _silently(_untagged)),
}

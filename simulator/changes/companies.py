"""Changes of companies."""

from collections.abc import Callable

from simulator.changes.scene import Change, Changed, Fitness, Scene, change_of_some
from simulator.changes.silence import silently
from simulator.generate.people.companies import PLANS, custom_attributes, new_company
from simulator.record import Record
from simulator.workspace.departures import remove_company


def _created(scene: Scene) -> Changed:
    company = new_company(scene.workspace, scene.dice, scene.at, scene.at)
    scene.workspace.contacts_of_company[company["id"]] = set()
    scene.workspace.companies.put(company)
    return "companies", company["id"]


def _changed(scene: Scene) -> Changed:
    company = scene.any(scene.workspace.companies)
    plan_id, plan_name = scene.dice.pick(PLANS)
    company["plan"] = {"type": "plan", "id": plan_id, "name": plan_name}
    company["monthly_spend"] = scene.dice.pick((0, 99, 149.5))
    company["last_request_at"] = scene.at
    company["custom_attributes"].update(custom_attributes(scene.dice, scene.at))
    return scene.changed(scene.workspace.companies, company)


def _tagged(scene: Scene, company: Record) -> None:
    tag = scene.any(scene.workspace.tags)
    company["tags"]["tags"].append({"type": "tag", "id": tag["id"], "name": tag["name"]})


def _untagged(scene: Scene, company: Record) -> None:
    company["tags"]["tags"].pop()


def _left_segments(scene: Scene, company: Record) -> None:
    company["segments"]["segments"] = []


def _archived(scene: Scene) -> Changed:
    company = scene.any(scene.workspace.companies)
    for contact_id in remove_company(scene.workspace, company["id"]):
        scene.touch(scene.workspace.contacts, scene.workspace.contacts.records[contact_id])
    return "companies", company["id"]


def _acting(act: Callable[[Scene, Record], None], is_fit: Fitness) -> Change:
    return change_of_some(lambda workspace: workspace.companies, act, is_fit)


TAGGED = _acting(_tagged, lambda record: not record["tags"]["tags"])
UNTAGGED = _acting(_untagged, lambda record: bool(record["tags"]["tags"]))
LEFT_SEGMENTS = _acting(_left_segments, lambda record: bool(record["segments"]["segments"]))

KINDS: dict[str, tuple[float, Change]] = {
    "company_created": (2, _created),
    "company_changed": (3, _changed),
    "company_tagged": (1, TAGGED),
    "company_untagged": (1, UNTAGGED),
    "company_left_segments": (1, LEFT_SEGMENTS),
    "company_archived": (0.5, _archived),
    "silent_company_tagged": (0, silently(TAGGED)),
    "silent_company_untagged": (0, silently(UNTAGGED)),
}

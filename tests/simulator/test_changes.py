"""Random changes, their order in time, and the truth after them."""

import orjson
import pytest

from simulator.changes.contacts import OF_LISTS
from simulator.changes.mutation import KINDS
from simulator.changes.scene import Scene
from simulator.clock import Clock
from simulator.dice import Dice, NothingFitsError
from simulator.generate import populate
from simulator.generate.cast import Cast
from simulator.options import Options
from simulator.workspace.departures import remove_contact
from simulator.workspace.storage.store import Store
from tests.support.simulated_api import NOW, SIZES


def test_every_kind_of_change_happens(lively):
    lively.mutate(4, kinds=["contact_archived"])  # somebody to bring back
    for kind in KINDS:
        changes = lively.mutate(2, seed=3, kinds=[kind])
        assert [change["kind"] for change in changes] == [kind] * 2, kind


def scene_in(workspace):
    return Scene(workspace, Dice(1), Cast(workspace))


@pytest.mark.parametrize(
    "lacking",
    ["admins", "teams", "tags", "segments", "subscription_types", "ticket_types", "help_centers", "newsfeeds"],
)
def test_a_change_for_which_something_is_lacking_changes_nothing(lacking):
    workspace = populate(Options(contacts=30, companies=8, conversations=30, tickets=15), Clock(1_772_366_400))
    setattr(workspace, lacking, Store(lacking))
    for kind, (_, change) in KINDS.items():
        before = orjson.dumps([list(store) for store in workspace.stores])
        try:
            change(scene_in(workspace))
        except NothingFitsError:
            assert orjson.dumps([list(store) for store in workspace.stores]) == before, kind


OF_CUSTOMERS = [
    *("conversation_customer_replied", "conversation_customer_thanked", "conversation_customer_filled_in"),
    *("conversation_burst", "conversation_rated"),
]


@pytest.mark.parametrize("kind", OF_CUSTOMERS)
def test_a_customer_who_is_gone_does_nothing(kind):
    workspace = populate(Options(contacts=30, companies=8, conversations=60, tickets=0), Clock(1_772_366_400))
    for contact in list(workspace.contacts)[:20]:
        remove_contact(workspace, contact["id"], "archived")
    scene, count = scene_in(workspace), 0
    for _ in range(60):
        before = orjson.dumps(workspace.conversations.records)
        try:
            _, conversation_id = KINDS[kind][1](scene)
        except NothingFitsError:
            assert orjson.dumps(workspace.conversations.records) == before
            continue
        count += 1
        people = workspace.conversations.get(conversation_id)["contacts"]["contacts"]
        assert workspace.contacts.get(people[0]["id"]) is not None
    assert 0 < count < 60


def test_changes_are_ordered_in_time_and_move_what_they_change(lively):
    before = {(e, r["id"]): r for e, records in lively.truth().items() for r in records if "id" in r}
    changes = lively.mutate(400, seed=9)
    assert len(changes) == 400
    times = [change["at"] for change in changes]
    assert times == sorted(times)
    assert len(set(times)) < len(times)
    last = {(change["entity"], change["id"]): change["at"] for change in changes}
    after = {(e, r["id"]): r for e, records in lively.truth().items() for r in records if "id" in r}
    for key, record in after.items():
        if key[0] in {"contacts", "companies", "conversations", "tickets"} and before.get(key) != record:
            assert record["updated_at"] >= times[0], key
    for key, at in last.items():
        if key in after and "updated_at" in after[key] and key[0] != "segments":
            assert after[key]["updated_at"] >= at


def test_the_same_seed_makes_the_same_changes(lively):
    changes = lively.mutate(60, seed=4)
    truth = lively.truth()
    lively.reset(**SIZES)
    lively.clock(to=NOW, frozen=True)
    assert lively.mutate(60, seed=4) == changes
    assert lively.truth() == truth


@pytest.mark.parametrize("kind", sorted(f"silent_{kind}" for kind in OF_LISTS))
def test_a_silent_change_does_not_move_the_contact(lively, kind):
    before = {contact["id"]: contact for contact in lively.truth()["contacts"]}
    changed = lively.mutate(1, seed=5, kinds=[kind])[0]
    after = {contact["id"]: contact for contact in lively.truth()["contacts"]}[changed["id"]]
    assert after != before[changed["id"]]
    assert after["updated_at"] == before[changed["id"]]["updated_at"]


@pytest.mark.parametrize(("kind", "is_silent"), [("contact_merged_into", False), ("silent_contact_merged_into", True)])
def test_who_survives_a_merge_takes_the_place_in_the_conversations(lively, kind, is_silent):
    before = {one["id"]: one for one in lively.truth()["conversations"]}
    [merged] = lively.mutate(1, seed=6, kinds=[kind])
    [gone] = [item for item in lively.gone()["contacts"] if item["record"]["id"] == merged["id"]]
    moved = [one for one in lively.truth()["conversations"] if one["contacts"] != before[one["id"]]["contacts"]]
    assert moved
    for conversation in moved:
        people = [person["id"] for person in conversation["contacts"]["contacts"]]
        assert gone["into"] in people
        assert merged["id"] not in people
        assert (conversation["updated_at"] == before[conversation["id"]]["updated_at"]) is is_silent


def test_a_conversation_that_becomes_a_ticket_is_its_ticket_from_now_on(lively):
    before = {one["id"]: one for one in lively.truth()["conversations"]}
    [made] = lively.mutate(1, seed=6, kinds=["ticket_converted"])
    [conversation] = [one for one in lively.truth()["conversations"] if one["ticket"] != before[one["id"]]["ticket"]]
    [ticket] = [one for one in lively.truth()["tickets"] if one["id"] == made["id"]]
    assert conversation["ticket"] == {"type": "ticket", "id": made["id"]}
    assert (ticket["created_at"], conversation["updated_at"]) == (conversation["created_at"], made["at"])
    begins = ticket["ticket_parts"]["ticket_parts"][-1]
    assert (begins["previous_ticket_state"], begins["created_at"]) == (begins["ticket_state"], made["at"])


def test_an_archived_contact_comes_back_as_it_was(lively):
    lively.mutate(1, seed=6, kinds=["contact_archived"])
    [returned] = lively.mutate(1, seed=6, kinds=["silent_contact_unarchived"])
    assert returned["id"] in {contact["id"] for contact in lively.truth()["contacts"]}
    assert returned["id"] not in {item["record"]["id"] for item in lively.gone()["contacts"]}


def test_the_last_tag_can_go(lively):
    changed = lively.mutate(1, kinds=["contact_untagged_entirely"])[0]
    contact = next(each for each in lively.truth()["contacts"] if each["id"] == changed["id"])
    assert contact["tags"]["data"] == []
    assert contact["tags"]["total_count"] == 0


def test_members_and_companies_agree_after_changes(lively):
    lively.mutate(500, seed=12)
    truth = lively.truth()
    members = {company["id"]: 0 for company in truth["companies"]}
    for contact in truth["contacts"]:
        for item in contact["companies"]["data"]:
            members[item["id"]] += 1
    assert members == {company["id"]: company["user_count"] for company in truth["companies"]}


def test_an_unknown_kind_is_refused(lively):
    with pytest.raises(ValueError, match="unknown kind"):
        lively.mutate(1, kinds=["nonsense"])


def test_the_same_seed_twice_makes_new_records(lively):
    kinds = ["contact_created", "company_created", "event_happened", "visitor_came", "admin_acted"]
    for kind in kinds:
        made = [lively.mutate(1, seed=7, kinds=[kind])[0]["id"] for _ in range(8)]
        assert len(set(made)) == 8 or kind == "event_happened", kind
    events = [event["id"] for event in lively.truth()["data_events"] if "id" in event]
    assert len(set(events)) == len(events)


def test_a_note_leaves_a_closed_conversation_closed(lively):
    """As in the reference's example: a plain note, and the conversation is closed after it."""
    before = {one["id"]: one for one in lively.truth()["conversations"]}
    noted = {one["id"] for one in lively.mutate(20, seed=8, kinds=["conversation_noted"])}
    after = {one["id"]: one for one in lively.truth()["conversations"]}
    closed = [one for one in noted if before[one]["state"] == "closed"]
    assert len(closed) > 3
    for one in closed:
        assert (after[one]["state"], after[one]["open"]) == ("closed", False)
        assert after[one]["conversation_parts"]["conversation_parts"][-1]["part_type"] == "note"

"""Who survived a merge: told by conversations, read again, and by nothing else."""

import pytest

from sources.intercom.sweep import merges
from sources.intercom.sweep.merges import Evidence, Talk, find_survivors, resolved, successors
from tests.sources.intercom.sweep.raw import Raw
from tests.support.workspace import found, load, marks, rows, swept


def conversation(*contact_ids, parts=(), count_parts=None):
    shown = [{"type": part_type, "part_type": part_type, "created_at": at} for part_type, at in parts]
    return {
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": one} for one in contact_ids]},
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": shown,
            "total_count": len(shown) if count_parts is None else count_parts,
        },
    }


@pytest.mark.parametrize(
    ("before", "now", "successor_ids"),
    [
        ({"gone"}, conversation("new"), {"new"}),
        ({"gone", "other"}, conversation("new", "other"), {"new"}),
        ({"gone"}, conversation("gone"), set()),  # it is still named
        ({"gone"}, conversation(), set()),  # deleted, and taken out
        ({"gone", "other"}, conversation("other"), set()),  # the other one was there before
        ({"gone", "second", "other"}, conversation("new", "other"), {"new", "other"}),  # whose place is the new one's?
        ({"gone", "second", "other"}, conversation("other"), set()),
        ({"gone"}, conversation("new", parts=[("participant_added", 50)]), {"new"}),  # long ago
        ({"gone"}, conversation("new", parts=[("participant_added", 150)]), set()),  # since it was loaded
        ({"new"}, conversation("new"), {"new"}),  # loaded after the merge; the gone one wrote in it
        ({"new"}, conversation("new", parts=[("participant_removed", 50)]), set()),
        (set(), conversation("new", "other"), {"new", "other"}),
        ({"gone"}, conversation("new", parts=[({"type": "participant_added"}, 150)]), {"new"}),
        # Of more parts than are shown an earlier one may tell who was removed.
        ({"new"}, conversation("new", parts=[("comment", 50)], count_parts=501), set()),
        ({"gone"}, conversation("new", parts=[("comment", 150)], count_parts=501), set()),
        ({"gone"}, conversation("new", parts=[("comment", 50)], count_parts=501), {"new"}),
    ],
)
def test_a_conversation_tells_who_took_the_place(before, now, successor_ids):
    assert successors("gone", before, 100, now) == successor_ids


def test_conversations_that_agree_on_one_tell_the_survivor():
    told = [
        (["gone"], conversation("a", "b")),
        (["gone"], conversation("b", "c")),
        (["gone"], conversation("gone")),
        (["other"], conversation("a")),
        (["other", "third"], conversation("b")),
    ]
    evidence = Evidence()
    for contact_ids, now in told:
        evidence.add(Talk("1", contact_ids, set(), 0), now)
    assert evidence.survivor_of == {"gone": "b", "third": "b"}


def test_conversations_of_contacts_that_are_gone_are_read_once_and_a_few_at_a_time(serve, begin, monkeypatch):
    """After deletions in bulk there are too many to be held."""
    monkeypatch.setattr(merges, "CONVERSATIONS_AT_ONCE", 2)
    gone = [f"gone{number}" for number in range(7)]
    links = [(contact_id, contact_id.replace("gone", "talk")) for contact_id in gone] + [("gone6", "talk0")]
    server, client = serve(
        lambda request: {"id": request.path.rpartition("/")[2], "updated_at": 9} | conversation("new")
    )
    raw = Raw(conversation_contacts=[{"contact_id": one, "conversation_id": talk} for one, talk in links])
    told = []

    def read():
        told.append((yield from find_survivors(begin(client, {}, resource="sweep_contacts"), raw, gone)))

    counts = [len(rows_of_tables[0][1]) for rows_of_tables in read()]
    assert [evidence.survivor_of for evidence in told] == [dict.fromkeys(gone, "new")]
    assert counts == [2, 2, 2, 1]
    assert len(server.requests) == len(gone)


def test_a_chain_of_merges_ends_at_the_last_survivor():
    assert resolved({"a": "b", "b": "c"}) == {"a": "c", "b": "c"}
    assert resolved({"a": "b", "b": "a"}).keys() == {"a", "b"}, "a circle ends, too"


@pytest.mark.parametrize("kind", ["contact_merged_into", "silent_contact_merged_into"])
def test_a_merged_contact_is_marked_with_the_survivor(simulator, database, kind):
    merges = {change["id"] for change in simulator.mutate(30, seed=2, kinds=[kind])}
    into = {item["record"]["id"]: item.get("into") for item in simulator.gone()["contacts"]}
    talked = {one["source"]["author"]["id"] for one in simulator.truth()["conversations"]}
    outcome = swept(simulator, database, "contacts")
    marked = marks(database, "contacts")
    assert marked.keys() == merges
    ends = resolved({one: survivor for one, survivor in into.items() if survivor})
    told = {one: survivor for one, (reason, survivor) in marked.items() if reason == "merged"}
    assert told == {one: ends[one] for one in told}
    assert len(told) >= len(merges & talked) / 2 > 1, "those with conversations are told apart"
    assert found(outcome, "contacts")["merged"] == len(told)
    assert swept(simulator, database, "conversations").status == "complete"


def test_after_a_sync_that_already_shows_the_survivor_the_merge_is_still_noticed(simulator, database):
    merges = {change["id"] for change in simulator.mutate(12, seed=7, kinds=["contact_merged_into"])}
    load(simulator, database, "contacts", "conversations")
    swept(simulator, database, "contacts")
    told = {one: into for one, (reason, into) in marks(database, "contacts").items() if reason == "merged"}
    into = resolved({item["record"]["id"]: item["into"] for item in simulator.gone()["contacts"] if "into" in item})
    assert told
    assert told == {one: into[one] for one in told}
    assert told.keys() <= merges


def test_a_survivor_that_is_merged_later_moves_the_former_mark_on(simulator, database):
    for seed in range(3):
        simulator.mutate(12, seed=20 + seed, kinds=["silent_contact_merged_into"])
        swept(simulator, database, "contacts")
    told = {one: into for one, (reason, into) in marks(database, "contacts").items() if reason == "merged"}
    assert told
    assert not set(told.values()) & told.keys(), "nobody is said to have survived who was merged on"


def test_a_merge_of_which_nothing_can_be_read_is_told_by_a_later_sweep(simulator, database):
    """It is marked as deleted meanwhile."""
    merges = [change["id"] for change in simulator.mutate(12, seed=7, kinds=["contact_merged_into"])]
    into = resolved({item["record"]["id"]: item["into"] for item in simulator.gone()["contacts"] if "into" in item})
    talks = rows(database, "select contact_id, conversation_id from intercom_raw.conversation_contacts order by all")
    merged = next(contact_id for contact_id, _ in talks if contact_id in merges)
    paths = [f"/conversations/{conversation_id}" for contact_id, conversation_id in talks if contact_id == merged]
    faults = [{"kind": "error", "status": 400, "times": 0, "operation": path} for path in paths]
    simulator.faults(*faults)
    outcome = swept(simulator, database, "contacts")
    assert (outcome.status, marks(database, "contacts")[merged]) == ("failed", ("deleted", None))
    assert rows(database, f"select 1 from intercom_raw.unreadable_records where id = '{merged}'") == [(1,)]
    simulator.faults()
    assert swept(simulator, database, "contacts").status == "complete"
    assert marks(database, "contacts")[merged] == ("merged", into[merged])
    assert rows(database, "select 1 from intercom_raw.unreadable_records") == []

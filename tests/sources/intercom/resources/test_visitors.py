"""Visitors: looked up one by one."""

import pytest

from sources.intercom.api.errors import BadAnswer, RecordsUnread
from sources.intercom.reading.unreadable import MOST_UNREAD
from sources.intercom.resources import RESOURCES
from sources.intercom.resources.visitors import NOT_KNOWN, mark_of
from tests.support.loopback import GATEWAY_NOT_FOUND, Reply

VISITORS = RESOURCES["visitors"]
ADDRESS = "ada@example.com"  # a user id that says who it is


class Workspace:
    """Looks visitors up; `refused`: user id -> status."""

    def __init__(self, **refused):
        self.refused = refused
        self.asked = []

    def __call__(self, request):
        user_id = request.query["user_id"]
        self.asked.append(user_id)
        if user_id in self.refused:
            return Reply({"type": "error.list", "errors": [{"code": "not_found"}]}, self.refused[user_id])
        return {"type": "visitor", "id": None if user_id == "odd" else f"v-{user_id}", "user_id": user_id}


def read(reading):
    """Read to the end; return the ids, and the error that tells what is missing."""
    batches, ids = VISITORS.read(reading), []
    try:
        for tables in batches:
            ids += [row["id"] for _, rows in tables for row in rows]
    except RecordsUnread as error:
        return ids, str(error)
    return ids, None


@pytest.mark.parametrize(("refused", "status"), [(ADDRESS, 500), (ADDRESS, 400), ("odd", 200)])
def test_a_visitor_who_is_refused_holds_up_no_other_and_is_asked_for_again(serve, begin, refused, status):
    workspace = Workspace(unknown=404) if status == 200 else Workspace(unknown=404, **{refused: status})
    _, client = serve(workspace)
    state = {}
    reading = begin(client, state, resource="visitors", people={"a", refused, "unknown", "z"})
    ids, error = read(reading)
    assert (ids, reading.report.count_records) == (["v-a", "v-z"], 2)
    assert mark_of(refused) in error
    assert refused not in f"{error} {state}"
    assert (state["unread"], "looked_up_at" in state) == ([mark_of(refused)], True)


def test_one_who_was_refused_is_named_until_an_answer_comes(serve, begin):
    workspace = Workspace(**{ADDRESS: 500})
    _, client = serve(workspace)
    state = {}
    read(begin(client, state, resource="visitors", people={ADDRESS}))
    _, error = read(begin(client, state, resource="visitors", people={"z"}))
    assert f"{mark_of(ADDRESS)}: {NOT_KNOWN}" in error, "a script asks nobody whom it has not met"
    workspace.refused = {}
    assert read(begin(client, state, resource="visitors", people={ADDRESS})) == ([f"v-{ADDRESS}"], None)
    assert state["unread"] == []


def test_one_who_was_refused_and_is_not_in_the_database_any_more_is_forgotten(serve, begin):
    _, client = serve(Workspace(**{ADDRESS: 500}))
    state = {}
    read(begin(client, state, resource="visitors", people={ADDRESS}))
    assert read(begin(client, state, resource="visitors", people={"z"}, has_all_people=True)) == (["v-z"], None)
    assert state["unread"] == []


def test_many_refused_visitors_are_an_outage(serve, begin):
    people = {f"p{number}" for number in range(MOST_UNREAD + 1)}
    _, client = serve(Workspace(**dict.fromkeys(people, 500)))
    state = {}
    with pytest.raises(BadAnswer):
        read(begin(client, state, resource="visitors", people=people))
    assert "looked_up_at" not in state


def test_a_404_of_a_gateway_says_nothing_of_a_visitor(serve, begin):
    _, client = serve(lambda request: GATEWAY_NOT_FOUND)
    state = {}
    ids, error = read(begin(client, state, resource="visitors", people={"a"}))
    assert (ids, state["unread"]) == ([], [mark_of("a")])
    assert "answered 404" in error

"""Tickets: found whole, their type kept by what names it."""

import json
import re

import pytest

from sources.intercom.resources.tickets import TICKET, TICKET_PARTS, TICKETS, ticket_rows
from sources.intercom.rows.parts import MOST_SHOWN_PARTS
from sources.intercom.rows.table import REMOVES


def tables_of(ticket):
    return {table.name: rows for table, rows in ticket_rows([ticket])}


def test_nothing_but_an_id_is_enough():
    tables = tables_of({"id": 1})
    assert tables["tickets"] == [{"id": "1"}]
    assert tables["ticket_contacts"] == [{"ticket_id": "1", REMOVES: True}]


@pytest.mark.parametrize("ticket_type", [{}, {"ticket_type": None}, {"ticket_type": {}}])
def test_a_ticket_may_have_no_type(ticket_type):
    assert tables_of({"id": "1", **ticket_type})["tickets"] == [{"id": "1"}]


def parts(count, **fields):
    return {"ticket_parts": {"ticket_parts": [{"id": str(number)} for number in range(count)], **fields}}


SHOWN = [parts(0), parts(0, total_count=0), parts(2), parts(2, total_count=None), parts(2, total_count="2")]
SHOWN += [parts(3, total_count=2), parts(MOST_SHOWN_PARTS, total_count=10**6), {"ticket_parts": {"data": []}}]
SHOWN += [{"ticket_parts": [{"id": "1"}]}, {"ticket_parts": {"ticket_parts": {"id": "1"}}}]
LEFT_OUT = [{}, {"ticket_parts": None}, {"ticket_parts": "none"}, {"ticket_parts": {}}, parts(0, total_count=5)]
LEFT_OUT += [{"ticket_parts": {"ticket_parts": None}}, {"ticket_parts": {"ticket_parts": None, "total_count": 1}}]
LEFT_OUT += [parts(499, total_count=501)]


@pytest.mark.parametrize(("found", "is_shown"), [(one, True) for one in SHOWN] + [(one, False) for one in LEFT_OUT])
def test_a_ticket_is_asked_for_where_the_search_leaves_parts_out(serve, begin, found, is_shown):
    whole = {"id": "7", "updated_at": 5, **parts(3, total_count=3)}

    def answer(request):
        return whole if request.method == "GET" else {"tickets": [{"id": "7", "updated_at": 5, **found}]}

    assert TICKET_PARTS.are_shown_in(found) == is_shown
    server, client = serve(answer)
    [tables] = TICKETS.read(begin(client, resource="tickets"))
    loaded = {row["id"] for table, rows in tables if table.name == "ticket_parts" for row in rows}
    swept = TICKET.completed(client, {"id": "7", "updated_at": 5, **found})
    asked = [request.path for request in server.requests if request.method == "GET"]
    assert asked == ["/tickets/7"] * (0 if is_shown else 2)
    if is_shown:
        assert loaded == {*re.findall('"id": "([0-9]+)"', json.dumps(found))}, "however they are wrapped"
    else:
        assert (loaded, swept.detail) == ({"0", "1", "2"}, whole)


def test_of_the_embedded_type_what_names_it_is_kept():
    kind = {"id": 5, "name": "Bug", "category": "Tracker", "ticket_type_attributes": {"data": [{"id": "1"}]}}
    [row] = tables_of({"id": "1", "ticket_type": kind, "admin_assignee_id": "0"})["tickets"]
    assert row == {
        "id": "1",
        "ticket_type__id": "5",
        "ticket_type__name": "Bug",
        "ticket_type__category": "Tracker",
        "admin_assignee_id": "0",
    }


def test_attributes_of_a_ticket_stay_whole_whatever_their_values():
    attributes = {"_default_title_": "x", "When": 5, "Files": [{"type": "upload"}], "None": None, "id": 7}
    [row] = tables_of({"id": "1", "ticket_attributes": attributes})["tickets"]
    assert row == {"id": "1", "ticket_attributes": attributes}

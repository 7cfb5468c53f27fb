"""Tickets: found whole, their type kept by what names it."""

import pytest

from sources.intercom.resources.tickets import ticket_rows
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

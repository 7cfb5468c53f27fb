"""dim_teammates and dim_teams: who works here, and on how much."""

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC


def test_teammates_are_all_who_ever_took_part_and_no_bots(house):
    house.raw.add("admins", id="a1", name="Ann", email="a@x.io", has_inbox_seat=True)
    house.raw.add("admins", id="idle", name="Ida")
    house.raw.add("teams", id="t1", name="Billing")
    house.raw.add("team_admins", team_id="t1", admin_id="a1")
    house.raw.add("admins", id="o3", name="Operator", email="operator+ab14@intercom.io")  # a bot, listed as a teammate
    house.raw.add("team_admins", team_id="t1", admin_id="o3")
    story = house.raw.conversation("1", NOON).replies(NOON + 1, admin="gone", author__name="Guy")
    story.assigns(NOON + 2, ("admin", "a1")).asks(NOON + 3).bot_replies(NOON + 4)
    house.raw.conversation("2", NOON, admin_assignee_id="a1", team_assignee_id="t1").replies(NOON + 9).snoozes(
        NOON + 10
    )
    rated = {"conversation_rating__rating": 5, "conversation_rating__teammate__id": "nobody"}  # a workflow asked for it
    house.raw.conversation("3", NOON, team_assignee_id="deleted", **rated).replies(NOON + 1)
    # Operator greets, and answers, as a teammate of an address of its own
    greeted = house.raw.conversation(
        "4", NOON, author=("admin", "o1"), state="closed", source__author__email="Operator+ab12@intercom.io"
    )
    greeted.closes(NOON + 9, by=("admin", "o1"))
    operator = {"author__email": "operator+ab13@intercom.io", "author__name": "Operator"}
    answered = house.raw.conversation("5", NOON, state="closed").replies(NOON + 1, admin="o2", **operator)
    answered.closes(NOON + 2, by=("admin", "o2"))
    house.raw.conversation("6", NOON, admin_assignee_id="o3", team_assignee_id="t1")
    ticket = {"ticket_id": "7", "part_type": "assignment", "created_at": NOON}
    house.raw.add("tickets", id="7", ticket_state="submitted", created_at=NOON, updated_at=NOON, admin_assignee_id="o4")
    house.raw.add("ticket_parts", id="70", author__type="admin", author__id="o4", **operator, **ticket)
    columns = (
        "admin_id, name, is_departed, teams, count_open_conversations, count_snoozed_conversations, count_waiting_on_us"
    )
    report = house.build("+dim_teammates +dim_teams")
    assert report.is_ok, [*report.failed_models, *report.failed_checks()]
    assert house.rows("dim_teammates", columns) == [
        ("a1", "Ann", False, "Billing", 1, 1, 1),
        ("gone", "Guy", True, None, 0, 0, 0),
        ("idle", "Ida", False, None, 0, 0, 0),
    ]
    said = "conversation_id, count_replies, count_bot_replies, last_closed_by_role, first_response_seconds"
    assert house.rows("fct_conversations where conversation_id in ('4', '5')", said) == [
        ("4", 0, 0, "bot", None),
        ("5", 0, 1, "bot", None),
    ]
    columns = "team_id, name, is_deleted, teammates, count_open_conversations, count_unassigned, count_waiting_on_us"
    assert house.rows("dim_teams", columns) == [
        ("deleted", None, True, None, 1, 1, 0),
        ("none", None, False, None, 1, 0, 1),
        ("t1", "Billing", False, "Ann", 1, 1, 1),
    ]
    assert house.rows("fct_tickets", "admin_id") == [(None,)]

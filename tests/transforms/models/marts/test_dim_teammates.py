"""dim_teammates and dim_teams: who works here, and on how much."""

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC


def test_teammates_are_all_who_ever_took_part_and_no_bots(house):
    house.raw.add("admins", id="a1", name="Ann", email="a@x.io", has_inbox_seat=True)
    house.raw.add("admins", id="idle", name="Ida")
    house.raw.add("teams", id="t1", name="Billing")
    house.raw.add("team_admins", team_id="t1", admin_id="a1")
    story = house.raw.conversation("1", NOON).replies(NOON + 1, admin="gone", author__name="Guy")
    story.assigns(NOON + 2, ("admin", "a1")).asks(NOON + 3).bot_replies(NOON + 4)
    house.raw.conversation("2", NOON, admin_assignee_id="a1", team_assignee_id="t1").replies(NOON + 9).snoozes(
        NOON + 10
    )
    house.raw.conversation("3", NOON, team_assignee_id="deleted").replies(NOON + 1)
    columns = (
        "admin_id, name, is_departed, teams, count_open_conversations, count_snoozed_conversations, count_waiting_on_us"
    )
    assert house.answer("dim_teammates", columns) == [
        ("a1", "Ann", False, "Billing", 1, 1, 1),
        ("gone", "Guy", True, None, 0, 0, 0),
        ("idle", "Ida", False, None, 0, 0, 0),
    ]
    columns = "team_id, name, is_deleted, teammates, count_open_conversations, count_unassigned, count_waiting_on_us"
    assert house.answer("dim_teams", columns) == [
        ("deleted", None, True, None, 1, 1, 0),
        ("none", None, False, None, 1, 0, 1),
        ("t1", "Billing", False, "Ann", 0, 0, 0),
    ]

"""fct_bot_weekly: what bots and Fin did in a week."""

import datetime

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
DAY = 86_400


def test_bots_deflect_hand_off_and_see_customers_again(house):
    def begins(number, at, contact, **values):
        return house.raw.conversation(str(number), at, author=("user", contact), **values)

    rated = {"conversation_rating__rating": 4, "conversation_rating__created_at": NOON + 9}
    begins(1, NOON, "c1", state="closed", **rated).bot_replies(NOON + 1).closes(NOON + 2, by=("bot", "b1"))
    begins(2, NOON + DAY, "c1").replies(NOON + DAY + 1)
    begins(3, NOON, "c2", state="closed").bot_replies(NOON + 1).closes(NOON + 2, by=("bot", "b1"))
    begins(4, NOON, "c3").bot_replies(NOON + 1).assigns(NOON + 2, ("admin", "a1"))
    house.raw.conversation("5", NOON, author=("bot", "b1")).bot_replies(NOON + 1)  # no customer wrote
    greeted = house.raw.conversation("6", NOON, author=("bot", "b1"), source__delivered_as="operator_initiated")
    greeted.asks(NOON + 2).bot_replies(NOON + 3).closes(NOON + 4)  # by a teammate
    # greeted before the bot closed the other one, and wrote after that; or wrote, in the same one, what is left closed
    begins(7, NOON, "c7", state="closed").bot_replies(NOON + 1).closes(NOON + 60, by=("bot", "b1"))
    greeted = house.raw.conversation("8", NOON + 9, author=("bot", "b1"), source__delivered_as="operator_initiated")
    greeted.asks(NOON + 90, customer="c7")
    greeted = house.raw.conversation(
        "9", NOON, author=("bot", "b1"), source__delivered_as="operator_initiated", state="closed"
    )
    greeted.closes(NOON + 2, by=("bot", "b1")).asks(NOON + 9, customer="c9").bot_replies(NOON + 10)
    greeted.knows(statistics__last_close_at=NOON + 2)
    for number, contact in ((8, "c7"), (9, "c9")):
        house.raw.add("conversation_contacts", conversation_id=str(number), contact_id=contact)
    # parts are missing: a reply among them, as Intercom says; or the bot's last words and the reply are there
    missing = {"source__type": "email", "conversation_parts__total_count": 600}
    begins(10, NOON, "c10", ai_agent_participated=True, statistics__first_admin_reply_at=NOON + 60, **missing)
    begins(11, NOON, "c11", **missing).bot_replies(NOON + 1).replies(NOON + 2)
    begins(12, NOON, "c12", **missing).bot_replies(NOON + 1)
    begins(13, NOON, "c13", **missing | {"source__type": "sms"}).bot_replies(NOON + 1)
    columns = (
        "week_start, count_conversations, count_bot_involved, count_deflected, count_handed_off, "
        "count_returned_within_24_hours, round(deflection_rate, 4), count_bot_only_ratings, bot_only_csat"
    )
    week = datetime.date(2024, 4, 29)
    assert house.answer("fct_bot_weekly", columns, "channel") == [
        (week, 8, 6, 4, 1, 2, 0.6667, 1, 1.0),
        (week, 3, 3, 0, 2, 0, 0.0, 0, None),
        (week, 1, 1, 0, 0, 0, None, 0, None),
    ]


def test_fins_own_outcomes_stand_beside_ours(house):
    outcomes = ("confirmed_resolution", "assumed_resolution", "routed_to_team", "abandoned", "escalated", None)
    for number, outcome in enumerate(outcomes):
        values = {"ai_agent__resolution_state": outcome, "ai_agent_participated": outcome is not None}
        house.raw.conversation(str(number), NOON, **values)
    columns = (
        "count_conversations, count_bot_involved, count_fin_involved, count_fin_resolved, count_fin_confirmed, "
        "count_fin_routed, count_fin_abandoned, fin_resolution_rate, count_deflected"
    )
    assert house.answer("fct_bot_weekly", columns) == [(6, 5, 5, 2, 1, 2, 1, 0.4, 0)]


def test_fin_is_involved_where_it_tried_and_had_no_answer(house):
    """Help article 7837533: resolutions / involved. Without an answer `resolution_state` is null (API 2.11)."""
    outcomes = ("confirmed_resolution", "routed_to_team", None, None)
    for number, outcome in enumerate(outcomes):
        values = {"ai_agent__resolution_state": outcome, "ai_agent_participated": True}
        house.raw.conversation(str(number), NOON, **values)
    house.raw.conversation("9", NOON, ai_agent_participated=False)
    columns = "count_conversations, count_fin_involved, count_fin_resolved, fin_resolution_rate"
    assert house.answer("fct_bot_weekly", columns) == [(5, 4, 1, 0.25)]


def test_fin_is_not_involved_where_a_teammate_tries_it_out(house):
    """The reference of 2.11 has these values of `ai_agent.source_type`; Intercom's own counts leave them out."""
    for number, source in enumerate(("fin_preview", "workflow_preview", "workflow", None)):
        values = {"ai_agent__resolution_state": "assumed_resolution", "ai_agent__source_type": source}
        house.raw.conversation(str(number), NOON, ai_agent_participated=True, **values)
    columns = "count_conversations, count_fin_involved, count_fin_resolved, fin_resolution_rate"
    assert house.answer("fct_bot_weekly", columns) == [(4, 2, 2, 1.0)]
    assert house.rows("fct_conversations", "conversation_id, fin_outcome") == [
        ("0", None),
        ("1", None),
        ("2", "assumed_resolution"),
        ("3", "assumed_resolution"),
    ]

"""fct_support_periods: days, weeks and months."""

import datetime

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
DAY = 86_400
MAY = datetime.date(2024, 5, 1)


def test_weeks_and_months_have_medians_of_their_own(house):
    """Three days of one week: medians 10, 20 and 60 by day, but 30 by week, and by month with a fourth."""
    house.raw.add("teams", id="t1", name="Billing")
    for number, (day, seconds) in enumerate([(0, 10), (1, 20), (2, 40), (2, 80), (2, 60), (19, 1)]):
        house.raw.conversation(
            str(number), NOON + day * DAY, team_assignee_id="t1" if day else None, source__type="email"
        ).replies(NOON + day * DAY + seconds)
    columns = (
        "period, starts_on, channel, team_id, team_name, count_inbound_conversations, median_first_response_seconds"
    )
    answer = house.answer("fct_support_periods", columns, "period, starts_on, channel, team_id")
    found = [row for row in answer if row[0] != "day"]
    week, third = datetime.date(2024, 4, 29), datetime.date(2024, 5, 20)
    assert [row for row in found if row[2] == "all"] == [
        ("month", MAY, "all", "all", None, 6, 30.0),
        ("month", MAY, "all", "none", None, 1, 10.0),
        ("month", MAY, "all", "t1", "Billing", 5, 40.0),
        ("week", week, "all", "all", None, 5, 40.0),
        ("week", week, "all", "none", None, 1, 10.0),
        ("week", week, "all", "t1", "Billing", 4, 50.0),
        ("week", third, "all", "all", None, 1, 1.0),
        ("week", third, "all", "t1", "Billing", 1, 1.0),
    ]
    assert [row[2:4] for row in found if row[2] != "all" and row[1] == week] == [
        ("email", "all"),
        ("email", "none"),
        ("email", "t1"),
    ]

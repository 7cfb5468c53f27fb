"""dim_companies: the companies of contacts, and how they are."""

import pytest

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
DAY = 86_400


def test_a_company_counts_each_conversation_once(house):
    house.raw.add(
        "companies", id="k1", name="Acme", monthly_spend=80.5, user_count=50, created_at=NOON, updated_at=NOON
    )
    old = NOW - 91 * DAY
    house.raw.add("companies", id="k2", name="Quiet", monthly_spend=9.0, user_count=4, created_at=old, updated_at=old)
    for name in ("c1", "c2"):
        house.raw.add("contacts", id=name, role="user", created_at=NOON, updated_at=NOON)
        house.raw.add("contact_companies", contact_id=name, company_id="k1")
        house.raw.add("conversation_contacts", conversation_id="1", contact_id=name)
    rating = {"conversation_rating__rating": 1, "conversation_rating__created_at": NOON + 5}
    house.raw.conversation(
        "1", NOON, author=("user", "c1"), sla_applied__sla_name="g", sla_applied__sla_status="hit", **rating
    )
    house.raw.conversation(
        "2", NOON, author=("user", "c2"), sla_applied__sla_name="g", sla_applied__sla_status="missed"
    )
    house.raw.conversation("3", NOON - DAY, author=("user", "c2"), state="closed").replies(NOON).closes(NOON)
    columns = (
        "name, count_contacts, count_contact_conversations, contact_conversations_per_100_users, csat, sla_hit_rate, "
        "count_open_conversations, health, spend_at_risk"
    )
    assert house.answer("dim_companies", columns, "name") == [
        ("Acme", 2, 3, pytest.approx(6.0), 0.0, 0.5, 2, "at_risk", 80.5),
        ("Quiet", 0, 0, 0.0, None, None, 0, "quiet", 0.0),
    ]

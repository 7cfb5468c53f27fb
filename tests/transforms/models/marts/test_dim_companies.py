"""dim_companies: the companies of contacts, and how they are."""

import pytest

from tests.support.warehouse.built_together import built_together

MODELS = "+dim_companies +dim_contacts"
NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
DAY = 86_400


@built_together
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
    yield
    columns = (
        "name, count_contacts, count_contact_conversations, contact_conversations_per_100_users, csat, sla_hit_rate, "
        "count_open_conversations, health, spend_at_risk"
    )
    assert house.answer("dim_companies", columns, "name") == [
        ("Acme", 2, 3, pytest.approx(6.0), 0.0, 0.5, 2, "at_risk", 80.5),
        ("Quiet", 0, 0, 0.0, None, None, 0, "quiet", 0.0),
    ]


@built_together
def test_a_company_is_judged_by_the_ratings_of_its_own_people(house):
    """Also where somebody of another company took part, and gave the rating."""
    for number in (1, 2):
        house.raw.add("companies", id=f"k{number}", monthly_spend=10.0, created_at=NOON, updated_at=NOON)
        house.raw.add("contacts", id=f"c{number}", role="user", created_at=NOON, updated_at=NOON)
        house.raw.add("contact_companies", contact_id=f"c{number}", company_id=f"k{number}")
        house.raw.add("conversation_contacts", conversation_id="1", contact_id=f"c{number}")
    rating = {"conversation_rating__rating": 1, "conversation_rating__contact__id": "c2"}
    house.raw.conversation("1", NOON, author=("user", "c1"), state="closed", **rating).replies(NOON + 1).closes(
        NOON + 2
    )
    yield
    columns = "company_id, count_ratings, health, health_reasons, spend_at_risk"
    assert house.answer("dim_companies", columns) == [
        ("k1", 1, "healthy", None, 0.0),
        ("k2", 1, "at_risk", "last rating 1", 10.0),
    ]


@built_together
def test_a_conversation_in_no_known_state_is_not_open(house):
    house.raw.add("companies", id="k1", created_at=NOON, updated_at=NOON)
    house.raw.add("contacts", id="c1", role="user", created_at=NOON, updated_at=NOON)
    house.raw.add("contact_companies", contact_id="c1", company_id="k1")
    house.raw.conversation("1", NOON, author=("user", "c1"), state="deferred", open=None)
    yield
    assert house.answer("dim_companies", "count_open_conversations, oldest_open_at") == [(0, None)]
    assert house.answer("dim_contacts", "count_open_conversations") == [(0,)]

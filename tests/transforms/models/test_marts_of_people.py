"""fct_teammate_weekly, dim_contacts and dim_companies: teammates, and the people they help."""

import datetime

import pytest

from tests.support.told_apart import told_apart

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC, in the week of Monday 29 April
NOW = 1_717_200_000  # Saturday 2024-06-01
HOUR, DAY = 3600, 86_400
WEEK = datetime.date(2024, 4, 29)
MODELS = "+fct_teammate_weekly +fct_conversation_tags +dim_contacts +dim_companies"


def weekly(house, columns, order="admin_id, week_start"):
    return house.answer("fct_teammate_weekly", columns, order)


@told_apart
def test_a_week_counts_what_the_teammate_did(house):
    house.raw.add("admins", id="a1", name="Ann")
    for team in ("t2", "t1"):
        house.raw.add("teams", id=team, name={"t1": "Billing", "t2": "Tech"}[team])
        house.raw.add("team_admins", team_id=team, admin_id="a1")
    story = house.raw.conversation("1", NOON, state="closed").assigns(NOON + 10, ("admin", "a1")).replies(NOON + 30)
    story.replies(NOON + 40).closes(NOON + 70, by=("admin", "a1"))
    house.raw.conversation("2", NOON).replies(NOON + 50).notes(NOON + 60)
    columns = (
        "admin_name, teams, week_start, count_replied_conversations, count_replies, count_closes, owned_seconds, "
        "median_handling_seconds, count_first_responses, median_first_response_seconds, reopen_rate, csat"
    )
    yield
    assert weekly(house, columns) == [("Ann", "Billing, Tech", WEEK, 2, 3, 1, 60, 60.0, 2, 40.0, 0.0, None)]


@told_apart
def test_owned_time_is_split_at_the_end_of_the_week(house):
    sunday_night = NOON + 4 * DAY + 12 * HOUR  # Monday 0:00
    story = house.raw.conversation("1", sunday_night - 100, state="closed").assigns(sunday_night - 60, ("admin", "a9"))
    story.closes(sunday_night + 40, by=("bot", "b1"))
    columns = "admin_name, week_start, owned_seconds"
    yield
    assert weekly(house, columns) == [(None, WEEK, 60), (None, WEEK + datetime.timedelta(7), 40)]


@told_apart
def test_time_after_now_is_not_owned(house):
    house.raw.conversation("1", NOW - 60).assigns(NOW - 50, ("admin", "a1"), by=("bot", "b1")).assigns(
        NOW + 100, ("admin", "a2"), by=("bot", "b1")
    )
    yield
    assert weekly(house, "admin_id, owned_seconds") == [("a1", 50), ("a2", 0)]


@told_apart
def test_the_reopen_rate_is_of_the_own_closes(house):
    story = (
        house.raw.conversation("1", NOON).closes(NOON + 1).asks(NOON + DAY).closes(NOON + DAY + 1, by=("admin", "a2"))
    )
    story.asks(NOON + DAY + 2 + 7 * DAY)
    house.raw.conversation("2", NOON, state="closed").closes(NOON + 1)
    yield
    assert weekly(house, "admin_id, reopen_rate") == [("a1", 0.5), ("a2", 0.0)]


@told_apart
def test_handovers_and_ratings_belong_to_the_week_in_which_they_happen(house):
    rating = {"conversation_rating__rating": 5, "conversation_rating__created_at": NOON + 8 * DAY}
    story = house.raw.conversation("1", NOON, state="closed", **rating).assigns(NOON + 1, ("admin", "a1"))
    story.assigns(NOON + 2, ("admin", "a2")).replies(NOON + 3, admin="a2").closes(NOON + 4, by=("admin", "a2"))
    columns = "admin_id, week_start, count_handovers_in, count_handovers_out, count_ratings, csat"
    yield
    assert weekly(house, columns) == [
        ("a1", WEEK, 0, 1, 0, None),
        ("a2", WEEK, 1, 0, 0, None),
        ("a2", WEEK + datetime.timedelta(7), 0, 0, 1, 1.0),
    ]


def person(house, contact_id, created_at=NOON, **values):
    house.raw.add("contacts", id=contact_id, role="user", created_at=created_at, updated_at=created_at, **values)


def health(house):
    return house.answer("dim_contacts", "contact_id, health, health_reasons")


@told_apart
def test_a_contact_is_at_risk_for_reasons_in_words(house):
    for name in ("angry", "happy", "keen", "waiting"):
        person(house, name)
    person(house, "new", NOW - 60)  # a minute ago
    person(house, "old", NOW - 99 * DAY)
    person(house, "silent", NOW - 91 * DAY)

    def writes(contact, number, at, **values):
        return house.raw.conversation(f"{contact}{number}", at, author=("user", contact), **values)

    rated = {"state": "closed", "conversation_rating__created_at": NOON + 20 * DAY}
    writes("angry", 1, NOON, **rated, conversation_rating__rating=2).replies(NOON + 1).closes(NOON + 2)
    rated["conversation_rating__created_at"] = NOON
    writes("angry", 2, NOON - 5, **rated, conversation_rating__rating=5).replies(NOON + 1).closes(NOON + 2)
    writes("happy", 1, NOON, **rated, conversation_rating__rating=3).replies(NOON + 1).closes(NOON + 2)
    for number in range(3):
        writes("keen", number, NOW - DAY - number).replies(NOW - 10)
    writes("old", 1, NOW - 91 * DAY, state="closed").closes(NOW)
    writes("waiting", 1, NOW - 4 * DAY)  # from Tuesday on: two business days and some hours
    yield
    assert health(house) == [
        ("angry", "at_risk", "last rating 2"),
        ("happy", "healthy", None),
        ("keen", "at_risk", "3 conversations in 7 days"),
        ("new", "healthy", None),
        ("old", "quiet", "no conversation in 90 days"),
        ("silent", "quiet", "no conversation in 90 days"),
        ("waiting", "at_risk", "waiting for more than 8 business hours"),
    ]


@told_apart
def test_what_was_sent_and_not_answered_puts_nobody_at_risk(house):
    """Three messages each: one of the second contact's was answered, all of the third's."""
    house.raw.add("companies", id="k1", name="Acme", monthly_spend=80.0, created_at=NOON, updated_at=NOON)
    for answers, name in ((0, "c0"), (1, "c1"), (3, "c3")):
        person(house, name)
        for number in range(3):
            sent = house.raw.conversation(f"{name}{number}", NOW - DAY, author=("admin", "a1"))
            house.raw.add("conversation_contacts", conversation_id=f"{name}{number}", contact_id=name)
            if number < answers:
                sent.asks(NOW - 9, name).replies(NOW - 5)
    house.raw.add("contact_companies", contact_id="c0", company_id="k1")
    yield
    assert health(house) == [
        ("c0", "healthy", None),
        ("c1", "healthy", None),
        ("c3", "at_risk", "3 conversations in 7 days"),
    ]
    assert house.answer("dim_companies", "count_contact_conversations, health, spend_at_risk") == [(3, "healthy", 0.0)]


@told_apart
def test_both_contacts_of_a_conversation_have_it_and_a_deleted_contact_is_gone(house):
    for name in ("c1", "c2", "c3"):
        person(house, name)
    house.raw.add("deleted_records", entity="contacts", id="c3", reason="merged", merged_into_id="c1", noticed_at=NOON)
    house.raw.conversation("1", NOON, author=("user", "c1"))
    for name in ("c1", "c2", "c3"):
        house.raw.add("conversation_contacts", conversation_id="1", contact_id=name)
    columns = "contact_id, count_conversations, count_open_conversations"
    yield
    assert house.answer("dim_contacts", columns) == [("c1", 1, 1), ("c2", 1, 1)]


@told_apart
def test_a_rating_is_of_the_contact_who_gave_it(house):
    """In the first conversation that is c2, merged into c3 since; Intercom does not say it of the second one."""
    for name in ("c1", "c2", "c3", "c4"):
        person(house, name)
    house.raw.add("deleted_records", entity="contacts", id="c2", reason="merged", merged_into_id="c3", noticed_at=NOON)
    rating = {"conversation_rating__rating": 1, "conversation_rating__created_at": NOON + 5}
    house.raw.conversation("1", NOON, author=("user", "c1"), conversation_rating__contact__id="c2", **rating)
    house.raw.conversation("2", NOON - 9, author=("user", "c4"), conversation_rating__contact__id="c8", **rating)
    for number, name in (("1", "c1"), ("1", "c2"), ("2", "c1"), ("2", "c4")):
        house.raw.add("conversation_contacts", conversation_id=number, contact_id=name)
    house.raw.conversation(
        "3", NOON, author=("user", "c1"), conversation_rating__rating=5, conversation_rating__created_at=NOON + 6
    )
    yield
    columns = "contact_id, last_rating"
    assert house.answer("dim_contacts", columns) == [("c1", 5), ("c3", 1), ("c4", 1)]


@told_apart
def test_a_company_counts_each_conversation_once(house):
    house.raw.add(
        "companies", id="k1", name="Acme", monthly_spend=80.5, user_count=50, created_at=NOON, updated_at=NOON
    )
    old = NOW - 91 * DAY
    house.raw.add("companies", id="k2", name="Quiet", monthly_spend=9.0, user_count=4, created_at=old, updated_at=old)
    for name in ("c1", "c2"):
        person(house, name)
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
    yield
    assert house.answer("dim_companies", columns, "name") == [
        ("Acme", 2, 3, pytest.approx(6.0), 0.0, 0.5, 2, "at_risk", 80.5),
        ("Quiet", 0, 0, 0.0, None, None, 0, "quiet", 0.0),
    ]


@told_apart
def test_conversations_of_a_merged_contact_count_for_the_one_it_became(house):
    """c1 became c2, which became c3; c4 is another, and takes part in a conversation that c1 began."""
    for contact in ("c3", "c4"):
        house.raw.add("contacts", id=contact, role="user", created_at=NOON, updated_at=NOON)
        house.raw.add("contact_companies", contact_id=contact, company_id=f"k{contact}")
    for contact, survivor in (("c1", "c2"), ("c2", "c3")):
        house.raw.add("contacts", id=contact, role="lead", created_at=NOON, updated_at=NOON)
        house.raw.add(
            "deleted_records", entity="contacts", id=contact, reason="merged", merged_into_id=survivor, noticed_at=NOON
        )
    house.raw.add("deleted_records", entity="contacts", id="c9", reason="deleted", noticed_at=NOON)
    for number, contact in enumerate(("c1", "c2", "c3", "c4", "c9")):
        house.raw.conversation(str(number), NOW - DAY, author=("user", contact))
        house.raw.add("conversation_contacts", conversation_id=str(number), contact_id=contact)
    house.raw.add("conversation_contacts", conversation_id="0", contact_id="c3")
    house.raw.add("conversation_contacts", conversation_id="0", contact_id="c4")
    yield
    assert house.answer("dim_contacts", "contact_id, count_conversations") == [("c3", 3), ("c4", 2)]
    found = house.answer("fct_conversations", "conversation_id, contact_id, company_id")
    assert found == [
        ("0", "c3", "kc3"),
        ("1", "c3", "kc3"),
        ("2", "c3", "kc3"),
        ("3", "c4", "kc4"),
        ("4", "c9", None),
    ]


@told_apart
def test_the_first_responses_of_teammates_are_those_of_the_conversations(house):
    """Inbound only, in the week of the reply, and none that was closed before."""
    week_later = NOON + 7 * DAY
    house.raw.conversation("1", NOON).replies(NOON + 30).asks(NOON + 40).replies(NOON + 1040, admin="a2")
    house.raw.conversation("2", NOON).replies(week_later)
    house.raw.conversation("3", NOON, author=("admin", "a1")).asks(NOON + 5).replies(NOON + 6)
    house.raw.conversation("4", NOON).closes(NOON + 1).asks(NOON + 2).replies(NOON + 3)
    columns = "admin_id, week_start, count_replied_conversations, count_first_responses, median_first_response_seconds"
    yield
    assert weekly(house, columns) == [
        ("a1", WEEK, 3, 1, 30.0),
        ("a1", WEEK + datetime.timedelta(7), 1, 1, 7.0 * DAY),
        ("a2", WEEK, 1, 0, None),
    ]


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


def test_tags_are_counted_by_week_against_the_four_weeks_before(house):
    """One a week has 'bug', then three of four; the calendar begins with a ticket, long before."""
    house.raw.add("tags", id="7", name="bug")
    house.raw.add("tickets", id="9", ticket_state="submitted", created_at=NOON - 400 * DAY, updated_at=NOON)
    for week in range(5):
        for number in range(1 if week < 4 else 4):
            conversation_id = f"{week}{number}"
            house.raw.conversation(conversation_id, NOON + 7 * week * DAY)
            if number < 3 and week != 1:
                at = {"applied_at": NOON + 9, "applied_by__type": "admin", "applied_by__id": "a1"}
                house.raw.add("conversation_tags", conversation_id=conversation_id, tag_id="7", name="old", **at)
    columns = "week_start, tag_name, count_conversations, count_all_conversations, share, change_to_4_weeks_before"
    weeks = [WEEK + datetime.timedelta(7 * week) for week in range(5)]
    assert house.answer("fct_tags_weekly", columns) == [
        (weeks[0], "bug", 1, 1, 1.0, None),
        (weeks[1], "bug", 0, 1, 0.0, None),
        (weeks[2], "bug", 1, 1, 1.0, None),
        (weeks[3], "bug", 1, 1, 1.0, None),
        (weeks[4], "bug", 3, 4, 0.75, 2.25),
    ]
    columns = "conversation_id, tag_name, applied_by_admin_id, created_week"
    assert house.rows("fct_conversation_tags", columns)[0] == ("00", "bug", "a1", weeks[0])


@told_apart
def test_a_tag_is_put_on_by_a_teammate_or_nobody_known(house):
    """Ids of others stand in no teammate's column; without a type it is a teammate's (so the API reference)."""
    house.raw.conversation("1", NOON).bot_replies(NOON + 1)
    house.raw.add("admins", id="a1", name="Ann")
    people = [
        ("admin", "a1"),
        ("admin", "b1"),
        ("bot", "b9"),
        ("user", "c1"),
        ("user", "a1"),
        (None, "a1"),
        (None, None),
    ]
    for number, (kind, who) in enumerate(people):
        tagging = {"applied_by__type": kind, "applied_by__id": who}
        house.raw.add("conversation_tags", conversation_id="1", tag_id=str(number), name="tag", **tagging)
    yield
    assert house.answer("fct_conversation_tags", "tag_id, applied_by_admin_id, applied_by_name") == [
        ("0", "a1", "Ann"),
        *((number, None, None) for number in "1234"),
        ("5", "a1", "Ann"),
        ("6", None, None),
    ]

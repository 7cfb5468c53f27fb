"""fct_conversations: whose a conversation is, how it began and who took part."""

import datetime

from tests.support.warehouse.built_together import built_together
from tests.support.warehouse.conversation_facts import fact, facts
from transforms.seeds.settings import parse_settings

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
MODELS = "+fct_conversations"


@built_together
def test_a_greeted_conversation_is_inbound_when_the_customer_wrote(house):
    """And the first response counts from what the customer wrote, as in Intercom."""
    bot, admin = ("bot", "b1"), ("admin", "a1")
    workflow = {"author": bot, "source__delivered_as": "operator_initiated"}
    house.raw.conversation("1", NOON, **workflow).asks(NOON + 100).bot_replies(NOON + 101).replies(NOON + 160)
    house.raw.conversation("2", NOON, **workflow | {"source__delivered_as": "automated"})
    house.raw.conversation("3", NOON, author=admin).asks(NOON + 100).replies(NOON + 160)
    house.raw.conversation("4", NOON, author=admin)
    house.raw.conversation("5", NOON, author=admin, source__delivered_as="campaigns_initiated").asks(NOON + 7)
    house.raw.conversation("6", NOON, ticket={"type": "ticket", "id": "t6"}).replies(NOON + 7)
    # a Series is sent by a teammate, and delivered as a workflow's message
    senders = (admin, bot, ("admin", "b1"), ("", None), ("admin", None), ("team", "t1"), ("user", "u1"))
    for number, author in enumerate(senders, 61):
        house.raw.conversation(str(number), NOON, author=author, source__delivered_as="automated").asks(NOON + 7)
    house.raw.conversation("7", NOON, **workflow).replies(NOON + 5).asks(NOON + 10).replies(NOON + 60)
    columns = "direction, asked_at_epoch - created_at_epoch, first_response_seconds, count_replies"
    yield
    assert [one for one in facts(house, "ticket_id") if one[1] is not None] == [("6", "t6")]
    assert facts(house, columns) == [
        ("1", "inbound", 100, 60, 1),
        ("2", "outbound", None, None, 0),
        ("3", "outbound_replied", 100, None, 1),
        ("4", "outbound", None, None, 0),
        ("5", "outbound_replied", 7, None, 0),
        ("6", "inbound", 0, 7, 1),
        ("61", "outbound_replied", 7, None, 0),
        ("62", "inbound", 7, None, 0),
        ("63", "inbound", 7, None, 0),
        ("64", "inbound", 7, None, 0),
        ("65", "outbound_replied", 7, None, 0),
        ("66", "outbound_replied", 7, None, 0),
        ("67", "inbound", 0, None, 0),
        ("7", "inbound", 10, 50, 2),
    ]


@built_together
def test_an_outbound_conversation_has_no_first_response(house):
    house.raw.conversation("1", NOON, author=("admin", "a1")).asks(NOON + 5).replies(NOON + 9)
    yield
    assert fact(house, "is_customer_initiated, first_response_seconds, count_replies, count_turns") == (
        False,
        None,
        1,
        1,
    )


@built_together
def test_a_customers_answer_to_a_campaign_is_not_customer_initiated(house):
    house.raw.conversation("1", NOON, source__delivered_as="campaigns_initiated")
    yield
    assert fact(house, "is_customer_initiated") == (False,)


@built_together
def test_the_contact_is_the_author_else_the_first_contact(house):
    house.raw.conversation("1", NOON, author=("lead", "c9"))
    house.raw.conversation("2", NOON, author=("admin", "a1"))
    house.raw.conversation("3", NOON, author=("bot", "b1"))
    for conversation_id, contact_id in [("1", "c1"), ("1", "c9"), ("2", "c5"), ("2", "c4")]:
        house.raw.add("conversation_contacts", conversation_id=conversation_id, contact_id=contact_id)
    yield
    assert facts(house, "contact_id") == [("1", "c9"), ("2", "c4"), ("3", None)]


@built_together
def test_the_company_is_the_contacts_only_one(house):
    house.raw.conversation("1", NOON, author=("user", "c1"))
    house.raw.conversation("2", NOON, author=("user", "c2"))
    for contact_id, company_id in [("c1", "x"), ("c1", "gone"), ("c2", "x"), ("c2", "y")]:
        house.raw.add("contact_companies", contact_id=contact_id, company_id=company_id)
    house.raw.add("deleted_records", entity="companies", id="gone", reason="deleted", noticed_at=NOON)
    yield
    assert facts(house, "company_id") == [("1", "x"), ("2", None)]


@built_together
def test_tags_are_listed_by_name(house):
    house.raw.conversation("1", NOON)
    for tag_id, name in [("3", "refund"), ("2", "billing"), ("1", "vip")]:
        house.raw.add("conversation_tags", conversation_id="1", tag_id=tag_id, name=name)
    yield
    assert fact(house, "tags") == ("billing, refund, vip",)


@built_together
def test_a_renamed_tag_has_its_new_name_on_every_conversation(house):
    """Conversations keep the name that was true when they were read; a rename does not move them."""
    house.raw.add("tags", id="1", name="customer")
    for number, name in enumerate(("client", "customer")):
        house.raw.conversation(str(number), NOON)
        house.raw.add("conversation_tags", conversation_id=str(number), tag_id="1", name=name)
        house.raw.add("conversation_tags", conversation_id=str(number), tag_id="gone", name="vip")
    yield
    assert facts(house, "tags") == [("0", "customer, vip"), ("1", "customer, vip")]


@built_together
def test_empty_words_and_the_assignee_zero_are_null(house):
    house.raw.conversation("1", NOON, title="", source__type="", priority="", admin_assignee_id="0")
    yield
    assert fact(house, "title, channel, priority, admin_assignee_id") == (None, "unknown", None, None)


def test_day_and_hour_are_those_of_the_workspace(house):
    house.raw.add("workspace", id_code="w", timezone="Pacific/Auckland")  # UTC+12 in May
    house.raw.conversation("1", NOON + 1799)
    house.raw.conversation("2", NOON - 1)
    assert facts(house, "created_on, created_hour, created_weekday") == [
        ("1", datetime.date(2024, 5, 2), 0, 4),
        ("2", datetime.date(2024, 5, 1), 23, 3),
    ]


@built_together
def test_a_bot_deflects_when_no_teammate_was_needed(house):
    def told(conversation_id, **values):
        story = house.raw.conversation(conversation_id, NOON, state="closed", **values)
        return story.bot_replies(NOON + 1, name="Fin")

    bot = ("bot", "b1")
    told("1").closes(NOON + 9, by=bot)
    told("2").assigns(NOON + 2, ("admin", "a1"), by=bot).assigns(NOON + 3, ("nobody_admin", None)).closes(
        NOON + 9, by=bot
    )
    told("3").assigns(NOON + 2, ("team", "t1"), by=bot).closes(NOON + 9, by=("user", "u1"))
    told("4").replies(NOON + 5).closes(NOON + 9, by=bot)
    told("5", admin_assignee_id="a1").closes(NOON + 9, by=bot)
    told("6").closes(NOON + 9)  # by a teammate, without a word
    told("7")  # nobody knows by whom
    house.raw.conversation("8", NOON, author=bot, source__delivered_as="operator_initiated").asks(NOON + 1).closes(
        NOON + 9, by=bot
    )  # greeted, but not answered
    yield
    assert facts(house, "is_deflected_by_bot, has_fin") == [
        ("1", True, True),
        ("2", False, True),
        ("3", True, True),
        ("4", False, True),
        ("5", False, True),
        ("6", False, True),
        ("7", False, True),
        ("8", False, False),
    ]


def test_of_a_conversation_with_missing_parts_nothing_is_invented(house):
    """700 parts of which 500 are there: figures are Intercom's own, or NULL. 4 was closed once, by a7 therefore."""
    statistics = {
        "statistics__count_conversation_parts": 701,
        "statistics__first_contact_reply_at": NOON,
        "statistics__first_admin_reply_at": NOON + 90,
        "statistics__first_close_at": NOON + 300,
        "statistics__last_close_at": NOON + 9000,
        "statistics__last_closed_by_id": "a7",
        "statistics__count_reopens": 4,
        "statistics__count_assignments": 3,
    }
    for conversation_id, first_close in (("1", {}), ("4", {"statistics__first_close_at": NOON + 9000})):
        facts_then = {"state": "closed", "conversation_parts__total_count": 500} | statistics | first_close
        story = house.raw.conversation(conversation_id, NOON, **facts_then)
        for number in range(500):  # the older 200 are not shown any more
            story.part("comment" if number % 2 else "note", NOON + 1000 + number, ("admin", "a1"), "<p>text</p>")
    house.raw.conversation("2", NOON, conversation_parts__total_count=2).replies(NOON + 60)  # one was not loaded
    house.raw.conversation("3", NOON, conversation_parts__total_count=1).replies(NOON + 60)
    columns = (
        "has_all_parts, first_response_seconds, first_response_business_seconds, was_closed_before_first_reply, "
        "last_close_seconds, resolution_seconds, count_reopens, count_assignments, last_closed_by_admin_id, "
        "count_replies, count_turns, handling_seconds, is_one_touch, is_deflected_by_bot"
    )
    missing = (None,) * 5
    assert facts(house, columns) == [
        ("1", False, 90, 90, False, 9000, 9000, 4, 3, None, *missing),
        ("2", False, *(None,) * 8, *missing),
        ("3", True, 60, 60, False, None, None, 0, 0, None, 1, 1, None, False, False),
        ("4", False, 90, 90, False, 9000, 9000, 4, 3, "a7", *missing),
    ]
    assert house.answer("fct_support_daily", "median_first_response_seconds") == [(90.0,)]
    assert house.rows("int_turns", "conversation_id") == [("3",)]


@built_together
def test_who_waits_where_parts_are_missing(house):
    """Of more than 500 parts the newest are there, and the last message if one is among them; else Intercom says it.

    A closed conversation waits for nobody, nor does one that is said to wait since a year thousands of years ahead.
    """
    since, ahead = {"waiting_since": NOON}, {"waiting_since": 253_402_300_799}
    few, many = {"conversation_parts__total_count": 9}, {"conversation_parts__total_count": 700}
    house.raw.conversation("1", NOON, **few | since).replies(NOON + 1)
    house.raw.conversation("2", NOON, **few | ahead).replies(NOON + 1)
    house.raw.conversation("3", NOON, **few | since, state="closed").closes(NOON + 1)
    house.raw.conversation("4", NOON, **many).asks(NOON + 1)
    house.raw.conversation("5", NOON, **many | since).replies(NOON + 1)
    house.raw.conversation("6", NOON, **many).notes(NOON + 1)
    house.raw.conversation("7", NOON, **many | since).notes(NOON + 1)
    yield
    assert facts(house, "is_waiting_on_us, cast(epoch(waiting_since) as bigint)") == [
        ("1", True, NOON),
        ("2", False, None),
        ("3", False, None),
        ("4", True, None),
        ("5", False, None),
        ("6", False, None),
        ("7", True, NOON),
    ]


def test_how_long_a_customer_waits_where_parts_are_missing_is_what_intercom_says(house):
    """As with the customer's message; but nobody knows whose hours count where a team has its own."""
    missing = {"conversation_parts__total_count": 9, "waiting_since": NOON + 60}
    house.raw.add("contacts", id="u1", created_at=NOON, updated_at=NOON)
    house.raw.conversation("1", NOON, **missing).replies(NOON + 1)
    house.raw.conversation("2", NOON + 60)
    house.raw.conversation("3", NOON, **missing, state="closed").closes(NOON + 1)
    house.raw.conversation("4", NOON, **missing | {"waiting_since": NOW + 60}).replies(NOON + 1)
    waits = "conversation_id, waiting_business_seconds"
    found = dict(house.answer("fct_conversations", waits))
    assert found == {"1": found["2"], "2": found["2"], "3": None, "4": None}
    assert house.answer("dim_contacts", "longest_wait_business_seconds, health_reasons") == [
        (found["1"], "waiting for more than 8 business hours")
    ]
    own_hours = parse_settings({"schedules": {"own": {"teams": ["t1"], "monday": ["09:00-17:00"]}}})
    assert dict(house.answer("fct_conversations", waits, settings=own_hours))["1"] is None


@built_together
def test_whether_fin_took_part_is_not_known_where_parts_are_missing(house):
    """Unless one that is there is Fin's, or Intercom says it."""
    missing = {"conversation_parts__total_count": 700}
    house.raw.conversation("1", NOON, **missing).replies(NOON + 1)
    house.raw.conversation("2", NOON, **missing).bot_replies(NOON + 1, name="Fin")
    house.raw.conversation("3", NOON, ai_agent_participated=True, **missing)
    house.raw.conversation("4", NOON, ai_agent_participated=False, **missing)
    house.raw.conversation("5", NOON)
    yield
    assert facts(house, "has_fin") == [("1", None), ("2", True), ("3", True), ("4", False), ("5", False)]


@built_together
def test_an_id_of_0_is_nobodys(house):
    closed = {"statistics__last_close_at": NOON + 900, "statistics__last_closed_by_id": "0"}
    house.raw.conversation("1", NOON, state="closed", **closed).bot_replies(NOON + 60)
    yield
    assert fact(house, "last_closed_by_role, last_closed_by_admin_id") == ("unknown", None)


@built_together
def test_who_closed_last_is_the_author_of_the_last_close(house):
    """Where parts are missing, the teammate whom Intercom names is that of the last close by one, loaded or not.

    5 was closed more than once: by whom the last time, nobody says.
    """
    stated = {"state": "closed", "statistics__last_close_at": NOON + 900, "statistics__last_closed_by_id": "a1"}
    for number in "12345":
        stated["statistics__first_close_at"] = NOON + (900 if number == "4" else 100)
        story = house.raw.conversation(number, NOON, conversation_parts__total_count=9, **stated)
        if number in "12":
            story.closes(NOON + 900, by=("bot", "b1") if number == "1" else ("admin", "a2"))
        elif number == "3":
            story.closes(NOON + 100).asks(NOON + 200)
    yield
    assert facts(house, "last_closed_by_role, last_closed_by_admin_id") == [
        ("1", "bot", None),
        ("2", "teammate", "a2"),
        ("3", "unknown", None),
        ("4", "teammate", "a1"),
        ("5", "unknown", None),
    ]


def test_names_stand_beside_ids_also_of_those_who_have_left(house):
    house.raw.add("workspace", id_code="w9", timezone="UTC", region="EU")
    house.raw.add("admins", id="a1", name="Ann")
    house.raw.add("teams", id="t1", name="Billing")
    house.raw.add("contacts", id="c1", name="Cleo", email="c@x.io", created_at=NOON, updated_at=NOON)
    house.raw.add("contact_companies", contact_id="c1", company_id="k1")
    house.raw.add("companies", id="k1", name="Acme", created_at=NOON, updated_at=NOON)
    story = house.raw.conversation("1", NOON, author=("user", "c1"), team_assignee_id="t1")
    story.replies(NOON + 1, admin="gone", author__name="Guy").assigns(NOON + 2, ("admin", "a1")).closes(
        NOON + 3, by=("admin", "gone"), author__name="Guy"
    )
    author = {"source__author__name": "Dora", "source__author__email": "d@x.io"}
    house.raw.conversation("2", NOON, author=("user", "deleted"), admin_assignee_id="gone", **author)
    columns = (
        "contact_name, contact_email, company_name, assignee_name, team_name, first_reply_admin_name, "
        "last_closed_by_name, conversation_url"
    )
    url = "https://app.eu.intercom.com/a/inbox/w9/inbox/conversation/"
    assert facts(house, columns) == [
        ("1", "Cleo", "c@x.io", "Acme", "Ann", "Billing", "Guy", "Guy", f"{url}1"),
        ("2", "Dora", "d@x.io", None, "Guy", None, None, None, f"{url}2"),
    ]


@built_together
def test_who_was_merged_into_a_contact_that_is_gone_keeps_the_name_of_the_opening_message(house):
    """In the second conversation that is another one's name; the third is of no customer's message."""
    house.raw.add("contacts", id="c5", name="Eve", created_at=NOON, updated_at=NOON)
    for contact, reason, survivor in (("c1", "merged", "c2"), ("c2", "deleted", None), ("c4", "merged", "c5")):
        gone = {"id": contact, "reason": reason, "merged_into_id": survivor}
        house.raw.add("deleted_records", entity="contacts", noticed_at=NOON, **gone)
    author = {"source__author__name": "Dora", "source__author__email": "d@x.io"}
    house.raw.conversation("1", NOON, author=("lead", "c1"), **author)
    house.raw.conversation("2", NOON, author=("lead", "c4"), **author)
    house.raw.conversation("3", NOON, author=("admin", "a1"), **author)
    house.raw.add("conversation_contacts", conversation_id="3", contact_id="c1")
    yield
    assert facts(house, "contact_id, contact_name, contact_email") == [
        ("1", "c2", "Dora", "d@x.io"),
        ("2", "c5", "Eve", "d@x.io"),
        ("3", "c2", None, None),
    ]


@built_together
def test_what_a_teammate_wrote_before_the_customer_did_is_no_answer(house):
    """As Intercom counts: after the customer's first message. Such a reply is still one of the conversation's."""
    begun = {"author": ("admin", "a1"), "source__delivered_as": "admin_initiated"}
    house.raw.conversation("1", NOON, **begun).replies(NOON + 10).asks(NOON + 20).closes(NOON + 30)
    story = house.raw.conversation("2", NOON, **begun).replies(NOON + 10).asks(NOON + 20).replies(NOON + 25)
    story.closes(NOON + 30)
    house.raw.conversation("3", NOON, **begun).replies(NOON + 10).closes(NOON + 30)
    at = datetime.datetime.fromtimestamp(NOON + 25, datetime.UTC)
    columns = "last_reply_at, count_replies, is_one_touch, is_rateable"
    yield
    assert facts(house, columns) == [
        ("1", None, 1, False, False),
        ("2", at, 2, True, True),
        ("3", None, 1, False, False),
    ]

"""fct_conversations: what a support manager asks of one conversation."""

import datetime

from tests.support.told_apart import told_apart

NOON = 1_714_564_800  # 2024-05-01 12:00 UTC
DAY = 86_400
NOW = 1_717_200_000  # when it is built
MODELS = "+fct_conversations +compat_conversations"


def facts(house, columns):
    return house.answer("fct_conversations", f"conversation_id, {columns}", "conversation_id")


def fact(house, columns):
    (row,) = facts(house, columns)
    return row[1:]


@told_apart
def test_durations_count_from_the_opening_message(house):
    story = house.raw.conversation("1", NOON, state="closed").replies(NOON + 60).closes(NOON + 100)
    story.asks(NOON + 200).replies(NOON + 250).closes(NOON + 300)
    columns = "first_response_seconds, first_close_seconds, last_close_seconds, resolution_seconds"
    yield
    assert fact(house, columns) == (60, 100, 300, 300)


@told_apart
def test_business_durations_leave_out_the_weekend(house):
    friday = NOON + 2 * DAY
    story = house.raw.conversation("1", friday, state="closed")
    story.replies(friday + 3 * DAY + 60).closes(friday + 4 * DAY)
    columns = "first_response_seconds, first_response_business_seconds, resolution_business_seconds"
    yield
    assert fact(house, columns) == (3 * DAY + 60, 8 * 3600 + 60, 2 * 8 * 3600)


@told_apart
def test_handling_is_the_open_time_of_all_teammates_and_handovers_are_between_two(house):
    story = house.raw.conversation("1", NOON, state="closed").assigns(NOON + 10, ("admin", "a1"))
    story.assigns(NOON + 30, ("admin", "a2")).assigns(NOON + 40, ("nobody_admin", None))
    story.assigns(NOON + 50, ("team", "t1")).assigns(NOON + 60, ("team", "t2")).assigns(NOON + 70, ("admin", "a1"))
    story.closes(NOON + 100)
    house.raw.conversation("2", NOON)
    yield
    assert facts(house, "handling_seconds, count_handovers") == [("1", 20 + 10 + 30, 2), ("2", None, 0)]


@told_apart
def test_handling_is_counted_once_the_conversation_was_closed(house):
    """Then it goes on where the conversation is opened again; who closes it unassigned leaves 0."""
    house.raw.conversation("1", NOON).assigns(NOON + 10, ("admin", "a1")).replies(NOON + 40)
    house.raw.conversation("2", NOON).assigns(NOON + 10, ("admin", "a1")).closes(NOON + 40)
    house.raw.conversation("3", NOW - 100).assigns(NOW - 90, ("admin", "a1")).closes(NOW - 60).asks(NOW - 20)
    house.raw.conversation("4", NOON).closes(NOON + 40)
    yield
    assert facts(house, "handling_seconds") == [("1", None), ("2", 30), ("3", 30 + 20), ("4", 0)]


@told_apart
def test_close_times_count_from_the_first_customer_message(house):
    """What was closed before the customer wrote is no close of what the customer asked."""
    workflow = {"author": ("bot", "b1"), "source__delivered_as": "operator_initiated"}
    story = house.raw.conversation("1", NOON, **workflow).closes(NOON + 50).asks(NOON + 100)
    story.closes(NOON + 400).asks(NOON + 500).closes(NOON + 900)
    house.raw.conversation("2", NOON, author=("admin", "a1")).closes(NOON + 50)
    house.raw.conversation("3", NOON, author=("admin", "a1")).asks(NOON + 7).closes(NOON + 50)
    house.raw.conversation("4", NOON, **workflow).asks(NOON + 100).closes(NOON + 400).asks(NOON + 500)
    columns = (
        "first_close_at = created_at + interval 50 second, first_close_seconds, last_close_seconds, "
        "resolution_seconds, resolution_business_seconds"
    )
    yield
    assert facts(house, columns) == [
        ("1", True, 300, 800, 800, 800),
        ("2", True, None, None, None, None),
        ("3", True, 43, 43, 43, 43),
        ("4", False, 300, 300, None, None),
    ]


@told_apart
def test_business_seconds_to_the_close_leave_out_what_passed_before_the_customer_wrote(house):
    """A campaign on Friday noon; the customer answers on Monday at 10 and is helped until 11:30."""
    friday, monday = NOON + 2 * DAY, NOON + 5 * DAY - 2 * 3600
    story = house.raw.conversation("1", friday, author=("admin", "a1"), source__delivered_as="campaigns_initiated")
    story.asks(monday).closes(monday + 5_400)
    yield
    assert fact(house, "resolution_seconds, resolution_business_seconds") == (5_400, 5_400)


@told_apart
def test_reassignments_come_after_the_first_reply(house):
    """To whomever; what is assigned with the reply itself, or before the customer wrote, is none."""
    ann, bob, team = ("admin", "a1"), ("admin", "a2"), ("team", "t1")
    story = house.raw.conversation("1", NOON).assigns(NOON + 10, ann).replies(NOON + 20).assigns(NOON + 30, bob)
    story.replies(NOON + 40).assigns(NOON + 50, team).assigns(NOON + 60, ("nobody_admin", None))
    house.raw.conversation("2", NOON).assigns(NOON + 10, ann).assigns(NOON + 15, bob)
    house.raw.conversation("3", NOON).assigns(NOON + 10, ann, body="<p>for you</p>").assigns(NOON + 10, bob)
    house.raw.conversation("4", NOON, author=ann).replies(NOON + 2).assigns(NOON + 3, bob).asks(NOON + 9).replies(
        NOON + 12
    )
    house.raw.conversation("5", NOON, author=ann).replies(NOON + 2).assigns(NOON + 3, bob)
    house.raw.conversation("6", NOON).replies(NOON + 20).closes(NOON + 30).part(
        "assign_and_reopen", NOON + 40, ann, to=bob
    )
    yield
    assert facts(house, "count_assignments, count_reassignments") == [
        ("1", 4, 3),
        ("2", 2, 0),
        ("3", 2, 1),
        ("4", 1, 0),
        ("5", 1, None),
        ("6", 1, 1),
    ]


@told_apart
def test_from_an_assignment_to_the_close(house):
    """To a teammate, before the last close; one who had it before the customer wrote had it from then on."""
    ann, bob, team, bot = ("admin", "a1"), ("admin", "a2"), ("team", "t1"), ("bot", "b1")
    story = house.raw.conversation("1", NOON).assigns(NOON + 5, team).assigns(NOON + 10, ann).assigns(NOON + 60, bob)
    story.closes(NOON + 100).asks(NOON + 200).closes(NOON + 300).assigns(NOON + 400, ann)
    house.raw.conversation("2", NOON).assigns(NOON + 5, team).closes(NOON + 100)
    house.raw.conversation("3", NOON).assigns(NOON + 10, ann)
    workflow = {"author": bot, "source__delivered_as": "operator_initiated"}
    house.raw.conversation("4", NOON, **workflow).assigns(NOON + 10, ann).asks(NOON + 30).closes(NOON + 100)
    house.raw.conversation("5", NOON, admin_assignee_id="a1").closes(NOON + 100)
    house.raw.conversation("6", NOON).closes(NOON + 100).assigns(NOON + 110, ann)
    house.raw.conversation("7", NOON, author=ann).assigns(NOON + 10, ann).closes(NOON + 100)
    columns = "last_close_seconds, first_assignment_to_close_seconds, last_assignment_to_close_seconds"
    yield
    assert facts(house, columns) == [
        ("1", 300, 290, 240),
        ("2", 100, None, None),
        ("3", None, None, None),
        ("4", 70, 70, 70),
        ("5", 100, 100, 100),
        ("6", 100, None, None),
        ("7", None, None, None),
    ]


@told_apart
def test_an_open_conversation_is_not_resolved(house):
    house.raw.conversation("1", NOON).closes(NOON + 100).asks(NOON + 200)
    yield
    assert fact(house, "first_close_seconds, resolution_seconds, count_reopens, is_closed") == (100, None, 1, False)


@told_apart
def test_an_outbound_conversation_has_no_first_response(house):
    house.raw.conversation("1", NOON, author=("admin", "a1")).asks(NOON + 5).replies(NOON + 9)
    yield
    assert fact(house, "is_customer_initiated, first_response_seconds, count_replies, count_turns") == (
        False,
        None,
        1,
        1,
    )


@told_apart
def test_a_customers_answer_to_a_campaign_is_not_customer_initiated(house):
    house.raw.conversation("1", NOON, source__delivered_as="campaigns_initiated")
    yield
    assert fact(house, "is_customer_initiated") == (False,)


@told_apart
def test_the_contact_is_the_author_else_the_first_contact(house):
    house.raw.conversation("1", NOON, author=("lead", "c9"))
    house.raw.conversation("2", NOON, author=("admin", "a1"))
    house.raw.conversation("3", NOON, author=("bot", "b1"))
    for conversation_id, contact_id in [("1", "c1"), ("1", "c9"), ("2", "c5"), ("2", "c4")]:
        house.raw.add("conversation_contacts", conversation_id=conversation_id, contact_id=contact_id)
    yield
    assert facts(house, "contact_id") == [("1", "c9"), ("2", "c4"), ("3", None)]


@told_apart
def test_the_company_is_the_contacts_only_one(house):
    house.raw.conversation("1", NOON, author=("user", "c1"))
    house.raw.conversation("2", NOON, author=("user", "c2"))
    for contact_id, company_id in [("c1", "x"), ("c1", "gone"), ("c2", "x"), ("c2", "y")]:
        house.raw.add("contact_companies", contact_id=contact_id, company_id=company_id)
    house.raw.add("deleted_records", entity="companies", id="gone", reason="deleted", noticed_at=NOON)
    yield
    assert facts(house, "company_id") == [("1", "x"), ("2", None)]


@told_apart
def test_tags_are_listed_by_name(house):
    house.raw.conversation("1", NOON)
    for tag_id, name in [("3", "refund"), ("2", "billing"), ("1", "vip")]:
        house.raw.add("conversation_tags", conversation_id="1", tag_id=tag_id, name=name)
    yield
    assert fact(house, "tags") == ("billing, refund, vip",)


@told_apart
def test_a_renamed_tag_has_its_new_name_on_every_conversation(house):
    """Conversations keep the name that was true when they were read; a rename does not move them."""
    house.raw.add("tags", id="1", name="customer")
    for number, name in enumerate(("client", "customer")):
        house.raw.conversation(str(number), NOON)
        house.raw.add("conversation_tags", conversation_id=str(number), tag_id="1", name=name)
        house.raw.add("conversation_tags", conversation_id=str(number), tag_id="gone", name="vip")
    yield
    assert facts(house, "tags") == [("0", "customer, vip"), ("1", "customer, vip")]


@told_apart
def test_empty_words_and_the_assignee_zero_are_null(house):
    house.raw.conversation("1", NOON, title="", source__type="", priority="", admin_assignee_id="0")
    yield
    assert fact(house, "title, channel, priority, admin_assignee_id") == (None, "unknown", None, None)


def test_day_and_hour_are_the_workspaces(house):
    house.raw.add("workspace", id_code="w", timezone="Pacific/Auckland")  # UTC+12 in May
    house.raw.conversation("1", NOON + 1799)
    house.raw.conversation("2", NOON - 1)
    assert facts(house, "created_on, created_hour, created_weekday") == [
        ("1", datetime.date(2024, 5, 2), 0, 4),
        ("2", datetime.date(2024, 5, 1), 23, 3),
    ]


@told_apart
def test_first_contact_and_one_touch(house):
    stories = [house.raw.conversation(str(number), NOON, state="closed") for number in range(1, 7)]
    stories[0].replies(NOON + 1).closes(NOON + 2)
    stories[1].replies(NOON + 1).replies(NOON + 2).closes(NOON + 3)
    stories[2].replies(NOON + 1).replies(NOON + 2, admin="a2").closes(NOON + 3)
    stories[3].replies(NOON + 1).closes(NOON + 2).reopens(NOON + 3).closes(NOON + 4)
    stories[4].closes(NOON + 2)
    stories[5].closes(NOON + 2, body="<p>done</p>")
    yield
    assert facts(house, "is_closed_on_first_contact, is_one_touch") == [
        ("1", True, True),
        ("2", True, False),
        ("3", False, False),
        ("4", False, False),
        ("5", False, False),
        ("6", True, True),
    ]


@told_apart
def test_resolved_without_return_is_known_after_seven_days(house):
    def closed(conversation_id, at, contact):
        house.raw.conversation(conversation_id, at, author=("user", contact), state="closed").closes(at + 60)

    closed("1", NOON, "c1")
    closed("2", NOON + 60 + 7 * DAY, "c1")  # comes back to the second
    closed("3", NOON, "c2")
    closed("4", NOON + 61 + 7 * DAY, "c2")  # a second too late to count
    closed("5", NOON + 28 * DAY, "c3")  # too young to say
    house.raw.conversation("6", NOON, author=("user", "c4"))
    yield
    assert facts(house, "is_resolved_no_return") == [
        ("1", False),
        ("2", True),
        ("3", True),
        ("4", True),
        ("5", None),
        ("6", None),
    ]


@told_apart
def test_who_is_greeted_by_a_workflow_comes_back_when_they_write(house):
    """Whoever greeted first, and however long before; who answers a campaign asked for nothing."""
    bot, after = ("bot", "b1"), NOON + 3600
    for number, author, delivered_as in (
        ("1", bot, "operator_initiated"),
        ("2", ("user", "c2"), "automated"),
        ("3", bot, None),
        ("4", bot, "campaigns_initiated"),
        ("5", ("admin", "a1"), "admin_initiated"),
    ):
        contact = f"c{number}"
        house.raw.conversation(number, NOON, author=("user", contact), state="closed").closes(NOON + 60)
        later = house.raw.conversation(f"{number}0", NOON + 30, author=author, source__delivered_as=delivered_as)
        later.asks(after, customer=contact)
        house.raw.add("conversation_contacts", conversation_id=f"{number}0", contact_id=contact)
    # the rest of what they had to say is not another conversation
    greeted = house.raw.conversation("6", NOON, author=bot, source__delivered_as="operator_initiated", state="closed")
    greeted.closes(NOON + 10, by=bot).asks(after, customer="c6").knows(statistics__last_close_at=NOON + 10)
    house.raw.add("conversation_contacts", conversation_id="6", contact_id="c6")
    yield
    closed = [row for row in facts(house, "is_resolved_no_return") if len(row[0]) == 1]
    # a customer's own words do not wait for a greeting: the second wrote before the close
    assert closed == [("1", False), ("2", True), ("3", False), ("4", True), ("5", True), ("6", True)]


@told_apart
def test_whether_nobody_knows_who_returned_is_not_known(house):
    house.raw.conversation("1", NOON, author=("bot", "b1"), state="closed").closes(NOON + 60)
    yield
    assert fact(house, "contact_id, is_resolved_no_return") == (None, None)


@told_apart
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


@told_apart
def test_compat_columns_keep_the_other_definitions(house):
    story = house.raw.conversation("1", NOON, state="closed", conversation_rating__rating=4)
    story.assigns(NOON + 10, ("admin", "a1")).replies(NOON + 61).closes(NOON + 90).asks(NOON + 200)
    story.part("assign_and_reopen", NOON + 300, ("admin", "a1")).closes(NOON + 400, by=("bot", "b1"))
    yield
    assert house.answer(
        "compat_conversations",
        "count_total_parts, count_assignments, count_reopens, time_to_first_response_minutes, "
        "time_to_first_assignment_minutes, time_to_first_close_minutes, time_to_last_close_minutes, "
        "time_to_admin_last_close_minutes, conversation_rating",
    ) == [(6, 1, 0, 1.02, 0.17, -1.83, 3.33, -1.83, 4)]


@told_apart
def test_a_bodiless_assignment_is_no_response_in_the_compat_columns(house):
    house.raw.conversation("1", NOON).assigns(NOON + 10, ("admin", "a1")).part(
        "assignment", NOON + 30, ("admin", "a1"), "<p>for you</p>"
    )
    yield
    assert house.answer("compat_conversations", "time_to_first_response_minutes") == [(0.5,)]


@told_apart
def test_whoever_greeted_first_it_is_inbound_when_a_customer_wrote(house):
    """And the first response counts from what the customer wrote, as in Intercom."""
    bot, admin = ("bot", "b1"), ("admin", "a1")
    workflow = {"author": bot, "source__delivered_as": "operator_initiated"}
    house.raw.conversation("1", NOON, **workflow).asks(NOON + 100).bot_replies(NOON + 101).replies(NOON + 160)
    house.raw.conversation("2", NOON, **workflow | {"source__delivered_as": "automated"})
    house.raw.conversation("3", NOON, author=admin).asks(NOON + 100).replies(NOON + 160)
    house.raw.conversation("4", NOON, author=admin)
    house.raw.conversation("5", NOON, author=admin, source__delivered_as="campaigns_initiated").asks(NOON + 7)
    house.raw.conversation("6", NOON).replies(NOON + 7)
    house.raw.conversation("7", NOON, **workflow).replies(NOON + 5).asks(NOON + 10).replies(NOON + 60)
    columns = "direction, asked_at_epoch - created_at_epoch, first_response_seconds, count_replies"
    yield
    assert facts(house, columns) == [
        ("1", "inbound", 100, 60, 1),
        ("2", "outbound", None, None, 0),
        ("3", "outbound_replied", 100, None, 1),
        ("4", "outbound", None, None, 0),
        ("5", "outbound_replied", 7, None, 0),
        ("6", "inbound", 0, 7, 1),
        ("7", "inbound", 10, 50, 2),
    ]


@told_apart
def test_closed_before_any_reply_is_said(house):
    house.raw.conversation("1", NOON).closes(NOON + 10).asks(NOON + 14 * DAY).replies(NOON + 14 * DAY + 60)
    house.raw.conversation("2", NOON).closes(NOON + 10)
    house.raw.conversation("3", NOON).closes(NOON + 10, body="<p>done</p>")
    house.raw.conversation("4", NOON).replies(NOON + 5).closes(NOON + 10)
    house.raw.conversation("5", NOON)
    yield
    assert facts(house, "was_closed_before_first_reply, first_response_seconds") == [
        ("1", True, 14 * DAY + 60),
        ("2", True, None),
        ("3", False, 10),
        ("4", False, 5),
        ("5", False, None),
    ]


@told_apart
def test_the_time_in_the_hands_of_a_bot_can_be_left_out(house):
    """600 s in all; the bot has it for 200, a team for 300 more, a teammate for the last 100."""
    bot = ("bot", "b1")
    story = house.raw.conversation("1", NOON).bot_replies(NOON + 2).assigns(NOON + 200, ("team", "t1"), by=bot)
    story.assigns(NOON + 500, ("admin", "a1")).replies(NOON + 600)
    house.raw.conversation("2", NOON).assigns(NOON + 200, ("team", "t1")).replies(NOON + 600)  # no bot
    house.raw.conversation("3", NOON).bot_replies(NOON + 2).replies(NOON + 600)  # never handed over
    columns = (
        "first_response_seconds, first_response_after_bot_seconds, time_to_first_assignment_seconds, unassigned_seconds"
    )
    yield
    assert facts(house, columns) == [
        ("1", 600, 400, 500, 500),
        ("2", 600, 600, None, NOW - NOON),
        ("3", 600, 600, None, NOW - NOON),
    ]


def test_of_a_conversation_with_missing_parts_nothing_is_invented(house):
    """700 parts of which 500 are there: figures are Intercom's own, or NULL."""
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
    story = house.raw.conversation("1", NOON, state="closed", conversation_parts__total_count=500, **statistics)
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
        ("1", False, 90, 90, False, 9000, 9000, 4, 3, "a7", *missing),
        ("2", False, *(None,) * 8, *missing),
        ("3", True, 60, 60, False, None, None, 0, 0, None, 1, 1, None, False, False),
    ]
    house.answer("fct_support_daily", "day")
    assert house.rows("fct_support_daily", "median_first_response_seconds") == [(75.0,)]
    assert house.rows("int_turns", "conversation_id") == [("3",)]


@told_apart
def test_a_first_reply_is_only_known_where_it_is_known_when_the_customer_wrote(house):
    """Of the parts that are loaded one is a customer's, and Intercom's statistics know of a reply alone."""
    begun = {"author": ("admin", "a1"), "source__delivered_as": "admin_initiated", "conversation_parts__total_count": 6}
    house.raw.conversation("1", NOON, **begun, statistics__first_admin_reply_at=NOON + 90).asks(NOON + 60)
    yield
    assert fact(house, "direction, asked_at_epoch, first_reply_at_epoch") == ("outbound_replied", None, None)


@told_apart
def test_an_id_of_0_is_nobodys(house):
    closed = {"statistics__last_close_at": NOON + 900, "statistics__last_closed_by_id": "0"}
    house.raw.conversation("1", NOON, state="closed", **closed).bot_replies(NOON + 60)
    yield
    assert fact(house, "last_closed_by_role, last_closed_by_admin_id") == ("unknown", None)


@told_apart
def test_who_closed_last_is_whose_part_that_is_also_where_parts_are_missing(house):
    """The teammate whom Intercom names is that of the last close by one, a part that is loaded or a missing one."""
    stated = {"statistics__last_close_at": NOON + 900, "statistics__last_closed_by_id": "a1"}
    for number in "1234":
        story = house.raw.conversation(number, NOON, state="closed", conversation_parts__total_count=9, **stated)
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


@told_apart
def test_whether_it_was_reopened_is_known_after_seven_days(house):
    now = 1_717_200_000
    house.raw.conversation("1", NOON).closes(NOON + 5).asks(NOON + 5 + 7 * DAY)
    house.raw.conversation("2", NOON).closes(NOON + 5).asks(NOON + 6 + 7 * DAY)
    house.raw.conversation("3", now - 7 * DAY - 9).closes(now - 7 * DAY)
    house.raw.conversation("4", now - 6 * DAY).closes(now - 6 * DAY).asks(now - 5 * DAY)
    house.raw.conversation("5", NOON)
    yield
    assert facts(house, "is_reopened_within_7_days") == [
        ("1", True),
        ("2", False),
        ("3", False),
        ("4", None),
        ("5", None),
    ]


@told_apart
def test_an_assignment_that_was_taken_back_before_the_customer_wrote_is_none_of_theirs(house):
    """A workflow gives it to a teammate, and then to a team, before the customer writes."""
    bot = ("bot", "b1")
    workflow = {"author": bot, "source__delivered_as": "operator_initiated"}
    for number, taker in (("1", ("team", "t1")), ("2", ("nobody_admin", None)), ("3", ("admin", "fay")), ("4", bot)):
        story = house.raw.conversation(number, NOON, **workflow).assigns(NOON + 1, ("admin", "ann"), by=bot)
        story.assigns(NOON + 2, taker, by=bot).asks(NOON + 100).assigns(NOON + 400, ("admin", "ben"))
        story.replies(NOON + 500, "ben").closes(NOON + 600)
    columns = "time_to_first_assignment_seconds, first_assignment_to_close_seconds, last_assignment_to_close_seconds"
    expected = [(number, 300, 200, 200) for number in "124"]
    yield
    assert facts(house, columns) == sorted([*expected, ("3", 0, 500, 200)])


def test_a_close_without_a_part_counts_also_where_the_conversation_was_opened_again(house):
    """Closed with many others after a minute; the customer asks again 14 days later, and is answered in 5 minutes."""
    closes = {"statistics__first_close_at": NOON + 60, "statistics__last_close_at": NOON + 60}
    story = house.raw.conversation("1", NOON, **closes)
    story.part("open", NOON + 14 * DAY, ("user", "u1"), "<p>again?</p>").replies(NOON + 14 * DAY + 300)
    closes = {"statistics__first_close_at": NOON + 100, "statistics__last_close_at": NOON + DAY + 500}
    story = house.raw.conversation("2", NOON, **closes).replies(NOON + 50)
    story.part("open", NOON + DAY, ("user", "u1"), "<p>again?</p>").replies(NOON + DAY + 50).closes(NOON + DAY + 500)
    mart = ["fct_conversations", "fct_response_turns", "fct_backlog_daily", "fct_support_daily", "fct_teammate_weekly"]
    report = house.build(" ".join(f"+{name}" for name in mart))
    assert report.is_ok, [*report.failed_models, *report.failed_checks("error")]
    columns = (
        "first_close_seconds, last_close_seconds, was_closed_before_first_reply, count_closes, count_reopens, "
        "is_reopened_within_7_days, count_turns, is_closed_on_first_contact"
    )
    assert house.rows("fct_conversations", columns, "conversation_id") == [
        (60, 60, True, 1, 1, False, 2, False),
        (100, DAY + 500, False, 2, 1, True, 2, False),
    ]
    assert house.rows("fct_response_turns", "conversation_id, turn, outcome, response_seconds", "1, 2") == [
        ("1", 1, "closed_unanswered", None),
        ("1", 2, "answered", 300),
        ("2", 1, "answered", 50),
        ("2", 2, "answered", 50),
    ]
    days = "fct_backlog_daily where team_id = 'none' and state = 'open' and (count_conversations, count_net) <> (0, 0)"
    first, fortnight = datetime.date(2024, 5, 1), datetime.date(2024, 5, 15)
    assert house.rows(days, "day, count_conversations, count_reopened", "day")[0] == (fortnight, 1, 1)
    of_all = "fct_support_daily where count_inbound_conversations > 0"
    columns = "day, median_first_response_seconds, count_first_closed, count_reopened_within_7_days, reopen_rate"
    assert house.rows(of_all, columns) == [(first, 50.0, 2, 1, 0.5)]


@told_apart
def test_a_message_after_the_last_close_opens_nothing_where_the_conversation_stayed_closed(house):
    """Thanks, a minute after the close; or an answer to a form. Nobody is waiting for us."""
    closes = {"statistics__first_close_at": NOON + 100, "statistics__last_close_at": NOON + 100}
    for number, part_type in (("1", "comment"), ("2", "attribute_collected")):
        story = house.raw.conversation(number, NOON, state="closed", updated_at=NOON + 9 * DAY, **closes)
        story.replies(NOON + 50).closes(NOON + 100).part(part_type, NOON + 200, ("user", "u1"), "<p>thanks</p>")
    columns = (
        "last_close_seconds, resolution_seconds, last_closed_by_role, count_closes, count_reopens, "
        "is_reopened_within_7_days, is_closed_on_first_contact, is_one_touch, count_turns, waiting_since"
    )
    expected = (100, 100, "teammate", 1, 0, False, True, True, 1, None)
    yield
    assert facts(house, columns) == [("1", *expected), ("2", *expected)]


def test_what_a_teammate_wrote_before_the_customer_did_is_no_answer(house):
    """As Intercom counts: after the customer's first message. Such a reply is still one of the conversation's."""
    begun = {"author": ("admin", "a1"), "source__delivered_as": "admin_initiated"}
    house.raw.conversation("1", NOON, **begun).replies(NOON + 10).asks(NOON + 20).closes(NOON + 30)
    story = house.raw.conversation("2", NOON, **begun).replies(NOON + 10).asks(NOON + 20).replies(NOON + 25)
    story.closes(NOON + 30)
    house.raw.conversation("3", NOON, **begun).replies(NOON + 10).closes(NOON + 30)
    at = datetime.datetime.fromtimestamp(NOON + 25, datetime.UTC)
    columns = "last_reply_at, count_replies, is_one_touch, is_rateable"
    assert facts(house, columns) == [
        ("1", None, 1, False, False),
        ("2", at, 2, True, True),
        ("3", None, 1, False, False),
    ]

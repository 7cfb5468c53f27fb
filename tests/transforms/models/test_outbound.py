"""What teammates and campaigns begin is closed until somebody answers: that is no close, and no reopening."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
MINUTE, DAY = 60, 86_400
MODELS = "+fct_backlog_daily +fct_teammate_weekly +fct_response_turns +qa_reconciliation"
CUSTOMER, BOT = ("user", "u1"), ("bot", "b1")
CLOSES = "conversation_id, handling_seconds, unassigned_seconds, count_closes, count_reopens, first_close_at_epoch"


def sent(house, number="1", author="admin", state="closed", **values):
    """A message to a customer, of a teammate who keeps the conversation."""
    facts = {"admin_assignee_id": "a1", **values}
    return house.raw.conversation(number, NOON, author=(author, f"{author[0]}1"), state=state, **facts)


def answers(story, at, body="<p>Thanks again :)</p>"):
    """The customer's first answer: one part, which opens the conversation and has the text."""
    return story.part("open", at, CUSTOMER, body)


def states(house):
    return house.answer("int_state_spans", "conversation_id, state, from_epoch, to_epoch", "1, 3, 4")


def backlog(house):
    """Number of days' ends in the backlog, of each conversation that was in it."""
    days = [number for (number,) in house.answer("fct_backlog_conversations", "conversation_id")]
    return {number: days.count(number) for number in days}


def moves(house):
    return house.answer("int_backlog_moves", "cast(day as varchar), team_id, state, kind", "first_seq, kind desc")


@built_together
def test_a_message_that_nobody_answers_is_closed_from_its_first_second(house):
    sent(house, updated_at=NOON + 20 * DAY).part("conversation_attribute_updated_by_admin", NOON + 20 * DAY, BOT)
    yield
    assert states(house) == [("1", "closed", NOON, None)]
    assert house.answer("fct_conversations", CLOSES) == [("1", None, 0, 0, 0, None)]
    assert house.answer("fct_conversations", "direction, is_closed, last_closed_by_role") == [("outbound", True, None)]
    assert (backlog(house), moves(house)) == ({}, [])
    assert house.answer("int_events", "is_inferred") == [(False,), (False,)]


@built_together
def test_an_answered_message_is_worked_on_from_the_answer_on(house):
    answered, stated = NOON + 10 * DAY, {"statistics__count_reopens": 0, "statistics__count_conversation_parts": 4}
    story = answers(sent(house), answered).replies(answered + 10 * MINUTE).closes(answered + 20 * MINUTE)
    story.knows(**{f"statistics__{which}_close_at": answered + 20 * MINUTE for which in ("first", "last")}, **stated)
    yield
    assert states(house) == [
        ("1", "closed", NOON, answered),
        ("1", "open", answered, answered + 20 * MINUTE),
        ("1", "closed", answered + 20 * MINUTE, None),
    ]
    closed = answered + 20 * MINUTE
    assert house.answer("fct_conversations", CLOSES) == [("1", 20 * MINUTE, 0, 1, 0, closed)]
    assert house.answer(
        "fct_conversations", "direction, count_customer_messages, last_close_seconds, is_one_touch"
    ) == [("outbound_replied", 1, 20 * MINUTE, True)]
    assert house.answer("fct_response_turns", "asked_at_epoch, response_seconds, outcome") == [
        (answered, 10 * MINUTE, "answered")
    ]
    assert moves(house) == [("2024-05-11", "none", "open", "opened"), ("2024-05-11", "none", "open", "closed")]
    assert backlog(house) == {}
    assert house.answer("fct_teammate_weekly", "cast(week_start as varchar), owned_seconds, count_closes") == [
        ("2024-05-06", 20 * MINUTE, 1)
    ]
    compared = house.answer("qa_reconciliation", "metric, our_value, is_exact, is_equal")
    assert ("count_reopens", 0, True, True) in compared
    assert ("first_close_at", closed, True, True) in compared
    assert ("last_close_at", closed, True, True) in compared


@built_together
def test_an_answer_is_an_event_that_opens(house):
    answers(sent(house, state="open"), NOON + DAY)
    yield
    assert house.answer(
        "int_events", "kind, is_customer_message, is_first_opening, state_before, state_after", "seq"
    ) == [
        ("other", False, False, None, "closed"),
        ("open", True, True, "closed", "open"),
    ]
    assert backlog(house) == {"1": 31}  # 2 May to today, 1 June


@built_together
def test_a_message_is_answered_while_a_workflow_gives_it_to_a_team(house):
    """In the same second; whichever of the two parts comes first, the team has it from its opening."""
    answered = NOON + 10 * DAY
    for number in ("1", "2"):
        story = sent(house, number, admin_assignee_id="a2", team_assignee_id="t1")
        story.assigns(NOON, ("admin", "a1"), by=BOT)
        if number == "1":
            answers(story, answered)
        story.assigns(answered, ("team", "t1"), by=BOT, part_type="workflow_assignment")
        if number == "2":
            answers(story, answered)
        story.assigns(answered + 5 * MINUTE, ("admin", "a2")).replies(answered + 10 * MINUTE, admin="a2")
        story.closes(answered + 20 * MINUTE, by=("admin", "a2"))
    yield
    closed = answered + 20 * MINUTE
    assert house.answer("fct_conversations", CLOSES) == [
        ("1", 15 * MINUTE, 5 * MINUTE, 1, 0, closed),
        ("2", 15 * MINUTE, 5 * MINUTE, 1, 0, closed),
    ]
    assert {(day, team, state) for day, team, state, _ in moves(house)} == {("2024-05-11", "t1", "open")}
    kinds = [kind for *_, kind in moves(house)]
    assert {kind: kinds.count(kind) for kind in kinds if not kind.startswith("moved")} == {
        "opened": 2,
        "closed": 2,
    }
    assert house.answer("int_assignment_spans", "conversation_id, admin_id, open_seconds", "1, span") == [
        (number, admin, seconds)
        for number in ("1", "2")
        for admin, seconds in ((None, 0), ("a1", 0), (None, 5 * MINUTE), ("a2", 15 * MINUTE))
    ]


@built_together
def test_a_second_message_before_any_answer_opens_nothing(house):
    story = sent(house, state="open").replies(NOON + 2 * DAY).notes(NOON + 3 * DAY)
    answers(story, NOON + 5 * DAY).replies(NOON + 5 * DAY + MINUTE)
    sent(house, "2").replies(NOON + 2 * DAY)
    yield
    assert states(house) == [
        ("1", "closed", NOON, NOON + 5 * DAY),
        ("1", "open", NOON + 5 * DAY, None),
        ("2", "closed", NOON, None),
    ]
    assert house.answer("fct_response_turns", "conversation_id, asked_at_epoch, response_seconds") == [
        ("1", NOON + 5 * DAY, MINUTE)
    ]
    assert house.answer("fct_conversations", "conversation_id, count_replies, count_closes") == [
        ("1", 2, 0),
        ("2", 1, 0),
    ]
    assert backlog(house) == {"1": 27}  # 6 May to 1 June


@built_together
def test_a_question_after_a_close_by_a_part_is_a_reopening(house):
    story = answers(sent(house), NOON + DAY).closes(NOON + DAY + 30)
    story.part("open", NOON + 3 * DAY, CUSTOMER, "<p>And now?</p>").closes(NOON + 3 * DAY + 40)
    story.knows(statistics__count_reopens=1, statistics__count_conversation_parts=5)
    yield
    assert house.answer("fct_conversations", CLOSES) == [("1", 70, 0, 2, 1, NOON + DAY + 30)]
    assert house.answer("fct_conversations", "first_reopen_at_epoch, is_reopened_within_7_days") == [
        (NOON + 3 * DAY, True)
    ]
    assert [kind for *_, kind in moves(house)] == ["opened", "closed", "reopened", "closed"]
    assert ("count_reopens", 1, True, True) in house.answer(
        "qa_reconciliation", "metric, our_value, is_exact, is_equal"
    )


@built_together
def test_a_close_that_left_no_part_is_still_seen(house):
    """Closed with many others at once, after the answer; and, with a reopening after it, one that no figure knows."""
    stated = {"statistics__first_close_at": NOON + 2 * DAY, "statistics__last_close_at": NOON + 2 * DAY}
    answers(sent(house, **stated), NOON + DAY)
    answers(sent(house, "2", statistics__count_reopens=2), NOON + DAY).reopens(NOON + 3 * DAY).closes(NOON + 4 * DAY)
    yield
    assert house.answer("fct_conversations", "conversation_id, count_closes, handling_seconds") == [
        ("1", 1, DAY),
        ("2", 1, 3 * DAY),
    ]
    flagged = house.answer("int_conversation_statistics", "conversation_id, has_close_without_part")
    assert flagged == [("1", True), ("2", True)]


@built_together
def test_of_a_message_with_missing_parts_nothing_is_invented(house):
    missing = {"conversation_parts__total_count": 700}
    story = answers(sent(house, **missing), NOON + 10 * DAY)
    story.replies(NOON + 10 * DAY + 60).closes(NOON + 10 * DAY + 120)
    sent(house, "2", **missing).replies(NOON + 10 * DAY).closes(NOON + 12 * DAY)  # it was open, since nobody knows when
    sent(house, "3", **missing).replies(NOON + 10 * DAY)
    yield
    assert states(house)[0] == ("1", "closed", NOON, NOON + 10 * DAY)
    assert house.answer("fct_conversations", CLOSES) == [(number, None, None, None, None, None) for number in "123"]
    assert backlog(house) == {"2": 2}  # 11 and 12 May


@built_together
def test_campaigns_that_nobody_answers_are_in_no_backlog_and_have_no_close(house):
    for number in range(50):
        by = {"source__delivered_as": ("admin_initiated", "campaigns_initiated", "automated")[number % 3]}
        story = sent(house, f"{number:02}", **by, updated_at=NOON + 9 * DAY)
        if number % 4 == 0:
            story.part("conversation_tags_updated", NOON + number, ("admin", "a1"))
        if number % 5 == 0:
            story.assigns(NOON + 9 * DAY, ("nobody_admin", None), by=BOT, part_type="default_assignment")
    yield
    assert {state for _, state, *_ in states(house)} == {"closed"}
    assert (backlog(house), moves(house)) == ({}, [])
    assert {row[1:] for row in house.answer("fct_conversations", CLOSES)} == {(None, 0, 0, 0, None)}
    assert house.answer("fct_teammate_weekly", "owned_seconds") == []


@built_together
def test_an_answer_and_its_opening_in_the_same_second_are_one(house):
    for number, part_type in (("1", "attribute_collected"), ("2", "comment"), ("3", "quick_reply")):
        story = (
            sent(house, number).part(part_type, NOON + DAY, CUSTOMER, "<p>yes</p>").part("open", NOON + DAY, CUSTOMER)
        )
        story.closes(NOON + DAY + 50).knows(statistics__count_reopens=0)
    yield
    assert house.answer("fct_conversations", CLOSES) == [
        (number, 50, 0, 1, 0, NOON + DAY + 50) for number in ("1", "2", "3")
    ]
    assert house.answer("int_conversation_statistics", "count_reopens, has_close_without_part") == [(0, False)] * 3


@built_together
def test_an_answer_that_opens_nothing_leaves_it_closed(house):
    """A mail that says who is out of office: Intercom knows of no close, and nothing has opened it, or later."""
    known = {"statistics__count_conversation_parts": 2, "updated_at": NOON + 20 * DAY}
    sent(house, "1", **known).part("comment", NOON + 10 * DAY, CUSTOMER, "<p>I am away</p>")
    late = sent(house, "2", **known).part("comment", NOON + 3 * DAY, CUSTOMER, "<p>I am away</p>")
    answers(late, NOON + 10 * DAY).closes(NOON + 10 * DAY + 50)
    # without statistics nobody says that it was not closed afterwards
    sent(house, "3", updated_at=NOON + 20 * DAY).part("comment", NOON + 10 * DAY, CUSTOMER, "<p>I am away</p>")
    # its own opening is a moment later
    late = sent(house, "4").part("comment", NOON + 10 * DAY, CUSTOMER, "<p>I am back</p>")
    late.part("open", NOON + 10 * DAY + 1, CUSTOMER).closes(NOON + 10 * DAY + 50)
    yield
    opened = {number: (since, to) for number, state, since, to in states(house) if state == "open"}
    assert opened == {
        "2": (NOON + 10 * DAY, NOON + 10 * DAY + 50),
        "3": (NOON, NOON + 20 * DAY),
        "4": (NOON + 10 * DAY, NOON + 10 * DAY + 50),
    }
    assert house.answer(
        "fct_conversations", "conversation_id, count_closes, count_reopens, direction, handling_seconds"
    ) == [
        ("1", 0, 0, "outbound_replied", None),
        ("2", 1, 0, "outbound_replied", 50),
        ("3", 1, 0, "outbound_replied", 20 * DAY),
        ("4", 1, 0, "outbound_replied", 50),
    ]
    assert backlog(house) == {"3": 20}
    turns = house.answer("fct_response_turns", "conversation_id, asked_at_epoch, outcome", "1, 2")
    assert [turn for turn in turns if turn[0] != "3"] == [
        ("2", NOON + 3 * DAY, "closed_unanswered"),
        ("4", NOON + 10 * DAY, "closed_unanswered"),
    ]


@built_together
def test_a_teammate_can_open_it_before_the_customer_answers(house):
    for number, part_type in (("1", "open"), ("2", "assign_and_reopen"), ("3", "note_and_reopen")):
        sent(house, number).part(part_type, NOON + DAY, ("admin", "a1"), to=("admin", "a1")).asks(
            NOON + 2 * DAY
        ).closes(NOON + 3 * DAY)
    yield
    assert house.answer("fct_conversations", CLOSES) == [
        (number, 2 * DAY, 0, 1, 0, NOON + 3 * DAY) for number in ("1", "2", "3")
    ]


@built_together
def test_what_says_that_it_was_open_is_believed(house):
    """An answer that opens nothing; a close; a close that Intercom knows of; and one that is open now."""
    sent(house, "1", state="open").part("comment", NOON + DAY, CUSTOMER, "<p>yes</p>")
    sent(house, "2").closes(NOON + DAY)
    sent(house, "3", statistics__first_close_at=NOON + DAY).part("open", NOON + 2 * DAY, CUSTOMER).closes(
        NOON + 3 * DAY
    )
    sent(house, "4", state="open")
    sent(house, "5", statistics__last_close_at=NOON + DAY)
    yield
    assert [row[:2] for row in states(house) if row[2] == NOON] == [(number, "open") for number in "12345"]
    assert house.answer("fct_conversations", "conversation_id, count_closes, count_reopens") == [
        ("1", 0, 0),
        ("2", 1, 0),
        ("3", 2, 1),
        ("4", 0, 0),
        ("5", 1, 0),
    ]


@built_together
def test_customers_and_bots_begin_open_conversations(house):
    sent(house, "1", author="user", source__delivered_as="admin_initiated", updated_at=NOON + DAY)
    sent(house, "2", author="bot", source__delivered_as="operator_initiated", updated_at=NOON + DAY)
    sent(house, "3", author="user", source__delivered_as=None, updated_at=NOON + DAY)
    sent(house, "4", author="admin", source__delivered_as=None, updated_at=NOON + DAY)
    for number, author in (("5", ("", None)), ("6", BOT)):
        story = house.raw.conversation(number, NOON, author=author, source__delivered_as="automated", state="closed")
        story.knows(updated_at=NOON + DAY)
    yield
    assert house.answer("fct_conversations", "conversation_id, count_closes") == [
        ("1", 1),
        ("2", 1),
        ("3", 1),
        ("4", 0),
        ("5", 1),
        ("6", 1),
    ]

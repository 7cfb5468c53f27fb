"""int_events: one row per opening message and part, in order, with what it did and who did it."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
MODELS = "+int_events"


def events(house, columns):
    return house.answer("int_events", columns, "conversation_id, seq")


@built_together
def test_the_opening_message_is_event_zero(house):
    house.raw.conversation("1", NOON)
    yield
    assert events(house, "event_id, seq, at_epoch, kind, author_role, author_id, state_before, state_after") == [
        ("source", 0, NOON, "customer_message", "customer", "u1", None, "open")
    ]


@built_together
def test_an_outbound_opening_is_nobodys_reply(house):
    house.raw.conversation("1", NOON, author=("admin", "a1"))
    yield
    assert events(house, "kind, author_role, is_customer_message, is_reply") == [("other", "teammate", False, False)]


@built_together
def test_an_opening_without_an_author_is_a_customers_if_delivered_as_says_so(house):
    house.raw.conversation("1", NOON, author=("", None), source__delivered_as="customer_initiated")
    yield
    assert events(house, "kind, author_role") == [("customer_message", "customer")]


@built_together
def test_parts_of_the_same_second_are_ordered_by_id_as_a_number(house):
    story = house.raw.conversation("1", NOON, state="open")
    story.replies(NOON + 5, part_id="1000").asks(NOON + 5, part_id="999").closes(NOON + 4, part_id="2000")
    yield
    assert events(house, "event_id, seq, kind") == [
        ("source", 0, "customer_message"),
        ("2000", 1, "close"),
        ("999", 2, "customer_message"),
        ("1000", 3, "reply"),
    ]


@built_together
def test_no_event_is_before_the_conversation(house):
    house.raw.conversation("1", NOON).replies(NOON - 60)
    yield
    assert events(house, "seq, at_epoch") == [(0, NOON), (1, NOON)]


@built_together
def test_a_reply_inside_a_close_is_a_close_and_a_reply(house):
    house.raw.conversation("1", NOON).closes(NOON + 9, body="<p>done</p>")
    yield
    assert events(house, "kind, is_reply, state_after")[1] == ("close", True, "closed")


@built_together
def test_a_reply_has_content_or_had_it_before_it_was_redacted(house):
    parts = [{"body": "<p>hi</p>"}, {"body": ""}, {"body": None}, {"body": None, "redacted": True}]
    for number, part in enumerate(parts):
        house.raw.conversation(str(number), NOON).part("comment", NOON + 1, ("admin", "a1"), **part)
    yield
    of_parts = [is_reply for seq, is_reply in events(house, "seq, is_reply") if seq == 1]
    assert of_parts == [True, False, False, True]


@built_together
def test_a_file_alone_is_a_reply(house):
    house.raw.conversation("1", NOON).part("comment", NOON + 1, ("admin", "a1"), part_id="7")
    for position in (0, 1):
        house.raw.add("conversation_part_attachments", conversation_id="1", conversation_part_id="7", position=position)
    yield
    assert events(house, "is_reply")[1:] == [(True,)]


@built_together
def test_a_note_is_no_reply_also_when_it_reopens(house):
    story = house.raw.conversation("1", NOON, state="open").notes(NOON + 1).closes(NOON + 2)
    story.part("note_and_reopen", NOON + 3, ("admin", "a1"), "<p>again</p>")
    yield
    assert events(house, "kind, is_reply, state_after")[1:] == [
        ("note", False, "open"),
        ("close", False, "closed"),
        ("reopen", False, "open"),
    ]


@built_together
def test_a_part_sets_the_state_or_leaves_it(house):
    expected = {
        "assign_and_reopen": ("reopen", "snoozed", "open"),
        "assign_and_unsnooze": ("unsnooze", "snoozed", "open"),
        "away_mode_assignment": ("assign", "snoozed", "snoozed"),
        "timer_unsnooze": ("unsnooze", "snoozed", "open"),
        "priority_changed": ("other", "snoozed", "snoozed"),
        "snoozed": ("snooze", "snoozed", "snoozed"),
    }
    for part_type, (_, _, state) in expected.items():
        told = house.raw.conversation(part_type, NOON, state=state).snoozes(NOON + 1)
        told.part(part_type, NOON + 2, ("admin", "a1"))
    yield
    found = events(house, "conversation_id, seq, kind, state_before, state_after")
    assert {part_type: tuple(values) for part_type, seq, *values in found if seq == 2} == expected


@built_together
def test_a_customer_who_writes_into_a_closed_conversation_opens_it(house):
    house.raw.conversation("1", NOON).closes(NOON + 1, by=("bot", "b1")).asks(NOON + 2)
    yield
    assert events(house, "kind, state_before, state_after")[2] == ("customer_message", "closed", "open")


@built_together
def test_a_customer_who_reopens_with_words_has_written(house):
    story = house.raw.conversation("1", NOON, state="open").closes(NOON + 1)
    story.part("open", NOON + 2, ("user", "u1"), "<p>not solved</p>").closes(NOON + 3)
    story.part("open", NOON + 4, ("user", "u1"))
    yield
    assert events(house, "kind, is_customer_message")[2:] == [("reopen", True), ("close", False), ("reopen", False)]


@built_together
def test_an_assignment_says_to_whom(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("admin", "a2")).assigns(NOON + 2, ("team", "t1"))
    story.assigns(NOON + 3, ("nobody_admin", None)).part("comment", NOON + 4, ("admin", "a1"), to=("admin", "a1"))
    yield
    assert events(house, "is_assignment, to_admin_id, to_team_id")[1:] == [
        (True, "a2", None),
        (True, None, "t1"),
        (True, None, None),
        (False, None, None),
    ]


@built_together
def test_bots_and_fin_are_told_apart(house):
    story = house.raw.conversation("1", NOON).bot_replies(NOON + 1).bot_replies(NOON + 2, name="Fin")
    story.part("attribute_collector", NOON + 3, ("bot", "b1"), "<p>your email?</p>")
    story.part("note", NOON + 4, ("bot", "b1"), "<p>summary</p>")
    yield
    assert events(house, "kind, is_bot_reply, is_fin")[1:] == [
        ("bot_reply", True, False),
        ("bot_reply", True, True),
        ("other", False, False),
        ("note", False, False),
    ]


@built_together
def test_a_deleted_conversation_and_a_part_without_a_conversation_are_left_out(house):
    house.raw.conversation("1", NOON).replies(NOON + 1)
    house.raw.conversation("2", NOON).replies(NOON + 1)
    house.raw.add("deleted_records", entity="conversations", id="2", noticed_at=NOON, reason="deleted")
    house.raw.add("deleted_records", entity="contacts", id="1", noticed_at=NOON, reason="deleted")
    house.raw.add("conversation_parts", conversation_id="3", id="77", part_type="comment", created_at=NOON)
    yield
    assert events(house, "conversation_id, seq") == [("1", 0), ("1", 1)]


@built_together
def test_a_reply_is_of_a_type_whose_text_the_customer_sees(house):
    story = house.raw.conversation("1", NOON)
    types = ("comment", "quick_reply", "assignment", "assign_and_reopen", "close", "open", "snoozed", "note")
    unseen = ("phone_call_summary", "merged_conversation", "conversation_rating_requested", "note_and_reopen")
    for number, part_type in enumerate((*types, *unseen)):
        story.part(part_type, NOON + 1 + number, ("admin", "a1"), "<p>text</p>")
    yield
    found = dict(events(house, "part_type, is_reply"))
    assert [name for name in (*types, *unseen) if found[name]] == list(types[:-1])


@built_together
def test_the_id_of_a_bot_is_a_bot_whatever_type_a_record_gives_it(house):
    """Part and assignee say admin; that b1 is a bot is said by another conversation."""
    story = house.raw.conversation("1", NOON, admin_assignee_id="b1")
    story.part("comment", NOON + 1, ("admin", "b1"), "<p>beep</p>").assigns(NOON + 2, ("admin", "b1"))
    house.raw.conversation("2", NOON).bot_replies(NOON + 1)
    columns = "conversation_id, author_role, is_reply, is_bot_reply, to_role, to_admin_id"
    yield
    assert events(house, columns)[1:3] == [
        ("1", "bot", False, True, None, None),
        ("1", "teammate", False, False, "bot", None),
    ]

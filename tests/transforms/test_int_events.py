"""int_events: one row per opening message and part, in order, with what it did and who did it."""

NOON = 1_714_564_800  # 2024-05-01 12:00 UTC


def events(house, columns):
    return house.answer("int_events", columns, "conversation_id, seq")


def test_the_opening_message_is_event_zero(house):
    house.raw.conversation("1", NOON)
    assert events(house, "event_id, seq, at_epoch, kind, author_role, author_id, state_before, state_after") == [
        ("source", 0, NOON, "customer_message", "customer", "u1", None, "open")
    ]

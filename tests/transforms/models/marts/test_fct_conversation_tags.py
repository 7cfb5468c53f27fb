"""fct_conversation_tags: who put which tag on a conversation."""

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC


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
    assert house.answer("fct_conversation_tags", "tag_id, applied_by_admin_id, applied_by_name") == [
        ("0", "a1", "Ann"),
        *((number, None, None) for number in "1234"),
        ("5", "a1", "Ann"),
        ("6", None, None),
    ]

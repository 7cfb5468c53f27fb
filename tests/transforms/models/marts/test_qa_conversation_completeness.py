"""qa_conversation_completeness: are all parts loaded?"""

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC


def test_completeness_compares_what_the_api_counts_with_what_is_loaded(house):
    def counts(conversation_id, listed, in_statistics):
        return house.raw.conversation(
            conversation_id,
            NOON,
            conversation_parts__total_count=listed,
            statistics__count_conversation_parts=in_statistics,
        )

    counts("1", 2, 3).asks(NOON + 1).replies(NOON + 2)
    counts("2", 2, 4).asks(NOON + 1)
    counts("3", 500, 701)
    counts("4", None, None).asks(NOON + 1)
    counts("5", 700, None).asks(NOON + 1).replies(None)
    columns = "conversation_id, count_expected, count_loaded, count_missing, is_truncated_at_500, has_newest_parts"
    assert house.answer("qa_conversation_completeness", columns) == [
        ("1", 2, 2, 0, False, True),
        ("2", 3, 1, 2, False, False),
        ("3", 700, 0, 700, True, True),
        ("4", None, 1, 0, False, True),
        ("5", 700, 2, 699, True, False),
    ]

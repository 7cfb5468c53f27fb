"""What fct_conversations says of the conversations of a test."""


def facts(house, columns):
    """Return the id and these columns of each."""
    return house.answer("fct_conversations", f"conversation_id, {columns}", "conversation_id")


def fact(house, columns):
    """Return these columns of the only one."""
    (row,) = facts(house, columns)
    return row[1:]

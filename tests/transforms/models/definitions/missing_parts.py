"""Conversations whose oldest parts are missing: no figure may be another one than with them, but many are not known."""

import duckdb

from tests.transforms.models.definitions.statistics import statistics

UNKNOWN = (None, "no row", "unknown")  # a turn or a handover that is not known has no row
# these begin with the customer, and one second holds a reply and its close
INTERCOMS_OWN = {
    "count_assignments", "count_reopens", "first_close_at", "first_close_at_epoch", "was_closed_before_first_reply"
}  # fmt: skip
REQUESTED = {"rated_at", "rated_at_epoch", "rated_on"}  # when the rating was asked for, where the part with it is gone
# mart with a row per conversation -> columns that are something else where parts are missing
OTHERWISE = {
    "fct_conversations": {"has_all_parts", *INTERCOMS_OWN, *REQUESTED},
    "fct_csat": REQUESTED,
    "fct_sla": set(),
}


def lose_parts(database, draw, histories):
    """Delete the oldest parts of most of the conversations; return the ids of these.

    Every second one of these has more than 500 by Intercom's count, so that the newest ones are known to be there.
    """
    lost = {}
    for history in histories:
        if len(history.events) > 2 and draw.random() < 0.7:
            lost[history.conversation_id] = draw.randrange(1, len(history.events) - 1)
    with duckdb.connect(str(database)) as connection:
        for conversation_id, count in lost.items():
            first_left = int(conversation_id) * 10_000 + count
            connection.execute(
                f"delete from intercom_raw.conversation_parts where conversation_id = '{conversation_id}' "
                f"and cast(id as bigint) < {first_left}"
            )
        many = ", ".join(f"'{conversation_id}'" for conversation_id in list(lost)[::2])
        connection.execute(
            f"update intercom_raw.conversations set conversation_parts__total_count = 900 where id in ({many})"
        )
        ids = ", ".join(f"'{conversation_id}'" for conversation_id in lost)
        connection.execute(f"update intercom_raw.conversations set _dlt_load_id = 'lost' where id in ({ids})")
    return set(lost)


def with_intercoms_own(rows, histories, lost):
    """Rows of fct_conversations in which what begins with the customer for Intercom does so; NULL: it says nothing."""
    own = {history.conversation_id: statistics(history) for history in histories if history.has_statistics}
    for row in rows:
        if row["conversation_id"] in lost:
            sent = own.get(row["conversation_id"], {})
            row |= {name: sent.get(name) for name in ("count_assignments", "count_reopens")}
            row["first_close_at_epoch"] = sent.get("first_close_at")
            if row["first_response_seconds"] is not None and sent.get("first_close_at") == sent.get(
                "first_admin_reply_at"
            ):
                row["was_closed_before_first_reply"] = False  # in one second it is taken for a reply that closes
            elif (
                row["was_closed_before_first_reply"] is not None and sent.get("first_close_at") == row["asked_at_epoch"]
            ):
                row["was_closed_before_first_reply"] = True  # in one second it is taken for an answer to the question
        yield row


def invented(differences, lost):
    """What is neither right nor unknown."""
    found = {
        key: {name: (got, want) for name, (got, want) in columns.items() if key[0] not in lost or got not in UNKNOWN}
        for key, columns in differences.items()
    }
    return {key: columns for key, columns in found.items() if columns}


def by_conversation(database, mart):
    """Return the mart's columns, and conversation -> its row."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(f"select * from intercom.{mart}")
        names = [column[0] for column in found.description]
        return names, {row[names.index("conversation_id")]: row for row in found.fetchall()}

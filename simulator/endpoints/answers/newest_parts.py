"""The parts that an answer shows of a conversation or ticket."""

from simulator.record import Record

SHOWN_PARTS = 500


def with_newest_parts(record: Record, name: str) -> Record:
    """A record with its newest 500 parts and the count of all; `name` is that of the list, and of the items in it."""
    parts = record[name]
    if len(parts[name]) <= SHOWN_PARTS:
        return record
    return {**record, name: {**parts, name: parts[name][-SHOWN_PARTS:]}}

"""A record: one JSON object of the API, and the two fields that every reader needs of it."""

from typing import Any

from .errors import Failure, IncompleteListing

Record = dict[str, Any]

LARGEST_MOMENT = 2**53  # in milliseconds it would be the year 287396


def record_id(record: Record, path: str) -> str:
    """Return the record's id as text, or raise IncompleteListing: a record without one cannot be kept apart."""
    identity = record.get("id") if isinstance(record, dict) else None
    if type(identity) is int or (type(identity) is str and identity.strip()):
        return str(identity)
    shown = sorted(record) if isinstance(record, dict) else type(record).__name__
    raise IncompleteListing(Failure("GET", path, message=f"a record without id: {shown}"))


def updated_at(record: Record) -> int:
    """Return when the record last changed (unix seconds): `updated_at`, else `created_at`, else 0.

    A number that can be no moment counts as none.
    """
    for name in ("updated_at", "created_at"):
        try:
            moment = int(record[name])
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
        if abs(moment) < LARGEST_MOMENT:
            return moment
    return 0

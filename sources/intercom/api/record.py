"""A record: one JSON object of the API, and the few fields that every reader needs of it."""

from typing import Any, TypeGuard
from urllib.parse import quote

import orjson

from .call import Call

Record = dict[str, Any]

INTERCOM_FOUNDED_AT = 1_293_840_000  # 2011-01-01 UTC: nothing in Intercom is older
LARGEST_BIGINT = 2**63 - 1  # no column and no state holds a larger integer
LARGEST_MOMENT = 2**53  # in milliseconds it would be the year 287396


def is_id(value: object) -> TypeGuard[int | str]:
    """Return True if the value can be a record's id: an integer or a string that is not blank."""
    return type(value) is int or (type(value) is str and bool(value.strip()))


def record_id(record: Record, path: str) -> str:
    """Return the record's id as text, or raise IncompleteListing: a record without one cannot be identified."""
    identity = record.get("id") if isinstance(record, dict) else None
    if is_id(identity):
        return str(identity)
    shown = sorted(record) if isinstance(record, dict) else type(record).__name__
    raise Call("GET", path).contradiction(f"a record without id: {shown}")


def identity_of(record: Any) -> Any:
    """Return a record's identity: its id, or all of its content if it has none."""
    if isinstance(record, dict) and is_id(record.get("id")):
        return str(record["id"])
    return content_of(record)


def naming(identity: Any) -> str:
    """Return the words for the record of this identity in a message; all of its content would show what is personal."""
    return f"record {identity!r}" if isinstance(identity, str) else "a record without id"


def content_of(record: Any) -> bytes:
    """Return bytes that differ if records differ; of a record that is nested too deep only the plain fields count."""
    try:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    except (TypeError, RecursionError):
        own = {name: value for name, value in record.items() if _is_plain(value)} if isinstance(record, dict) else {}
        return b"too deep: " + orjson.dumps(own, option=orjson.OPT_SORT_KEYS)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def other_record(identity: int | str, answer: Record) -> str | None:
    """Return what is wrong where the answer is another record than the one with this id.

    Caches and connections that were mixed up give one caller what another one has asked for.
    """
    answered = answer.get("id")
    return "the answer is of another record" if is_id(answered) and str(answered) != str(identity) else None


def path_of(path: str, record_id: int | str) -> str:
    """Return the path of one record, with its id escaped so that it leads to no other one."""
    quoted = quote(str(record_id), safe="")
    return f"{path}/{quoted.replace('.', '%2E') if set(quoted) == {'.'} else quoted}"


def updated_at(record: Record) -> int:
    """Return when the record last changed (unix seconds): `updated_at`, else `created_at`; 0 if nobody can tell.

    An unusable `updated_at` is not replaced by `created_at`: an unknown time must not look like an old one.
    """
    return _moment(record.get("created_at") if record.get("updated_at") is None else record["updated_at"])


def created_at(record: Record) -> int:
    """Return when the record was created (unix seconds), 0 if unknown."""
    return _moment(record.get("created_at"))


def is_older(record: Record, moment: int) -> bool:
    """Return True if the record's last change is known to be before a moment (unix seconds)."""
    return 0 < updated_at(record) < moment


def _moment(value: Any) -> int:
    """Return a record's time, a number or a string of digits, in unix seconds; 0 for all else, such as a date."""
    try:
        moment = 0 if isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return moment if 0 < moment < LARGEST_MOMENT else 0

"""Records of a listing that cannot be identified: they are no objects, or have no id."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..call import Call
from ..record import content_of, is_id, updated_at
from .page import Page, Span, Stray

_KINDS = {list: "a list", str: "a text", type(None): "null", bool: "true or false", int: "a number", float: "a number"}


def identified(
    pages: Iterator[Page], call: Call, span: tuple[int, int | None] | None = None, *, count_before: int = 0
) -> Iterator[Page]:
    """Yield `pages` with their records without an id among their `strays`.

    A listing of all is read again in every run, and a position in it says which record is meant; `count_before`: how
    many records come before the page cursor at which it goes on. One of a `span` of
    time is not: a record of it is known by what it says and by when it was last changed, which is at that very moment,
    or somewhere in the span; by ascending time (no end of the span), behind the record before.
    """
    position = count_before
    newest_at = span[0] if span else 0
    for page in pages:
        if page.page_cursor is None:
            position = 0  # the listing begins, or begins again
        records, strays = [], []
        for record in page.records:
            position += 1
            problem = _problem_in(record)
            if problem is None:
                records.append(record)
                newest_at = max(newest_at, updated_at(record))
            elif span is None:
                strays.append(Stray(f"{call}, place {position}", problem))
            else:
                until = newest_at if span[1] is None else span[1]
                since = newest_at if span[1] is None else span[0]
                strays.append(_by_time(record, call, problem, (since, until)))
        yield replace(page, records=records, strays=tuple(strays)) if strays else page


def _by_time(record: Any, call: Call, problem: str, around: Span) -> Stray:
    digest = hashlib.blake2b(content_of(record), digest_size=4).hexdigest()
    at = updated_at(record) if isinstance(record, dict) else 0
    if at > 0:
        return Stray(f"{call}, at {at} ({digest})", problem, (at, at))
    return Stray(f"{call} ({digest})", problem, around)


def _problem_in(record: Any) -> str | None:
    if not isinstance(record, dict):
        return f"no object, but {_KINDS[type(record)]}"
    # Built-in data attributes have no id, but a full name.
    identity = record.get("id") if record.get("id") is not None else record.get("full_name")
    if is_id(identity):
        return None
    if record.get("type") == "error.list":
        return "an error in the place of a record"
    is_missing = identity is None or isinstance(identity, str)
    return "its id is missing" if is_missing else "its id is no number and no text"

"""Records of a listing that cannot be told from others: what is no object, or has no id."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .client import Client, Stray
from .pagination import Page

_KINDS = {list: "a list", str: "a text", type(None): "null", bool: "true or false", int: "a number", float: "a number"}


def identified(pages: Iterator[Page], client: Client, method: str, path: str) -> Iterator[Page]:
    """Yield `pages` without such records; they are in `client.strays` then, and counted by their page."""
    place = 0
    for page in pages:
        if page.page_cursor is None:
            place = 0  # the listing begins, or begins again
        records = []
        for record in page.records:
            place += 1
            problem = _problem_in(record)
            if problem is None:
                records.append(record)
            else:
                client.strays.append(Stray(f"{method} {path}, place {place}", problem))
        count = len(page.records) - len(records)
        yield replace(page, records=records, count_strays=count) if count else page


def _problem_in(record: Any) -> str | None:
    if not isinstance(record, dict):
        return f"no object, but {_KINDS[type(record)]}"
    # Built-in data attributes have no id, but a full name.
    identity = record.get("id") if record.get("id") is not None else record.get("full_name")
    if type(identity) is int or (type(identity) is str and identity.strip()):
        return None
    if record.get("type") == "error.list":
        return "an error in the place of a record"
    return "its id is missing" if identity is None or identity == "" else "its id is no number and no text"

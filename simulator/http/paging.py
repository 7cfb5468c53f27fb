"""How lists are cut into pages: by page number, and by page cursor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from simulator import errors
from simulator.http.call import Call
from simulator.options import Options
from simulator.record import Record
from simulator.search.page_cursor import PageCursor
from simulator.search.walk import Found, Walk

Render = Callable[[Record], Record]
"""Gives a record as a list shows it."""


def as_stored(record: Record) -> Record:
    """Return a record as it is, for lists whose pages show it so."""
    return record


def allowed_per_page(options: Options, asked: int, maximum: int, *, is_strict: bool = False) -> int:
    """Return the page size of the simulator's paging: cut to the maximum, or refused where API or knob say so."""
    if asked <= maximum:
        return asked
    if is_strict or options.over_max_per_page == "error":
        raise errors.parameter_invalid(f"Per Page is too big, it must be at most {maximum}")
    return maximum


def count_pages(count: int, per_page: int) -> int:
    """How many pages the simulator's paging cuts a list into; 0 when nothing matched."""
    return -(-count // per_page)


@dataclass(frozen=True)
class PageNumbers:
    """How the simulator pages a list by number; `has_null_next`: its last page says `next: null`, not no key."""

    default: int
    maximum: int
    is_strict: bool = False
    has_null_next: bool = False

    def window(self, call: Call) -> tuple[int, int]:
        """Return (page, per_page) of a call to a list that is paged by number."""
        per_page = allowed_per_page(
            call.options, call.whole_number("per_page", self.default), self.maximum, is_strict=self.is_strict
        )
        return call.whole_number("page", 1), per_page

    def answer(
        self,
        call: Call,
        records: Sequence[Record],
        render: Render = as_stored,
        list_type: str = "list",
        key: str = "data",
    ) -> Record:
        """Answer a call with a page of the records, with `pages.next` as an absolute URL, where there is one."""
        page, per_page = self.window(call)
        shown = records[(page - 1) * per_page : page * per_page]
        return {
            "type": list_type,
            key: [render(record) for record in shown],
            "total_count": len(records),
            "pages": self.pages(call, page, per_page, len(records)),
        }

    def pages(self, call: Call, page: int, per_page: int, count: int) -> Record:
        """Return the `pages` object of a list's paging by number, with the next page's URL."""
        total_pages = count_pages(count, per_page)
        query = urlencode({**call.query, "page": page + 1, "per_page": per_page})
        pages: Record = {"type": "pages", "page": page, "per_page": per_page, "total_pages": total_pages}
        if page < total_pages:
            pages["next"] = f"{call.base_url}{call.path}?{query}"
        elif self.has_null_next or call.options.null_next:
            pages["next"] = None
        return pages


def cursor_answer(
    call: Call,
    after: PageCursor | None,
    per_page: int,
    found: Found,
    render: Render,
    list_type: str = "list",
    key: str = "data",
) -> Record:
    """Answer a call by paging on from a page cursor; `pages.next` is an object, and absent on the last page."""
    page = after.page if after else 1
    pages: Record = {
        "type": "pages",
        "page": page,
        "per_page": per_page,
        "total_pages": count_pages(found.total_count, per_page),
    }
    if found.last is not None:
        value, record_key = found.last
        pages["next"] = {"page": page + 1, "starting_after": PageCursor(value, record_key, page + 1).encode()}
    elif call.options.null_next:
        pages["next"] = None
    records = [render(record) for record in found.records]
    return {"type": list_type, key: records, "total_count": found.total_count, "pages": pages}


def walk_answer(
    call: Call,
    walk: Walk,
    render: Render,
    *,
    default: int,
    maximum: int,
    list_type: str = "list",
    key: str = "data",
) -> Record:
    """Answer a call by paging through a walk, by `per_page` and `starting_after` of its query."""
    per_page = allowed_per_page(call.options, call.whole_number("per_page", default), maximum)
    after = cursor_in(call.query)
    return cursor_answer(call, after, per_page, walk.page(after, per_page, walk.count()), render, list_type, key)


def cursor_in(asked: Record) -> PageCursor | None:
    """Return the page cursor in a call's paging; None on page one, where the key must be left out."""
    return PageCursor.decode(asked["starting_after"]) if "starting_after" in asked else None

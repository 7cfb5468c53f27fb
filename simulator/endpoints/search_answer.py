"""The answer of the three search endpoints."""

from collections.abc import Callable

from simulator import errors
from simulator.http.answer import Answer, nginx_page
from simulator.http.call import Call
from simulator.http.paging import allowed_per_page, cursor_of, cursor_pages
from simulator.record import Record
from simulator.search.dialect import Dialect
from simulator.search.engine import Search
from simulator.workspace.store import Store

MAX_PER_PAGE = 150
GATEWAY_TIMEOUT = 504


def search_answer(
    call: Call,
    store: Store,
    dialect: Dialect,
    render: Callable[[Record], Record],
    default: int,
    list_type: str = "list",
    key: str = "data",
) -> Record | Answer:
    """One page of family B; `pagination.page` is ignored, as in the live API."""
    pagination = call.body.get("pagination") or {}
    asked = pagination.get("per_page", default) if isinstance(pagination, dict) else default
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < 1:
        raise errors.parameter_invalid("per_page must be a positive integer")
    per_page = allowed_per_page(call.options, asked, MAX_PER_PAGE)
    if 0 < call.options.heavy_search_per_page < per_page:
        return Answer(nginx_page(GATEWAY_TIMEOUT).encode(), GATEWAY_TIMEOUT, "text/html")
    after = cursor_of(pagination.get("starting_after"), is_given="starting_after" in pagination)
    found = Search(store).walk(call.body, dialect, after).page(after, per_page)
    return {
        "type": list_type,
        key: [render(record) for record in found.records],
        "total_count": found.total_count,
        "pages": cursor_pages(call.options, after, per_page, found),
    }

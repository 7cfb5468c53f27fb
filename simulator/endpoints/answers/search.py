"""The answer of the three search endpoints."""

from collections.abc import Callable

from simulator import errors
from simulator.http.answer import Answer, nginx_page
from simulator.http.call import Call
from simulator.http.paging import Render, allowed_per_page, cursor_answer, cursor_in
from simulator.options import words
from simulator.record import Record
from simulator.search.dialect import Dialect
from simulator.search.engine import search
from simulator.workspace.storage.store import Store

MAX_PER_PAGE = 150
GATEWAY_TIMEOUT = 504


def search_answer(
    call: Call,
    store: Store,
    dialect: Dialect,
    render: Render,
    default: int,
    list_type: str = "list",
    key: str = "data",
    is_shown: Callable[[Record], bool] | None = None,
) -> Record | Answer:
    """Answer a search with one page, by `pagination` of its body; `pagination.page` is ignored, as in the live API."""
    pagination = call.body.get("pagination") or {}
    asked = pagination.get("per_page", default) if isinstance(pagination, dict) else default
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < 1:
        raise errors.parameter_invalid("per_page must be a positive integer")
    per_page = allowed_per_page(call.options, asked, MAX_PER_PAGE)
    if 0 < call.options.heavy_search_per_page < per_page:
        return Answer(nginx_page(GATEWAY_TIMEOUT).encode(), GATEWAY_TIMEOUT, "text/html")
    after = cursor_in(pagination)
    body = {**call.body}
    if call.path.split("/")[1] in words(call.options.ignored_sort):
        body.pop("sort", None)
    found = search(store, body, dialect, after, per_page, is_shown)
    return cursor_answer(call, after, per_page, found, render, list_type, key)

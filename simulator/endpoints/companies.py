"""Companies: lookup, page list, scroll, and the lists of a company."""

from collections.abc import Sequence

from simulator import errors
from simulator.endpoints.answers.contact import render_contact
from simulator.http.call import Call
from simulator.http.paging import PageNumbers, walk_answer
from simulator.record import Record
from simulator.search.walk import MILLISECONDS, Walk
from simulator.workspace.storage.time_index import record_key

LIST_PAGES = PageNumbers(default=15, maximum=60, is_strict=True, has_null_next=True)
PAGE_WALL = 10_000
ORDERS = ("asc", "desc")


def list_companies(call: Call) -> Record:
    """Answer POST /companies/list: companies with users, by last request, the first 10,000 only."""
    order = call.query.get("order", "desc")
    if order not in ORDERS:
        raise errors.parameter_invalid("order must be one of: asc, desc")
    used = [company for company in call.workspace.companies if _has_users(call, company)]
    used.sort(key=lambda company: (company.get("last_request_at", 0), company["id"]), reverse=order == "desc")
    return _numbered(call, used)


def find_companies(call: Call) -> Record:
    """Answer GET /companies: one by name or company_id, or a page of those with a tag, in a segment, or all."""
    companies = call.workspace.companies
    for key in ("company_id", "name"):
        if key in call.query:
            found = (company for company in companies if company.get(key) == call.query[key])
            return _looked_up(call, next(found, None))
    if "tag_id" in call.query:
        return _numbered(
            call, [company for company in companies if _has(company["tags"]["tags"], call.query["tag_id"])]
        )
    if "segment_id" in call.query:
        segment_id = call.query["segment_id"]
        return _numbered(call, [company for company in companies if _has(company["segments"]["segments"], segment_id)])
    return _numbered(call, [company for company in companies if _has_users(call, company)])


def scroll_companies(call: Call) -> Record:
    """Answer GET /companies/scroll: every company, or only those with users; the end is an empty page."""
    scroll, options, at = call.workspace.scroll, call.options, call.workspace.clock.exact()
    companies = call.workspace.companies.records
    token = call.query.get("scroll_param")
    if token is None:
        hides = options.scroll_hides_companies_without_users
        shown = [company_id for company_id, company in companies.items() if not hides or _has_users(call, company)]
        token = scroll.open(shown, at, options.scroll_expiry_seconds)
    else:
        scroll.resume(token, at, options.scroll_expiry_seconds)
        if options.scroll_token_changes:
            token = scroll.change_token()
    return {
        "type": "list",
        "data": [companies[company_id] for company_id in scroll.take(options.scroll_page_size, companies)],
        "pages": None,
        "total_count": None,
        "scroll_param": token,
    }


def show_company(call: Call) -> Record:
    """Answer GET /companies/{id}."""
    return _company(call)


def list_company_contacts(call: Call) -> Record:
    """Answer GET /companies/{id}/contacts: whole contacts."""
    company = _company(call)
    contacts = call.workspace.contacts.records
    members = call.workspace.contacts_of_company[company["id"]]
    entries = sorted((contacts[member]["created_at"] * MILLISECONDS, record_key(member)) for member in members)
    return walk_answer(call, Walk(contacts, entries, 0, len(entries)), render_contact, default=50, maximum=150)


def list_company_segments(call: Call) -> Record:
    """Answer GET /companies/{id}/segments."""
    return {"type": "list", "data": _company(call)["segments"]["segments"]}


def _has_users(call: Call, company: Record) -> bool:
    """Return True of a company with users; a recorded one may not say how many it has."""
    return bool(company.get("user_count", len(call.workspace.contacts_of_company[company["id"]])))


def _company(call: Call) -> Record:
    return call.one_of(call.workspace.companies)


def _looked_up(call: Call, company: Record | None) -> Record:
    if company is None:
        raise call.missing()
    return company if call.options.company_lookup_shape == "single" else _numbered(call, [company])


def _numbered(call: Call, companies: Sequence[Record]) -> Record:
    page, per_page = LIST_PAGES.window(call)
    if page * per_page > PAGE_WALL:
        raise errors.ApiError(400, "bad_request", "page limit reached, please use scroll API")
    return LIST_PAGES.answer(call, companies)


def _has(items: Sequence[Record], item_id: str) -> bool:
    return any(item["id"] == item_id for item in items)

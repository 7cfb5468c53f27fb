"""What leads from one page to the next, in every form that Intercom gives it, and what says that there is none."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.api.call import Call
from sources.intercom.api.errors import (
    IncompleteListing,
    IntercomError,
)
from sources.intercom.api.lists.next_page import next_params
from sources.intercom.api.lists.pagination import listed, searched
from tests.sources.intercom.api.lists.answers import QUERY, ids, search

NEXT_FORMS = {
    "address with page": lambda number: f"https://api.eu.intercom.io/tags?per_page=1&page={number}",
    "relative address": lambda number: f"/tags?page={number}",
    "address with cursor": lambda number: f"https://api.intercom.io/tags?starting_after=c%3D{number}%3D",
    "object with cursor": lambda number: {"page": number, "starting_after": f"c={number}="},
    "object with page": lambda number: {"page": number},
}


@pytest.mark.parametrize("form", NEXT_FORMS)
@pytest.mark.parametrize("last", [{"next": None}, {}, {"next": ""}, {"next": {}}, {"next": {"starting_after": None}}])
def test_every_form_of_next_leads_on_and_every_form_of_none_ends(serve, form, last):
    def answer(request):
        asked = request.query.get("page") or request.query.get("starting_after", "1").strip("c=")
        number = int(asked)
        pages = {"type": "pages", "page": number} | ({"next": NEXT_FORMS[form](number + 1)} if number < 3 else last)
        return {"type": "list", "data": [{"id": str(number)}], "pages": pages}

    server, client = serve(answer)
    assert ids(listed(client, "/tags", per_page=1, model="contact")) == ["1", "2", "3"]
    assert {request.query["model"] for request in server.requests} == {"contact"}
    assert {request.query["per_page"] for request in server.requests} == {"1"}


def test_a_next_address_that_cannot_be_followed_is_not_the_end(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}], "pages": {"next": "https://x/tags/page/2"}})
    with pytest.raises(IntercomError):
        list(listed(client, "/tags"))


@given(
    st.dictionaries(st.text(min_size=1), st.text(min_size=1), min_size=1),
    st.sampled_from(["https://api.intercom.io/articles", "http://other.example/x", "/contacts/1/notes", ""]),
)
def test_a_next_address_gives_its_parameters_whatever_its_host(params, address):
    assert next_params({"next": f"{address}?{urlencode(params)}"}, Call("GET", "/articles")) == params


@given(st.text(min_size=1), st.integers(1))
def test_a_next_object_leads_by_its_cursor_before_its_number(page_cursor, number):
    both = {"page": number, "starting_after": page_cursor}
    assert next_params({"next": both}, Call("POST", "/contacts/search")) == {"starting_after": page_cursor}
    assert next_params({"next": {"page": number}}, Call("GET", "/contacts")) == {"page": number}


TYPE, PER_PAGE = st.sampled_from(["pages", None]), st.none() | st.integers(1, 250)

NEXT_WITHOUT_CURSOR = st.fixed_dictionaries(
    {},
    optional={"type": TYPE, "per_page": PER_PAGE, "page": st.none(), "starting_after": st.sampled_from([None, ""])},
)


@given(
    st.fixed_dictionaries({}, optional={"type": TYPE, "page": st.integers(0), "per_page": PER_PAGE}),
    st.none() | NEXT_WITHOUT_CURSOR,
)
def test_a_next_object_without_a_cursor_leads_nowhere_whatever_else_it_says(pages, following):
    """The description's last page: `next` is an object of `per_page` and `starting_after`, and that is null."""
    assert next_params({**pages, "next": following}, Call("GET", "/contacts")) == {}


@given(NEXT_WITHOUT_CURSOR, st.text(min_size=1))
def test_a_next_object_with_a_cursor_leads_on_whatever_else_it_says(following, page_cursor):
    following = {**following, "starting_after": page_cursor}
    assert next_params({"next": following}, Call("GET", "/contacts")) == {"starting_after": page_cursor}


@pytest.mark.parametrize("total", [{}, {"total_count": 1}])
def test_the_last_page_of_the_description_is_loaded(serve, total):
    pages = {"type": "pages", "page": 1, "per_page": 150, "total_pages": 1}
    answer = {"data": [{"id": "1"}], "pages": {**pages, "next": {"per_page": 150, "starting_after": None}}, **total}
    _, client = serve(lambda request: answer)
    assert ids(searched(client, "/contacts/search", "data", QUERY, None, 150)) == ["1"]
    assert ids(listed(client, "/contacts")) == ["1"]


@pytest.mark.parametrize("following", [{}, {"next": None}, {"next": {"per_page": 2, "starting_after": None}}])
@pytest.mark.parametrize("total", [{}, {"total_count": 5}])
@pytest.mark.parametrize("written", [int, str, float])
def test_a_list_by_page_number_goes_on_by_its_numbers_where_none_names_the_next(serve, following, total, written):
    def answer(request):
        page = int(request.query.get("page", 1))
        records = [{"id": str(number)} for number in range(2 * page - 1, min(2 * page, 5) + 1)]
        numbers = {"page": written(page), "per_page": 2, "total_pages": written(3)}
        return {"data": records, "pages": {**numbers, **following}, **total}

    server, client = serve(answer)
    assert ids(listed(client, "/articles", per_page=2)) == ["1", "2", "3", "4", "5"]
    assert [request.query.get("page") for request in server.requests] == [None, "2", "3"]
    assert {request.query["per_page"] for request in server.requests} == {"2"}


@pytest.mark.parametrize("total_count", [0, 1])
def test_a_number_of_all_that_is_lower_than_that_of_one_page_is_none(serve, total_count):
    """It would say that nothing is missing, and that no page follows."""

    def answer(request):
        page = int(request.query.get("page", 1))
        records = [{"id": str(number)} for number in (2 * page - 1, 2 * page)]
        return {"data": records, "pages": {"page": page, "total_pages": 2}, "total_count": total_count}

    _, client = serve(answer)
    assert ids(listed(client, "/articles", per_page=2)) == ["1", "2", "3", "4"]
    numbers = {"pages": {"page": 1, "total_pages": 2}, "total_count": total_count}
    _, client = serve(lambda request: {"tickets": [{"id": "1"}, {"id": "2"}], **numbers})
    with pytest.raises(IncompleteListing, match="POST /tickets/search: nothing leads to page 2"):
        list(search(client))


@pytest.mark.parametrize("kind", ["list", "search"])
def test_a_list_by_cursor_without_one_is_not_over_before_its_last_page(serve, kind):
    """Where Intercom counts records, those are held against what came; pages move while they are read."""
    totals = iter([{"total_count": 2}, {}])

    def answer(request):
        if request.method == "GET" and "starting_after" not in request.query:
            return {"data": [{"id": "1"}], "pages": {"page": 1, "next": {"starting_after": "c"}, "total_pages": 3}}
        return {"data": [{"id": "2"}], "pages": {"page": 2, "total_pages": 3}, **next(totals)}

    _, client = serve(answer)
    if kind == "list":
        assert ids(listed(client, "/contacts")) == ["1", "2"]
        with pytest.raises(IncompleteListing, match="GET /contacts: nothing leads to page 3"):
            list(listed(client, "/contacts"))
    else:
        assert ids(search(client, "c")) == ["2"]
        with pytest.raises(IncompleteListing, match="POST /tickets/search: nothing leads to page 3"):
            list(search(client, "c"))


@pytest.mark.parametrize(
    "pages",
    [
        *("2", 2, True, [{"next": {"starting_after": "c"}}]),  # no object
        {"next": {"page": 2, "starting_after": None}},  # of another family: a search has no pages by number
        *({"next": 2}, {"next": ["c"]}, {"next": True}, {"next": {"starting_after": {"cursor": "c"}}}),
        *({"next": {"per_page": 150, "starting_after": ["c"]}}, {"next": {"per_page": 150, "cursor": "c"}}),
    ],
)
@pytest.mark.parametrize("total", [{}, {"total_count": 1}, {"total_count": None}])
def test_a_way_on_that_a_search_cannot_go_is_not_its_end(serve, pages, total):
    _, client = serve(lambda request: {"tickets": [{"id": "1"}], "pages": pages, **total})
    with pytest.raises(IncompleteListing, match="POST /tickets/search"):
        list(search(client))

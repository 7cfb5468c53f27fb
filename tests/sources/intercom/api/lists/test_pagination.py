"""Every form of paging, and pages that contradict each other."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.api.errors import (
    BadAnswer,
    IncompleteListing,
    IntercomError,
    NotFound,
    PageCursorRefused,
    ScrollOccupied,
)
from sources.intercom.api.lists.completeness import Excess
from sources.intercom.api.lists.pagination import listed, next_params, records_in, searched, total_count_in
from sources.intercom.api.lists.scroll import scrolled
from tests.support.loopback import Reply

QUERY = {"field": "updated_at", "operator": ">", "value": 0}
BAD_GATEWAY = Reply(b"<html>502</html>", 502)
TOO_MANY = Reply({"type": "error.list", "errors": [{"code": "rate_limit_exceeded"}]}, 429, {"Retry-After": "0.01"})


def refusal(status, code, message=""):
    return Reply({"type": "error.list", "errors": [{"code": code, "message": message}]}, status)


def ids(pages):
    return [record["id"] for page in pages for record in page.records]


def search(client, page_cursor=None, per_page=150):
    return searched(client, "/tickets/search", "tickets", QUERY, page_cursor, per_page)


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


@pytest.mark.parametrize("pages", [{}, {"pages": None}, {"pages": {}}, {"pages": {"type": "pages", "next": None}}])
def test_a_list_without_pages_is_one_page(serve, pages):
    server, client = serve(lambda request: {"type": "list", "data": [{"id": "1"}], **pages})
    assert ids(listed(client, "/tags")) == ["1"]
    assert len(server.requests) == 1


@pytest.mark.parametrize("total", [{}, {"total_count": None}, {"total_count": 0}])
def test_a_total_that_is_not_told_is_no_error(serve, total):
    _, client = serve(lambda request: {"type": "list", "data": [], **total})
    [page] = listed(client, "/tags")
    assert (page.records, page.total_count) == ([], total.get("total_count"))


@pytest.mark.parametrize(
    "content",
    [
        {"teams": [{"id": "1"}]},
        {"data": [{"id": "1"}]},
        {"teams": None, "data": [{"id": "1"}]},
    ],
)
def test_records_are_found_under_their_own_name_or_under_data(content):
    assert records_in(content, "teams", "GET", "/teams") == [{"id": "1"}]


@pytest.mark.parametrize("content", [{}, {"data": None}, {"data": {}}, {"type": "error.list", "errors": []}])
def test_an_answer_without_a_list_is_not_an_empty_list(content):
    with pytest.raises(IncompleteListing, match="no list 'teams'"):
        records_in(content, "teams", "GET", "/teams")


def test_a_page_cursor_for_the_second_time_stops_the_listing(serve):
    numbers = iter(range(100))

    def answer(request):
        return {"data": [{"id": str(next(numbers))}], "pages": {"next": {"starting_after": "same"}}}

    _, client = serve(answer)
    with pytest.raises(IncompleteListing, match="second time"):
        list(listed(client, "/contacts"))


def test_a_page_that_repeats_the_one_before_stops_the_listing(serve):
    numbers = iter(range(100))

    def answer(request):
        return {"data": [{"id": "1"}, {"id": "2"}], "pages": {"next": {"starting_after": str(next(numbers))}}}

    _, client = serve(answer)
    with pytest.raises(IncompleteListing, match="same page twice"):
        list(listed(client, "/contacts"))


def test_an_empty_page_that_names_a_next_one_stops_the_listing(serve):
    _, client = serve(lambda request: {"tickets": [], "pages": {"next": {"starting_after": "on"}}})
    with pytest.raises(IncompleteListing, match="empty page"):
        list(search(client))


def test_a_search_repeats_query_and_sort_with_every_page_cursor(serve):
    def answer(request):
        following = {None: "c1", "c1": "c2"}.get(request.starting_after)
        return {
            "tickets": [{"id": request.starting_after or "c0"}],
            "pages": {"next": {"starting_after": following}} if following else {},
        }

    server, client = serve(answer)
    assert ids(search(client)) == ["c0", "c1", "c2"]
    for request, page_cursor in zip(server.requests, (None, "c1", "c2"), strict=True):
        assert request.body["query"] == QUERY
        assert request.body["sort"] == {"field": "updated_at", "order": "ascending"}
        assert request.body["pagination"] == {"per_page": 150} | (
            {"starting_after": page_cursor} if page_cursor else {}
        )


def test_pages_know_the_cursor_that_leads_to_them(serve):
    def answer(request):
        following = {"c1": "c2"}.get(request.starting_after)
        return {"tickets": [{"id": "1"}], "pages": {"next": {"starting_after": following}} if following else {}}

    _, client = serve(answer)
    pages = list(search(client, "c1"))
    assert [(page.page_cursor, page.next_page_cursor) for page in pages] == [("c1", "c2"), ("c2", None)]


def test_a_heavy_page_is_halved_at_the_same_place_and_grows_again(serve):
    records = [{"id": str(number)} for number in range(40)]

    def answer(request):
        start, per_page = int(request.starting_after or 0), request.body["pagination"]["per_page"]
        if start < 10 and per_page > 3:
            return BAD_GATEWAY
        end = start + per_page
        following = {"next": {"starting_after": str(end)}} if end < len(records) else {}
        return {"tickets": records[start:end], "pages": following}

    server, client = serve(answer)
    assert ids(search(client, per_page=16)) == [record["id"] for record in records]
    sizes = [request.body["pagination"]["per_page"] for request in server.requests]
    assert max(sizes) == 16
    assert min(sizes) == 2
    assert sizes[-1] == 16


def test_a_page_of_one_that_still_fails_is_an_error(serve):
    server, client = serve(lambda request: BAD_GATEWAY)
    with pytest.raises(BadAnswer):
        list(search(client, per_page=4))
    assert server.requests[-1].body["pagination"]["per_page"] == 1


def test_a_search_that_answers_404_is_not_an_empty_one(serve):
    """Version 2.10 is known to answer so for workspaces with participants from outside."""
    _, client = serve(lambda request: refusal(404, "not_found", "User Not Found"))
    with pytest.raises(NotFound):
        list(search(client))


def test_a_page_cursor_that_is_refused_says_so(serve):
    _, client = serve(lambda request: refusal(400, "client_error", "Invalid starting_after param."))
    with pytest.raises(PageCursorRefused):
        list(search(client, "old"))


class Scroll:
    """A company scroll of `count` companies; `trouble(number of the request)` may answer instead."""

    def __init__(self, count, size=2, trouble=lambda number: None, ends_with_404=False):
        self.companies = [{"id": str(number)} for number in range(count)]
        self.size, self.trouble, self.ends_with_404 = size, trouble, ends_with_404
        self.at, self.count_requests = 0, 0

    def __call__(self, request):
        self.count_requests += 1
        if (answer := self.trouble(self.count_requests)) is not None:
            return answer
        if "scroll_param" not in request.query:
            self.at = 0
        page = self.companies[self.at : self.at + self.size]
        self.at += self.size
        if not page and self.ends_with_404:
            return refusal(404, "not_found", "scroll parameter not found")
        return {"type": "list", "data": page, "pages": None, "total_count": None, "scroll_param": "constant"}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7])
def test_a_scroll_goes_on_with_the_same_token_until_a_page_is_empty(serve, count):
    scroll = Scroll(count)
    _, client = serve(scroll)
    assert ids(scrolled(client, "/companies/scroll")) == [company["id"] for company in scroll.companies]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_a_scroll_may_end_with_404(serve, count):
    scroll = Scroll(count, ends_with_404=True)
    _, client = serve(scroll)
    assert set(ids(scrolled(client, "/companies/scroll"))) == {company["id"] for company in scroll.companies}


def test_an_expired_scroll_starts_over(serve):
    scroll = Scroll(
        7, trouble=lambda number: refusal(404, "not_found", "scroll parameter not found") if number == 3 else None
    )
    _, client = serve(scroll)
    assert ids(scrolled(client, "/companies/scroll")) == [*"0123", *"0123456"]


def test_a_scroll_that_breaks_and_then_expires_at_the_same_place_starts_over_again(serve):
    """Only a 404 that comes twice is an end: what broke the scroll before it says nothing."""
    troubles = {3: BAD_GATEWAY, 6: refusal(404, "not_found", "scroll parameter not found")}
    scroll = Scroll(7, trouble=troubles.get)
    _, client = serve(scroll)
    assert ids(scrolled(client, "/companies/scroll")) == [*"0123", *"0123", *"0123456"]


def test_a_scroll_that_intercom_ends_with_500_starts_over(serve):
    trouble = refusal(500, "server_error", "Please restart the scroll operation.")
    scroll = Scroll(5, trouble=lambda number: trouble if 2 <= number <= 4 else None)
    _, client = serve(scroll)
    assert set(ids(scrolled(client, "/companies/scroll"))) == set("01234")


def test_a_scroll_that_keeps_breaking_is_an_error(serve):
    scroll = Scroll(9, trouble=lambda number: None if number % 5 == 1 else BAD_GATEWAY)
    _, client = serve(scroll)
    with pytest.raises(BadAnswer):
        list(scrolled(client, "/companies/scroll"))


def test_an_occupied_scroll_is_waited_for(serve):
    occupied = refusal(400, "scroll_exists", "scroll already exists for this workspace")
    _, client = serve(Scroll(3, trouble=lambda number: occupied if number <= 3 else None))
    assert ids(scrolled(client, "/companies/scroll")) == ["0", "1", "2"]


def test_a_scroll_that_stays_occupied_says_so(serve):
    _, client = serve(lambda request: refusal(400, "scroll_exists"))
    with pytest.raises(ScrollOccupied, match="Another tool"):
        list(scrolled(client, "/companies/scroll"))


def test_a_scroll_that_begins_again_by_itself_is_stopped(serve):
    """An HTTP cache in between would give page two for ever."""
    _, client = serve(lambda request: {"data": [{"id": "1"}], "scroll_param": "constant"})
    with pytest.raises(IncompleteListing, match="repeats"):
        list(scrolled(client, "/companies/scroll"))


def test_a_scroll_page_without_a_token_is_not_the_end(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}]})
    with pytest.raises(IncompleteListing, match="scroll_param"):
        list(scrolled(client, "/companies/scroll"))


def test_a_scroll_page_lost_on_the_way_is_not_lost(serve):
    """The scroll moves on whether its answer arrives or not; asking again gives the page after."""
    place = {"at": 0, "lost": False}
    companies = [{"id": str(number)} for number in range(5)]

    def answer(request):
        if "scroll_param" not in request.query:
            place["at"] = 0
        at = place["at"]
        place["at"] += 1
        content = {"data": companies[at : at + 1], "scroll_param": "t"}
        if at == 2 and not place["lost"]:
            place["lost"] = True
            return Reply(content, is_cut=True)
        return content

    _, client = serve(answer)
    assert {one["id"] for page in scrolled(client, "/companies/scroll") for one in page.records} == set("01234")


@pytest.mark.parametrize("kind", ["search", "scroll"])
def test_other_apps_that_use_the_budget_up_for_a_minute_do_not_fail_the_resource(serve, kind):
    """Three refused windows are half a minute of somebody else's export."""
    refusals = iter(range(6))

    def answer(request):
        if next(refusals, None) is not None:
            return TOO_MANY
        if kind == "search":
            return {"tickets": [], "pages": {}}
        return {"data": []}

    _, client = serve(answer)
    pages = (
        searched(client, "/tickets/search", "tickets", QUERY, None, 150)
        if kind == "search"
        else scrolled(client, "/companies/scroll")
    )
    assert sum(len(page.records) for page in pages) == 0


def test_an_empty_page_past_the_total_is_the_end(serve):
    def answer(request):
        number = int(request.query.get("page", 1))
        data = [{"id": "1"}] if number == 1 else []
        return {"data": data, "pages": {"page": number, "total_pages": 1, "next": f"https://x/tags?page={number + 1}"}}

    _, client = serve(answer)
    assert [one["id"] for page in listed(client, "/tags") for one in page.records] == ["1"]


def test_a_next_address_that_cannot_be_followed_is_not_the_end(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}], "pages": {"next": "https://x/tags/page/2"}})
    with pytest.raises(IntercomError):
        list(listed(client, "/tags"))


def test_a_record_changed_between_two_pages_of_one_is_no_repetition(serve):
    answers = iter([("a", 1, "c1"), ("a", 2, "c2"), ("b", 3, None)])

    def answer(request):
        record_id, updated_at, following = next(answers)
        return {
            "tickets": [{"id": record_id, "updated_at": updated_at}],
            "pages": {"next": {"starting_after": following}} if following else {},
        }

    _, client = serve(answer)
    assert len(list(searched(client, "/tickets/search", "tickets", QUERY, None, 1))) == 3


def test_a_list_that_brings_far_less_than_it_counts_is_an_error(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}], "total_count": 40})
    with pytest.raises(IncompleteListing, match="counts 40 records and listed 1"):
        list(listed(client, "/tags"))


def test_a_list_whose_count_moved_while_it_was_read_is_whole(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}], "total_count": 4})
    assert {record["id"] for page in listed(client, "/tags") for record in page.records} == {"1"}


def answers_pages(pages, total_counts, family):
    """Answer a list of pages of ids; `family`: P with an address, C with an object."""
    following = {
        "P": lambda number: f"https://api.intercom.io/tags?page={number + 1}",
        "C": lambda number: {"page": number + 1, "starting_after": str(number + 1)},
    }[family]

    def answer(request):
        number = int(request.query.get("page") or request.query.get("starting_after") or 1)
        is_last = number == len(pages)
        return {
            "data": [{"id": identity} for identity in pages[number - 1]],
            "pages": {"next": None if is_last else following(number)},
            "total_count": total_counts[number - 1],
        }

    return answer


@pytest.mark.parametrize("family", ["P", "C"])
@pytest.mark.parametrize(
    ("pages", "total_counts"),
    [
        (["ab", "bc"], [4, 4]),
        (["abc", "abd"], [6, 6]),
        (["ab", "cd", ""], [8, 8, 0]),
        (["abcdefghij", "abcdefghij"], [20, 20]),
        (["ab", ""], [3, 0]),
    ],
)
def test_a_list_that_repeats_records_and_hides_others_is_an_error_after_a_second_look(
    serve, family, pages, total_counts
):
    server, client = serve(answers_pages(pages, total_counts, family))
    distinct = len(set("".join(pages)))
    with pytest.raises(IncompleteListing, match=f"counts {total_counts[0]} records and listed {distinct}"):
        list(listed(client, "/tags"))
    assert len(server.requests) == 2 * len(pages)


def test_a_list_that_is_whole_at_the_second_look_is_whole(serve):
    looks = [["a", "b", "b"], ["a", "c", "b"]]
    _, client = serve(lambda request: {"data": [{"id": each} for each in looks.pop(0)], "total_count": 3})
    assert {record["id"] for page in listed(client, "/tags") for record in page.records} == set("abc")


def test_a_list_without_a_number_is_read_again_where_a_record_comes_twice(serve, caplog):
    """What Intercom names no number of may hide a record behind each repeated one."""
    looks = [["a", "b", "b"], ["a", "c", "b"]]
    server, client = serve(lambda request: {"data": [{"id": each} for each in looks[len(server.requests) % 2 - 1]]})
    assert {record["id"] for page in listed(client, "/tags") for record in page.records} == set("abc")
    assert not caplog.records
    looks[1] = looks[0]
    assert {record["id"] for page in listed(client, "/tags") for record in page.records} == set("ab")
    assert len(server.requests) == 4
    assert [record.message for record in caplog.records] == [
        "/tags: the list has some records twice (1 times) and names no number; others may be hidden"
    ]


def test_a_number_that_stays_too_high_is_said_and_remembered(serve, caplog):
    server, client = serve(lambda request: {"data": [{"id": "1"}, {"id": "2"}], "total_count": 3})
    state = {}
    for calls in (2, 3, 4):
        caplog.clear()
        known = client.counting(client.tally, excess=Excess(state))
        assert {record["id"] for page in listed(known, "/tags") for record in page.records} == {"1", "2"}
        assert len(server.requests) == calls
        assert [record.message for record in caplog.records] == [
            "/tags: Intercom counts 3 records but lists 2; those are loaded"
        ]
    assert state == {"excess": {"/tags?": 1}}


def test_paging_that_brings_nothing_new_ends_whatever_its_cursors(serve):
    def answer(request):
        after = int(request.query.get("starting_after") or 0)
        data = [{"id": str(number)} for number in range(3)]
        return {"data": data[: 1 + after % 3], "pages": {"next": {"starting_after": str(after + 1)}}}

    _, client = serve(answer)
    with pytest.raises(IncompleteListing, match="no new record"):
        list(listed(client, "/tags"))


def test_a_search_that_found_nothing_may_leave_out_its_list(serve):
    _, client = serve(lambda request: {"type": "list", "total_count": 0, "pages": {"total_pages": 0}})
    [page] = searched(client, "/tickets/search", "tickets", QUERY, None, 1)
    assert page.records == []
    _, client = serve(lambda request: {"type": "list", "total_count": 1, "pages": {"total_pages": 1}})
    with pytest.raises(IncompleteListing, match="no list"):
        list(searched(client, "/tickets/search", "tickets", QUERY, None, 1))


@given(
    st.dictionaries(st.text(min_size=1), st.text(min_size=1), min_size=1),
    st.sampled_from(["https://api.intercom.io/articles", "http://other.example/x", "/contacts/1/notes", ""]),
)
def test_a_next_address_gives_its_parameters_whatever_its_host(params, address):
    assert next_params({"next": f"{address}?{urlencode(params)}"}, "/articles") == params


@given(st.text(min_size=1), st.integers(1))
def test_a_next_object_leads_by_its_cursor_before_its_number(page_cursor, number):
    both = {"page": number, "starting_after": page_cursor}
    assert next_params({"next": both}, "/contacts") == {"starting_after": page_cursor}
    assert next_params({"next": {"page": number}}, "/contacts") == {"page": number}


@pytest.mark.parametrize(
    "pages",
    [
        *("2", 2, True, [{"next": {"starting_after": "c"}}]),  # no object
        {"next": {"page": 2, "starting_after": None}},  # of another family: a search has no pages by number
        *({"next": 2}, {"next": ["c"]}, {"next": True}, {"next": {"starting_after": {"cursor": "c"}}}),
        {"next": {"per_page": 150, "starting_after": ["c"]}},
    ],
)
@pytest.mark.parametrize("total", [{}, {"total_count": 1}, {"total_count": None}])
def test_a_way_on_that_a_search_cannot_go_is_not_its_end(serve, pages, total):
    _, client = serve(lambda request: {"tickets": [{"id": "1"}], "pages": pages, **total})
    with pytest.raises(IncompleteListing):
        list(search(client))


@pytest.mark.parametrize(
    ("total", "number"),
    [
        *((7, 7), ("7", 7), (7.0, 7), (0, 0), ("0", 0), ("9" * 19, None)),
        *((-1, None), ("-1", None), (7.5, None), ("7.0", None), (True, None), ("", None), ("seven", None), ("²", None)),
        *(([7], None), ({"value": 7}, None), (None, None), ("9" * 5_000, None)),
    ],
)
def test_a_number_of_records_counts_however_it_is_written(total, number):
    assert total_count_in({"total_count": total}) == number
    assert total_count_in({}) is None


def test_a_search_that_hides_records_is_found_out_by_a_number_that_is_a_text(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}], "total_count": "300"})
    with pytest.raises(IncompleteListing, match=r"counts 300 records and listed 1"):
        list(listed(client, "/articles"))

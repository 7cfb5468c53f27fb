"""Every form of paging, and pages that contradict each other."""

from contextlib import closing
from dataclasses import replace

import pytest

from sources.intercom.api.call import Call
from sources.intercom.api.errors import (
    BadAnswer,
    IncompleteListing,
    NotFound,
    PageCursorRefused,
    Unreachable,
)
from sources.intercom.api.lists.list_answer import records_in
from sources.intercom.api.lists.pagination import listed, searched
from sources.intercom.api.lists.scroll import scrolled
from sources.intercom.api.transport.socket_transport import SocketTransport
from tests.sources.intercom.api.lists.answers import BAD_GATEWAY, QUERY, ids, refusal, search
from tests.support.network.absent import NetworkThatWasAway
from tests.support.network.loopback import Reply

TOO_MANY = Reply({"type": "error.list", "errors": [{"code": "rate_limit_exceeded"}]}, 429, {"Retry-After": "0.01"})


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
    assert records_in(content, "teams", Call("GET", "/teams")) == [{"id": "1"}]


@pytest.mark.parametrize("content", [{}, {"data": None}, {"data": {}}, {"type": "error.list", "errors": []}])
def test_an_answer_without_a_list_is_not_an_empty_list(content):
    with pytest.raises(IncompleteListing, match="no list 'teams'"):
        records_in(content, "teams", Call("GET", "/teams"))


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


def test_a_list_that_has_a_record_twice_is_read_once_more_although_the_numbers_agree(serve):
    """Of eight, 5 is left out for 4, which comes twice, and a ninth has come in by then."""
    pages = iter([("1234", 8), ("46789", 9), ("123456789", 9)])

    def answer(request):
        listed, total_count = next(pages)
        following = {"next": {"starting_after": "c1"}} if len(listed) == 4 else {}
        return {"data": [{"id": one} for one in listed], "pages": following, "total_count": total_count}

    _, client = serve(answer)
    assert {*ids(listed(client, "/news/news_items"))} == {*"123456789"}


@pytest.mark.parametrize("count_empty", [1, 3])
def test_an_empty_page_that_names_a_next_one_is_passed_by(serve, count_empty):
    """A deep page may come empty, in each run at the same place: what follows it has come all the same."""
    pages = [["0"], *[[]] * count_empty, ["1"], *[[]] * count_empty, ["2"]]

    def answer(request):
        number = int(request.starting_after or 0)
        following = {"next": {"starting_after": str(number + 1)}} if number + 1 < len(pages) else {}
        return {"tickets": [{"id": one} for one in pages[number]], "pages": following, "total_count": 3}

    _, client = serve(answer)
    assert ids(search(client)) == ["0", "1", "2"]


def test_empty_pages_that_name_next_ones_for_ever_stop_the_listing(serve):
    following = iter(range(100))
    server, client = serve(lambda request: {"tickets": [], "pages": {"next": {"starting_after": str(next(following))}}})
    with pytest.raises(IncompleteListing, match="4 empty pages one after the other, each of which names a next one"):
        list(search(client))
    assert len(server.requests) == 4


def test_an_empty_page_that_names_itself_stops_the_listing(serve):
    server, client = serve(lambda request: {"tickets": [], "pages": {"next": {"starting_after": "on"}}})
    with pytest.raises(IncompleteListing, match="an empty page that names a next one"):
        list(search(client))
    assert len(server.requests) == 2


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


def test_a_page_that_is_not_sent_in_time_is_halved_too(serve):
    def answer(request):
        is_slow = request.body["pagination"]["per_page"] > 1
        return Reply({"tickets": [{"id": "1"}], "pages": {}}, drip_seconds=9.0 if is_slow else 0.0)

    server, client = serve(answer)
    with closing(SocketTransport(1, read_seconds=0.4)) as impatient:
        assert ids(search(replace(client, http=impatient), per_page=2)) == ["1"]
    assert [request.body["pagination"]["per_page"] for request in server.requests] == [2, 2, 2, 1]


@pytest.mark.parametrize(
    "read",
    [
        search,
        lambda client: search(client.quick()),
        lambda client: listed(client, "/tickets", "tickets"),
        lambda client: listed(client.quick(), "/tickets", "tickets"),
    ],
)
def test_a_network_that_is_away_for_a_while_is_waited_for_by_searches_and_lists(serve, read):
    _, client = serve(lambda request: {"tickets": [{"id": "1"}], "pages": {}})
    assert ids(read(replace(client, http=NetworkThatWasAway(client.http, 9)))) == ["1"]
    with pytest.raises(Unreachable):
        list(read(replace(client, http=NetworkThatWasAway(client.http, 10))))


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


def test_a_list_that_has_come_whole_is_over_whatever_its_pages_say(serve):
    answer = {"data": [{"id": "1"}, {"id": "2"}], "pages": {"page": 1, "total_pages": 2}, "total_count": 2}
    server, client = serve(lambda request: answer)
    assert ids(listed(client, "/tags")) == ["1", "2"]
    assert len(server.requests) == 1


def test_a_list_that_gives_its_first_page_for_every_number_stops(serve):
    answer = {"data": [{"id": "1"}, {"id": "2"}], "pages": {"page": 1, "total_pages": 2}}
    _, client = serve(lambda request: answer)
    with pytest.raises(IncompleteListing, match="for the second time"):
        list(listed(client, "/tags"))

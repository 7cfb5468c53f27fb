"""The company scroll: it goes on, expires, breaks, is occupied, and contradicts itself."""

import pytest

from sources.intercom.api.errors import BadAnswer, IncompleteListing, NotFound, ScrollOccupied
from sources.intercom.api.lists.scroll import scrolled
from tests.sources.intercom.api.lists.answers import BAD_GATEWAY, ids, refusal
from tests.support.network.loopback import GATEWAY_NOT_FOUND, Reply


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


def test_a_scroll_that_expires_after_a_short_page_starts_over(serve):
    """A page is short, too, where a company was deleted since the scroll was opened."""
    pages = [["0", "1"], ["2"], ["3", "4"], []]
    expired = refusal(404, "not_found", "scroll parameter not found")
    asked = iter([*pages[:2], None, *pages])

    def answer(request):
        page = next(asked)
        return expired if page is None else {"data": [{"id": one} for one in page], "scroll_param": "constant"}

    _, client = serve(answer)
    assert ids(scrolled(client, "/companies/scroll")) == [*"012", *"01234"]


def growing(sizes, per_page=10):
    """Answer scrolls that end with 404, each behind as many companies as `sizes` says next."""
    opened = {"count": 0, "at": 0}
    sizes = iter(sizes)

    def answer(request):
        if "scroll_param" not in request.query:
            opened.update(count=next(sizes), at=0)
        at = opened["at"]
        opened["at"] += per_page
        page = [{"id": str(number)} for number in range(at, min(at + per_page, opened["count"]))]
        return {"data": page, "scroll_param": "t"} if page else refusal(404, "not_found", "scroll parameter not found")

    return answer


@pytest.mark.parametrize("sizes", [[305, 306], [305, 303], [300, 303]], ids=["new ones", "deleted ones", "a new page"])
def test_a_scroll_that_ends_with_404_ends_although_companies_come_and_go(serve, sizes):
    """A long scroll of a busy workspace never brings exactly as many as the one before."""
    _, client = serve(growing(sizes))
    assert len(ids(scrolled(client, "/companies/scroll"))) == sum(sizes)


def test_a_scroll_that_expires_somewhere_else_is_not_at_its_end(serve):
    """Behind a short page, or full ones: only what the third and fourth one bring is about as many."""
    _, client = serve(growing([105, 203, 305, 306]))
    assert len(ids(scrolled(client, "/companies/scroll"))) == 105 + 203 + 305 + 306


def test_a_scroll_that_expires_near_the_same_place_behind_a_full_page_is_not_at_its_end(serve):
    """A page of ten more or less is a hundredth here."""
    _, client = serve(growing([1000, 1010, 1205, 1205]))
    assert len(ids(scrolled(client, "/companies/scroll"))) == 1000 + 1010 + 1205 + 1205


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


@pytest.mark.parametrize("trouble", [BAD_GATEWAY, GATEWAY_NOT_FOUND], ids=["502", "404 of a gateway"])
def test_a_scroll_that_keeps_breaking_is_an_error(serve, trouble):
    scroll = Scroll(9, trouble=lambda number: None if number % 5 == 1 else trouble)
    _, client = serve(scroll)
    with pytest.raises(BadAnswer):
        list(scrolled(client, "/companies/scroll"))


def test_a_scroll_that_expires_again_and_again_is_none_that_the_workspace_lacks(serve):
    """A 404 to its opening would say that."""
    _, client = serve(growing([105, 203, 305, 407, 509]))
    with pytest.raises(BadAnswer, match="answered 404 not_found: scroll parameter not found"):
        list(scrolled(client, "/companies/scroll"))
    _, client = serve(lambda _: refusal(404, "not_found", "Resource Not Found"))
    with pytest.raises(NotFound):
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

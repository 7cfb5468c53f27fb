"""Companies: each once in a load package, however often a scroll brings it, and as many as Intercom counts."""

import time
from collections.abc import Callable

import pytest

from sources.intercom.api.errors import IncompleteListing, IntercomError
from sources.intercom.resources.companies import company_rows, read
from sources.intercom.rows.table import REMOVES
from tests.sources.intercom.api.lists.answers import BAD_GATEWAY, refusal
from tests.support.network.loopback import NOT_FOUND

COUNT = 346


class Companies:
    """A workspace's companies, all with users: `ends` says how many a scroll brings before its empty page."""

    def __init__(self, ends: Callable[[int], int], total: object = COUNT, listed: int = COUNT):
        self.companies = [{"id": f"k{number}", "name": f"no. {number}"} for number in range(COUNT)]
        self.ends, self.total, self.listed = ends, total, listed
        self.count_scrolls = self.at = 0

    def __call__(self, request):
        if request.path == "/companies":
            return self.page(int(request.query.get("page", 1)), int(request.query["per_page"]))
        if request.path != "/companies/scroll":
            return next((one for one in self.companies if request.path.endswith(f"/{one['id']}")), NOT_FOUND)
        if "scroll_param" not in request.query:
            self.at, self.count_scrolls = 0, self.count_scrolls + 1
        page = self.companies[self.at : min(self.at + 100, self.ends(self.count_scrolls))]
        self.at += 100
        return {"type": "list", "data": page, "pages": None, "total_count": None, "scroll_param": "t"}

    def page(self, number, per_page):
        if not isinstance(self.total, int):
            return self.total
        gone = [{"id": f"gone{number}"} for number in range(self.listed, self.total)]
        listed = [*self.companies[: self.listed], *gone]
        pages = {"page": number, "per_page": per_page, "total_pages": -(-len(listed) // per_page)}
        data = listed[(number - 1) * per_page : number * per_page]
        return {"type": "list", "data": data, "pages": pages, "total_count": self.total}


def scrolled_ids(reading):
    pages = (page for tables in read(reading) for table, page in tables if table.name == "companies")
    return [row["id"] for page in pages for row in page]


def test_a_scroll_that_ends_too_early_is_read_again(serve, begin):
    companies = Companies(lambda number: 100 if number == 1 else COUNT)
    _, client = serve(companies)
    assert scrolled_ids(begin(client, resource="companies")) == [one["id"] for one in companies.companies]
    assert companies.count_scrolls == 2


@pytest.mark.parametrize("end", [0, 100, 160])
def test_a_scroll_that_always_ends_too_early_is_an_error(serve, begin, end):
    _, client = serve(Companies(lambda number: end))
    reading, state = None, {}
    for _ in range(2):
        reading = begin(client, state, resource="companies")
        with pytest.raises(IncompleteListing, match=f"counts 346 records and listed {end}"):
            scrolled_ids(reading)
        assert reading.report.count_records == end, "what was found is loaded"


def test_a_list_that_counts_companies_which_are_gone_is_not_believed(serve, begin):
    companies = Companies(lambda number: COUNT, total=400)
    _, client = serve(companies)
    state = {}
    reading = begin(client, state, resource="companies")
    assert len(scrolled_ids(reading)) == COUNT
    assert (companies.count_scrolls, reading.client.tally.unlisted) == (2, 54)
    scrolled_ids(begin(client, state, resource="companies"))
    assert companies.count_scrolls == 3, "it is known by then"


NEW_ONE = {"id": "new"}


class Busy(Companies):
    """A workspace in which a company comes while companies are read; 54 that are gone are counted."""

    def __init__(self, created_at):
        super().__init__(lambda number: COUNT, total=400)
        self.created_at = created_at

    def __call__(self, request):
        if request.path.endswith("/new"):
            return {**NEW_ONE, "created_at": self.created_at}
        answer = super().__call__(request)
        if request.path == "/companies" and request.query["per_page"] != "1" and answer["pages"]["page"] == 1:
            answer["data"] = [{**NEW_ONE, "created_at": self.created_at}, *answer["data"]]
        return answer


def test_a_company_that_comes_while_companies_are_read_is_not_missing(serve, begin):
    companies = Busy(created_at=int(time.time()) + 1)
    _, client = serve(companies)
    state = {}
    assert len(scrolled_ids(begin(client, state, resource="companies"))) == COUNT
    scrolled_ids(begin(client, state, resource="companies"))
    assert companies.count_scrolls == 3, "the number for which there are no companies is known by then"


@pytest.mark.parametrize("created_at", [None, 1_600_000_000, 1_600_000_000_000], ids=["unknown", "old", "milliseconds"])
def test_an_older_company_that_no_scroll_brings_is_missing(serve, begin, created_at):
    _, client = serve(Busy(created_at))
    with pytest.raises(IncompleteListing, match="counts 400 records and listed 346"):
        scrolled_ids(begin(client, resource="companies"))


WALL = refusal(400, "bad_request", "page limit reached, please use scroll API")
DENIED = refusal(403, "forbidden")


class Closed(Companies):
    """A workspace whose list ends behind its page `last`, with `refused`, or that denies companies which are gone."""

    def __init__(self, refused=None, last=99, denied=()):
        super().__init__(lambda number: COUNT, total=400)
        self.refused, self.last, self.denied = refused, last, denied

    def __call__(self, request):
        if request.path in self.denied:
            return DENIED
        if int(request.query.get("page", 1)) > self.last:
            return self.refused
        return super().__call__(request)


CLOSED = {
    "the wall": {"refused": WALL, "last": 3},
    "403": {"refused": DENIED, "last": 3},
    "404": {"refused": NOT_FOUND, "last": 3},
    "a page without a list": {"refused": {"total_count": 400}, "last": 3},
    "single companies": {"denied": [f"/companies/gone{number}" for number in range(COUNT, 400)]},
}


@pytest.mark.parametrize("closed", CLOSED)
def test_a_gap_that_cannot_be_looked_into_is_said_and_not_remembered(serve, begin, closed):
    companies = Closed(**CLOSED[closed])
    _, client = serve(companies)
    state = {}
    for count_scrolls in (2, 4):
        reading = begin(client, state, resource="companies")
        scrolled_ids(reading)
        assert companies.count_scrolls == count_scrolls, "the next run looks into it again"
        assert reading.client.tally.unlisted == 54


def test_a_company_that_is_denied_does_not_hide_the_next_one(serve, begin):
    companies = Companies(lambda number: 100)
    _, client = serve(lambda request: DENIED if request.path == "/companies/k100" else companies(request))
    with pytest.raises(IncompleteListing, match="counts 346 records and listed 100"):
        scrolled_ids(begin(client, resource="companies"))


@pytest.mark.parametrize("total", [COUNT - 200, NOT_FOUND, BAD_GATEWAY, {}], ids=["fewer", "404", "502", "none"])
def test_a_list_that_says_nothing_of_all_companies_costs_no_second_scroll(serve, begin, total):
    companies = Companies(lambda number: COUNT, total=total, listed=COUNT - 200)
    _, client = serve(companies)
    assert len(scrolled_ids(begin(client, resource="companies"))) == COUNT
    assert companies.count_scrolls == 1


def test_a_company_that_a_new_scroll_brings_again_is_taken_once(serve, begin):
    """Two versions of one company in a load package would merge the lists of both."""
    asked = iter(range(100))

    def answer(request):
        if request.path == "/companies":
            return {"total_count": 2}
        number = next(asked)
        if number == 1:
            return NOT_FOUND
        if "scroll_param" in request.query:
            return {"data": [{"id": "2"}] if number == 3 else [], "scroll_param": "t"}
        return {"data": [{"id": 1, "name": f"asked {number}"}], "scroll_param": "t"}

    _, client = serve(answer)
    reading = begin(client, resource="companies")
    companies = [row for tables in read(reading) for table, page in tables if table.name == "companies" for row in page]
    assert companies == [{"id": "1", "name": "asked 0"}, {"id": "2"}]
    assert reading.report.count_records == 2


@pytest.mark.parametrize("place", [0, 150])
def test_a_company_that_comes_or_goes_does_not_load_all_that_are_listed_behind_it(serve, begin, place):
    """Each page of the scroll has other companies then."""
    companies = Companies(lambda _: COUNT + 1)
    _, client = serve(companies)
    state = {}
    assert len(scrolled_ids(begin(client, state, "companies"))) == COUNT
    assert scrolled_ids(begin(client, state, "companies")) == []
    companies.companies.insert(place, {"id": "new", "name": "just founded"})
    loaded = scrolled_ids(begin(client, state, "companies"))
    assert ("new" in loaded, len(loaded) < COUNT / 2) == (True, True)
    del companies.companies[place]
    assert len(scrolled_ids(begin(client, state, "companies"))) < COUNT / 2


def test_a_company_without_id_is_an_error_of_the_resource(serve, begin):
    _, client = serve(lambda request: {"data": [{"name": "x"}], "scroll_param": "t"})
    with pytest.raises(IntercomError):
        list(read(begin(client, resource="companies")))


def test_missing_keys_are_normal():
    tables = {table.name: page for table, page in company_rows([{"id": "1", "company_id": 7, "plan": {}}])}
    assert tables["companies"] == [{"id": "1", "company_id": "7"}]
    assert tables["company_tags"] == tables["company_segments"] == [{"company_id": "1", REMOVES: True}]


def test_plan_becomes_columns_and_attributes_stay_whole():
    company = {"id": "1", "plan": {"type": "plan", "id": 5, "name": "Pro"}, "custom_attributes": {"a": {"b": 1}}}
    tables = {table.name: page for table, page in company_rows([company])}
    assert tables["companies"] == [
        {"id": "1", "plan__type": "plan", "plan__id": "5", "plan__name": "Pro", "custom_attributes": {"a": {"b": 1}}}
    ]

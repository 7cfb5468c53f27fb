"""A long search in ranges of time: as complete as page after page, whatever changes, fails or contradicts itself."""

import copy
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from simulator import SimulatorProcess
from sources.intercom.api.errors import RecordsUnread
from sources.intercom.api.http.client import Client
from sources.intercom.api.identity import Identity
from sources.intercom.incremental.search.range_cuts import Scale
from sources.intercom.incremental.search.ranges import Asked, Ranges, is_lacking
from sources.intercom.records.single_record import Whole
from sources.intercom.resources.contacts import SEARCH as CONTACTS
from sources.intercom.resources.tickets import SEARCH as TICKETS
from tests.support.network.loopback import Reply
from tests.support.searches.chunks import next_chunk
from tests.support.searches.passes import read_pages
from tests.support.searches.searchable import NOW as SEARCHED_AT
from tests.support.searches.searchable import Searchable

NOW = "2026-03-01T00:20:00Z"
FIRST_AT = 1_765_000_000  # in December 2025
CHUNK_RECORDS = 200  # of which a range has 150
SEVERAL = 1_000  # of which a range has 166: there is room for six
COUNT = 700
SEARCH_OF = {"contacts": CONTACTS, "tickets": TICKETS}
OPERATION_OF = {"contacts": "SearchContacts", "tickets": "searchTickets"}


@pytest.fixture(scope="module")
def simulator():
    with SimulatorProcess(seed=11, now=NOW, rate_limit=0) as started:
        yield started


@pytest.fixture
def workspace(simulator, request):
    """A workspace with many records of the kind that the test reads; what it asks for comes on top."""
    sizes = {"contacts": 20, "tickets": 5, "conversations": 10, "companies": 5, request.getfixturevalue("name"): COUNT}
    simulator.reset(**{"timezone": "UTC", "churn_every": 0} | sizes | getattr(request, "param", {}))
    simulator.faults()
    simulator.clock(frozen=True)
    return simulator


class Reader:
    """Reads one kind of record as a run does, chunk after chunk; a killed run loses all but what a chunk committed."""

    def __init__(self, simulator, begin, name, records=CHUNK_RECORDS):
        self._simulator, self._begin, self._name, self._records = simulator, begin, name, records
        self.state = {}
        self.versions = {}  # of what was committed
        self.count_read = 0

    def run(self, chunks=100):
        """Read until the pass is over, or for so many chunks."""
        with Client.connect(self._simulator.url, self._simulator.token, 1.0, 32) as client:
            identity = Identity.of(client)
            begun = self._begin(client, {}, self._name, self._records, identity=identity)
            for _ in range(chunks):
                reading = replace(next_chunk(begun), state=copy.deepcopy(self.state))
                read = [one for batch in read_pages(SEARCH_OF[self._name], reading, whole) for one in batch]
                self.versions |= {one["id"]: one["updated_at"] for one in read}
                self.count_read += len(read)
                self.state = copy.deepcopy(reading.state)
                if "pass" not in self.state:
                    return
        assert "pass" in self.state

    def missing(self):
        """What the workspace holds and was not read, or only in an older version."""
        truth = {one["id"]: one["updated_at"] for one in self._simulator.truth()[self._name]}
        return {each for each, at in truth.items() if self.versions.get(each, 0) < at}

    def searches(self):
        """Return how many searches were made, and how many of them for a range."""
        asked = [one for one in self._simulator.requests() if one["operation"] == OPERATION_OF[self._name]]
        return len(asked), sum("AND" in str(one["body"]) for one in asked)


several = pytest.mark.parametrize(
    "records", [CHUNK_RECORDS, SEVERAL], ids=["one range is looked at", "several are looked at side by side"]
)


def whole(record):
    return Whole(record, record.get("updated_at") or 0, None)


@several
@pytest.mark.parametrize("name", SEARCH_OF)
@pytest.mark.parametrize(
    "workspace",
    [{"timezone": zone} for zone in ("UTC", "Pacific/Auckland", "Pacific/Niue")],
    indirect=True,
    ids=lambda options: options["timezone"],
)
def test_ranges_bring_every_record_once(workspace, begin, name, records):
    reader = Reader(workspace, begin, name, records)
    reader.run()
    assert reader.missing() == set()
    assert reader.searches()[1] > 3
    assert reader.count_read <= COUNT


@several
@pytest.mark.parametrize("name", SEARCH_OF)
def test_what_changes_while_ranges_are_read_is_found_behind_them(workspace, begin, name, records):
    reader = Reader(workspace, begin, name, records)
    workspace.clock(frozen=False)
    workspace.churn(every=1, count=10)
    reader.run()
    workspace.churn(every=0)
    assert len(workspace.churned()) > 40
    workspace.clock(advance=3_600)
    reader.run()
    assert reader.missing() == set()


@several
@pytest.mark.parametrize("name", SEARCH_OF)
def test_a_run_that_is_killed_goes_on_behind_the_last_chunk(workspace, begin, name, records):
    reader = Reader(workspace, begin, name, records)
    for _ in range(20):
        reader.run(chunks=1)
        if "pass" not in reader.state:
            break
        count_before = reader.count_read
        lost = Reader(workspace, begin, name, records)
        lost.state = reader.state
        lost.run(chunks=1)
        assert reader.count_read == count_before
    assert reader.missing() == set()
    assert reader.count_read <= COUNT
    assert reader.searches()[1] > 3


FAULTS = {
    "a range that is refused": {"kind": "error", "status": 400, "skip": 4, "times": 1},
    "a range that fails for good": {"kind": "error", "status": 503, "skip": 4, "times": 12},
    "a page that hides a record": {"kind": "repeated", "skip": 2, "every": 2, "times": 3},
    "a range that ends early": {"kind": "cut", "skip": 3, "times": 2},
    "a range whose first page says that it is all": {"kind": "cut", "total_count": 150, "skip": 3, "times": 1},
    "a range that counts nothing": {"kind": "cut", "total_count": 0, "skip": 3, "times": 1},
}


@several
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("name", SEARCH_OF)
def test_ranges_that_go_wrong_give_way_and_nothing_is_missing(workspace, begin, name, fault, records):
    workspace.faults(fault | {"operation": OPERATION_OF[name]})
    reader = Reader(workspace, begin, name, records)
    reader.run()
    [given] = workspace.faults_in_force()
    assert given["count_acted"] == given["times"], "it struck as often as it should"
    assert reader.missing() == set()


@pytest.mark.parametrize("name", SEARCH_OF)
def test_what_takes_a_few_pages_is_read_page_by_page(workspace, begin, name):
    reader = Reader(workspace, begin, name, records=20_000)
    reader.run()
    assert reader.missing() == set()
    assert reader.searches() == (5, 0)


def test_a_server_that_does_not_look_at_the_bounds_is_read_page_by_page(serve, begin):
    """Otherwise the whole would be read as often as there are ranges."""
    records = [{"id": str(number), "updated_at": FIRST_AT + number * 3_600} for number in range(900)]

    def answer(request):
        at = int(request.starting_after or 0)
        per_page = request.body["pagination"]["per_page"]
        following = {"next": {"starting_after": str(at + per_page)}} if at + per_page < len(records) else {}
        content = {"data": records[at : at + per_page], "total_count": len(records), "pages": following}
        return Reply(content, headers={"Date": "Sun, 01 Mar 2026 12:00:00 GMT"})

    server, client = serve(answer)
    reading = begin(client, resource="contacts", records=1_000)
    read = [one["id"] for batch in read_pages(CONTACTS, reading, whole) for one in batch]
    assert sorted(map(int, read)) == list(range(900))
    assert len(server.requests) < 10 * 900 / 150


class _Failing(Searchable):
    """The first range fails behind its first page."""

    count_asked = 0

    def __call__(self, request):
        if request.starting_after is None:
            return super().__call__(request)
        self.count_asked += 1
        after, _ = request.body["query"]["value"]
        if after["value"] < self.records[0]["updated_at"]:
            return Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, 400)
        return super().__call__(request)


def test_ranges_behind_one_that_cannot_be_read_are_not_asked_for_any_more(serve):
    """They would be read and thrown away, in the time that reading page by page needs."""
    times = (SEARCHED_AT - 9_000_000 + number * 500 for number in range(18_000))
    intercom = _Failing({"id": str(number), "updated_at": at} for number, at in enumerate(times))
    _, client = serve(intercom)
    with ThreadPoolExecutor(4) as executor:
        first = next(TICKETS.pages(client, 0, None))
        asked = Asked(client, executor, lambda: False, Scale.of(150, 18_000, 18_000), overlap_seconds=0)
        assert Ranges.of(TICKETS, asked, 0, first).take() is None
    assert intercom.count_asked < 60, "about 100 are the pages of all ranges"


@pytest.mark.parametrize("place", [10, 500, 750])
def test_what_has_no_id_is_named_whichever_load_package_its_range_goes_into(serve, begin, place):
    records = [{"id": str(number), "updated_at": SEARCHED_AT - 900_000 + number * 900} for number in range(900)]
    del records[place]["id"]
    _, client = serve(Searchable(records))
    identity = Identity(clock_offset_seconds=SEARCHED_AT - time.time())
    state, packages = {}, []
    begun = begin(client, state, "tickets", CHUNK_RECORDS, identity=identity)

    def read():
        while not packages or "pass" in state:
            packages.append(reading := next_chunk(begun))
            for _ in read_pages(TICKETS, reading, whole):
                pass
            reading.unreadable.take_strays()

    with pytest.raises(RecordsUnread, match=rf"at {records[place]['updated_at']} \("):
        read()
    assert len(packages) > 3


class _Moving(Searchable):
    """Once, the last page of a range lists a record twice and leaves one out; one listed before has changed by then."""

    left_out = None

    def __call__(self, request):
        reply = super().__call__(request)
        listed = reply.content["tickets"]
        is_behind = request.starting_after is not None and "next" not in reply.content["pages"]
        if self.left_out is None and is_behind and "AND" in str(request.body) and len(listed) > 1:
            self.left_out, listed[0] = listed[0]["id"], listed[1]
            first = next(filter(self.matches(request.body["query"]), self.records))
            first["updated_at"] = SEARCHED_AT - 10
            reply.content["total_count"] -= 1
        return reply


def test_what_leaves_a_range_does_not_hide_that_another_record_was_never_listed(serve, begin):
    intercom = _Moving({"id": str(number), "updated_at": SEARCHED_AT - 900_000 + number * 900} for number in range(900))
    _, client = serve(intercom)
    identity = Identity(clock_offset_seconds=SEARCHED_AT - time.time())
    reading = begin(client, {}, "tickets", SEVERAL, identity=identity)
    read = {one["id"] for batch in read_pages(TICKETS, reading, whole) for one in batch}
    assert intercom.left_out in read
    assert len(read) == 900


class _Stinting(Searchable):
    """Once, the second range has only `count_left` of its records, and counts no others; later all are `uncounted`."""

    def __init__(self, records, count_left, uncounted):
        super().__init__(records)
        self.count_left, self.uncounted, self.count_ranges = count_left, uncounted, 0

    def __call__(self, request):
        reply = super().__call__(request)
        if "AND" in str(request.body) and request.starting_after is None:
            self.count_ranges += 1
            if self.count_ranges == 2:
                shown = reply.content["tickets"][: self.count_left]
                reply.content |= {"tickets": shown, "pages": {}, "total_count": len(shown)}
        elif self.uncounted and request.body["pagination"]["per_page"] == 1:
            self.uncounted = False
            reply.content |= {"tickets": [], "pages": {}, "total_count": 0}
        return reply


@pytest.mark.parametrize(("count_left", "uncounted"), [(0, False), (10, False), (10, True), (-2, False)])
def test_a_range_that_counts_less_than_it_has_is_noticed_by_the_run_after_a_killed_one(
    serve, begin, count_left, uncounted
):
    """The killed one has not compared the number of all records with those of its ranges."""
    times = (SEARCHED_AT - 900_000 + number * 900 for number in range(900))
    many = ({"id": str(number), "updated_at": at} for number, at in enumerate(times))
    _, client = serve(_Stinting(many, count_left, uncounted))
    identity = Identity(clock_offset_seconds=SEARCHED_AT - time.time())
    state, read = {}, set()
    for most_chunks in (1, 30):
        reading = begin(client, state, "tickets", CHUNK_RECORDS, identity=identity)
        for _ in range(most_chunks):
            reading = next_chunk(reading)
            read |= {one["id"] for batch in read_pages(TICKETS, reading, whole) for one in batch}
            if "pass" not in state:
                break
        assert ("pass" in state) == (most_chunks == 1)
    assert len(read) == 900


@pytest.mark.parametrize(
    ("count_all", "count_behind", "lacks"),
    [(12, 2, False), (13, 2, True), (11, 2, False), (1, 2, True), (None, 2, True), (12, None, True)],
)
def test_ranges_lack_nothing_where_the_numbers_of_all_and_of_the_rest_say_so(count_all, count_behind, lacks):
    assert is_lacking(count_all, count_behind, 10, 0) is lacks

"""A search over tickets that are read one by one, and runs that say what they have proven."""

from itertools import count

from sources.intercom.api.errors import BadAnswer, IncompleteListing, RecordsUnread
from sources.intercom.records.single_record import Whole, fetched
from tests.support.network.loopback import NOT_FOUND, Reply
from tests.support.searches.chunks import chunks
from tests.support.searches.passes import read_pages
from tests.support.searches.searchable import DATE, NOW, Searchable
from tests.support.searches.ticket_search import TICKETS, record

OVERLAP_SECONDS = 900


class Workspace:
    """Answers every search with one page of `records`, as if there were `count_hidden` more.

    The details of `broken` ids answer 500, those of `gone` ids 404, and so do all whose number is in `lost`.
    """

    def __init__(self, *records, count_hidden=0):
        self.records = list(records)
        self.count_hidden = count_hidden
        self.broken = set()
        self.gone = set()
        self.numbers, self.lost = count(1), range(0)  # of calls, each its own

    def __call__(self, request):
        if request.method == "POST":
            found = list(filter(Searchable(()).matches(request.body["query"]), self.records))
            if request.body["sort"]["order"] == "descending":
                found.reverse()
            total_count = len(found) + self.count_hidden
            return Reply({"tickets": found, "pages": {}, "total_count": total_count}, headers=DATE)
        if next(self.numbers) in self.lost:
            return NOT_FOUND
        identity = request.path.rpartition("/")[2]
        if identity in self.broken:
            return Reply({"errors": [{"code": "server_error", "message": "broken"}]}, 500, DATE)
        found = [one for one in self.records if one["id"] == identity and identity not in self.gone]
        return Reply(found[0], headers=DATE) if found else Reply({"errors": [{"code": "not_found"}]}, 404, DATE)


class Run:
    """One run, chunk after chunk to the end of the pass: the ids read, the report, and the error at the end."""

    def __init__(self, begin, client, state, *, in_detail=False, **options):
        begun = begin(client, state, overlap_seconds=OVERLAP_SECONDS, **options)

        def as_found(found):
            return Whole(found, found["updated_at"], None)

        def detail(found):
            return fetched(begun.client, "/tickets", found["id"])

        self.read, self.error, self.report = [], None, begun.report
        try:
            for reading in chunks(begun):
                for details in read_pages(TICKETS, reading, detail if in_detail else as_found):
                    self.read += [one["id"] for one in details]
        except (BadAnswer, IncompleteListing, RecordsUnread) as error:
            self.error = error


def run_that_finds_none(serve, begin, count):
    """Return a workspace that lists `count` records and finds none but the newest, what calls it, and a run's state.

    Also the run itself, and the ids of those records.
    """
    many = [record(str(number), NOW - 100_000 + number) for number in range(count)]
    workspace = Workspace(*many, record("newest", NOW - 50_000))
    workspace.gone = ids = {one["id"] for one in many}
    _, client = serve(workspace)
    state = {}
    return workspace, client, state, Run(begin, client, state, in_detail=True), ids

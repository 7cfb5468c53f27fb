"""A search over tickets as Intercom answers it, and runs that read it chunk by chunk."""

from operator import gt, lt

from sources.intercom.api.lists.search_endpoint import Search
from sources.intercom.records.single_record import Whole
from tests.support.network.loopback import Reply
from tests.support.searches.chunks import chunks
from tests.support.searches.passes import read_pages
from tests.support.searches.searchable import DATE

TICKETS = Search("/tickets/search", "tickets")
CONTACTS = Search("/contacts/search", "data", granularity_seconds=90_000)
DAY_SECONDS = 86_400
PER_PAGE = 2


class Workspace:
    """Answers searches over `records` as Intercom does: by time, in pages, with a page cursor that is a position.

    `has_date`: whether answers tell Intercom's clock, which stands at `DATE`. `is_newest_first`: the sort is ignored.
    """

    def __init__(self, *records, has_date=True, is_newest_first=False):
        self.records = list(records)
        self.is_newest_first = is_newest_first
        self.has_date = has_date
        self.refused = set()

    def __call__(self, request):
        if request.starting_after in self.refused:
            self.refused.remove(request.starting_after)
            return Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, 400)
        found = sorted(self.records, key=lambda one: (one["updated_at"], str(one["id"])), reverse=self.is_newest_first)
        found = [one for one in found if one["updated_at"] > request.body["query"]["value"]]
        total_count = len(found)
        if request.starting_after:
            at, _, record_id = request.starting_after.partition("|")
            last = (int(at), record_id)
            is_behind = lt if self.is_newest_first else gt
            found = [one for one in found if is_behind((one["updated_at"], str(one["id"])), last)]
        page = found[:PER_PAGE]
        pages = {"type": "pages"}
        if len(found) > PER_PAGE:
            pages["next"] = {"starting_after": f"{page[-1]['updated_at']}|{page[-1]['id']}"}
        content = {"tickets": page, "pages": pages, "total_count": total_count}
        return Reply(content, headers=DATE if self.has_date else {})


def record(record_id, updated_at, **fields):
    return {"id": record_id, "updated_at": updated_at, **fields}


def whole(found):
    return Whole(found, found.get("updated_at") or 0, None)


def chunk(reading, search=TICKETS, complete=whole):
    """Read one chunk; return the ids."""
    return [detail["id"] for details in read_pages(search, reading, complete) for detail in details]


def run(begin, client, state, **options):
    """Read chunk after chunk, as a run does; return the ids."""
    begun = begin(client, state, **options)
    return [record_id for reading in chunks(begun) for record_id in chunk(reading)]

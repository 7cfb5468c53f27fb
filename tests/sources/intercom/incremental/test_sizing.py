"""The size of what is still to be read, before it is asked for: of an interrupted pass only the rest counts."""

import pytest

from sources.intercom.export.settings import ExportSettings
from sources.intercom.incremental.sizing import of_search
from sources.intercom.reading.resource_size import Size, SizeQuestion
from sources.intercom.reading.session import Wishes
from sources.intercom.resources import RESOURCES
from tests.support.searches.chunks import next_chunk
from tests.support.searches.searchable import Searchable
from tests.support.searches.ticket_search import TICKETS, chunk

CONTACTS = [{"id": f"c{number}", "updated_at": 5} for number in range(10)]


def question(reading, **wishes):
    session = reading.session
    return SizeQuestion(reading.client, session.identity, reading.state, Wishes(**wishes), 900, ExportSettings())


def test_of_a_search_that_was_interrupted_the_rest_counts(serve, begin, ten):
    _, client = serve(Searchable(ten))
    reading = begin(client, {}, "tickets", records=4)
    size_of = of_search(TICKETS, lambda _: 2)
    assert size_of(question(reading)) == Size(10, 1 + 20)
    assert len(chunk(next_chunk(reading))) == 4
    assert size_of(question(reading)) == Size(6, 1 + 12)
    assert size_of(question(reading, from_scratch=True)) == Size(10, 1 + 20)


@pytest.mark.parametrize("name", ["data_events", "contact_segments"])
def test_of_a_pass_over_contacts_that_was_interrupted_the_rest_counts(serve, begin, name):
    def answer(request):
        if request.path != "/contacts":
            return {"type": "list", "events": [], "data": []}
        start, count = int(request.query.get("starting_after", 0)), int(request.query["per_page"])
        following = {"next": {"starting_after": str(start + count)}} if start + count < len(CONTACTS) else {}
        return {"type": "list", "data": CONTACTS[start : start + count], "pages": following, "total_count": 10}

    _, client = serve(answer)
    reading = begin(client, {}, name, records=4)
    assert RESOURCES[name].size(question(reading)) == Size(None, 1 + 10)
    list(RESOURCES[name].read(next_chunk(reading)))
    assert RESOURCES[name].size(question(reading)) == Size(None, 1 + 6)
    assert RESOURCES[name].size(question(reading, from_scratch=True)) == Size(None, 1 + 10)
    assert RESOURCES[name].size(question(reading, since=3)) == Size(None, 1 + 10), "that reads all contacts again"

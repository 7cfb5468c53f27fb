"""Events of contacts: from where on they are asked for."""

import pytest

from sources.intercom.resources import RESOURCES

EVENTS = RESOURCES["data_events"]
COMPLETE_AT = 1_772_366_400
DAY_SECONDS = 86_400
CONTACTS = [{"id": f"c{number}", "updated_at": 5} for number in range(3)]


@pytest.mark.parametrize("going_on", [{}, {"pass": {"page_cursor": "2", "begun_at": COMPLETE_AT}}])
@pytest.mark.parametrize("days_before", [0, 30])
def test_since_asks_every_contact_from_there_but_leaves_no_gap(serve, begin, going_on, days_before):
    asked = {}

    def answer(request):
        if request.path == "/contacts":
            return {"type": "list", "data": CONTACTS[int(request.query.get("starting_after", 0)) :], "pages": {}}
        asked[request.query["intercom_user_id"]] = int(request.query["since"])
        return {"type": "event.list", "events": []}

    _, client = serve(answer)
    since = COMPLETE_AT - days_before * DAY_SECONDS
    state = {"complete_at": COMPLETE_AT, **going_on}
    list(EVENTS.read(begin(client, state, resource="data_events", since=since)))
    assert asked == dict.fromkeys(("c0", "c1", "c2"), min(since, COMPLETE_AT - DAY_SECONDS) * 1_000)

"""A record that earlier runs could not read is asked for in each run, and fewer times than one that was just listed."""

import pytest

from sources.intercom.api.errors import RecordsUnread
from sources.intercom.api.http.retries import ATTEMPTS, QUICK_ATTEMPTS
from sources.intercom.resources import RESOURCES
from tests.support.network.loopback import Reply

LISTED = {"id": "8", "updated_at": 1_772_000_000}
OF_EACH = {  # where a record is asked for, and what lists the other one
    "conversations": ("/conversations/{}", {"conversations": [LISTED]}),
    "tickets": ("/tickets/{}", {"tickets": [LISTED]}),
    "contacts": ("/contacts/{}", {"data": [LISTED | {"notes": {"data": [], "has_more": True}}]}),
    "contact_segments": ("/contacts/{}/segments", {"data": [LISTED]}),
}


@pytest.mark.parametrize("resource", OF_EACH)
def test_an_outage_goes_on_and_the_run_does_not_wait_for_each_known_record(serve, begin, resource):
    path, listed = OF_EACH[resource]

    def answer(request):
        if request.path.startswith(("/contacts/8/notes", path.format("7"), path.format("8"))):
            return Reply({"type": "error.list", "errors": [{"code": "server_error"}]}, 500)
        return listed | {"pages": {}, "total_count": 1}

    server, client = serve(answer)
    reading = begin(client, {"unread": ["7"]}, resource)
    with pytest.raises(RecordsUnread, match="id 7, 8"):
        list(RESOURCES[resource].read(reading))
    asked = [request.path for request in server.requests]
    of_listed = path.format("8") if resource != "contacts" else "/contacts/8/notes"
    assert (asked.count(path.format("7")), asked.count(of_listed)) == (QUICK_ATTEMPTS, ATTEMPTS)

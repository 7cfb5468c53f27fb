"""Visitors: looked up one by one."""

import pytest

from sources.intercom.api.errors import BadAnswer
from sources.intercom.resources import RESOURCES
from tests.support.loopback import Reply

VISITORS = RESOURCES["visitors"]


def test_a_visitor_whose_call_fails_holds_up_no_other_and_is_an_error(serve, begin):
    def answer(request):
        user_id = request.query["user_id"]
        if user_id in {"broken", "unknown"}:
            return Reply({"type": "error.list", "errors": []}, 500 if user_id == "broken" else 404)
        return {"type": "visitor", "id": f"v-{user_id}", "user_id": user_id}

    _, client = serve(answer)
    reading = begin(client, resource="visitors", people={"a", "broken", "unknown", "z"})
    batches = VISITORS.read(reading)
    [(_, rows)] = next(batches)
    assert [row["id"] for row in rows] == ["v-a", "v-z"]
    assert reading.report.count_records == 2
    with pytest.raises(BadAnswer):
        next(batches)

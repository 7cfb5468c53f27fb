"""Records that no listing shows: gone only where Intercom finds others by the same call, before and after."""

import pytest

from sources.intercom.api.errors import IncompleteListing
from sources.intercom.sweep.absence import looked_into
from sources.intercom.sweep.entities import SWEPT_TICKETS
from tests.support.loopback import Reply

LISTED = ["1", "2", "3"]
MISSING = ["8", "9"]


@pytest.mark.parametrize("count_found", [0, 1])
def test_nothing_is_gone_while_nothing_is_found(serve, begin, count_found):
    def answer(request):
        if len(server.requests) > count_found:
            return Reply(b"<html><body>404 Not Found</body></html>", 404)
        return {"type": "ticket", "id": request.path.rpartition("/")[2], "updated_at": 5}

    server, client = serve(answer)
    with pytest.raises(IncompleteListing, match="records that are listed answer 404, such as"):
        looked_into(begin(client), SWEPT_TICKETS, MISSING, LISTED, lambda absence: None)


def test_what_is_not_found_is_gone_where_others_are_found(serve, begin):
    def answer(request):
        identity = request.path.rpartition("/")[2]
        if identity == "9":
            return Reply({"errors": [{"code": "not_found"}]}, 404)
        return {"type": "ticket", "id": identity, "updated_at": 5}

    _, client = serve(answer)
    absence = looked_into(begin(client), SWEPT_TICKETS, MISSING, LISTED, lambda absence: None)
    assert (absence.gone, list(absence.there)) == (["9"], ["8"])

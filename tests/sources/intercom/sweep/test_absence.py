"""Records that no listing shows: gone only where Intercom finds others by the same call, before and after."""

import pytest

from sources.intercom.api.errors import AccessDenied, BadAnswer, IncompleteListing
from sources.intercom.sweep.absence import looked_into
from sources.intercom.sweep.entities import SWEPT_CONVERSATIONS, SWEPT_TICKETS
from tests.support.network.loopback import GATEWAY_NOT_FOUND, NOT_FOUND, Reply

LISTED = ["1", "2", "3"]
MISSING = ["8", "9"]


@pytest.mark.parametrize(
    ("count_found", "not_found", "error", "told"),
    [
        (0, NOT_FOUND, IncompleteListing, "records that are listed answer 404, such as"),
        (1, NOT_FOUND, IncompleteListing, "records that are listed answer 404, such as"),
        (0, GATEWAY_NOT_FOUND, BadAnswer, "Something before Intercom answered"),
    ],
)
def test_nothing_is_gone_while_nothing_is_found(serve, begin, count_found, not_found, error, told):
    def answer(request):
        if len(server.requests) > count_found:
            return not_found
        return {"type": "ticket", "id": request.path.rpartition("/")[2], "updated_at": 5}

    server, client = serve(answer)
    with pytest.raises(error, match=told):
        looked_into(begin(client), SWEPT_TICKETS, MISSING, LISTED, lambda absence: None)


def test_what_is_not_found_is_gone_where_others_are_found(serve, begin):
    def answer(request):
        identity = request.path.rpartition("/")[2]
        if identity == "9":
            return NOT_FOUND
        return {"type": "ticket", "id": identity, "updated_at": 5}

    _, client = serve(answer)
    absence = looked_into(begin(client), SWEPT_TICKETS, MISSING, LISTED, lambda absence: None)
    assert (absence.gone, list(absence.there)) == (["9"], ["8"])


def test_what_a_gateway_does_not_find_while_others_are_found_is_not_gone(serve, begin):
    def answer(request):
        identity = request.path.rpartition("/")[2]
        return GATEWAY_NOT_FOUND if identity in MISSING else {"type": "ticket", "id": identity, "updated_at": 5}

    _, client = serve(answer)
    reading = begin(client)
    absence = looked_into(reading, SWEPT_TICKETS, MISSING, LISTED, lambda absence: None)
    assert (absence.gone, sorted(reading.unreadable.ids)) == ([], MISSING)


def test_however_many_may_not_be_read_stay_as_they_are_and_a_warning_says_what_they_need(serve, begin, caplog):
    def answer(request):
        identity = request.path.rpartition("/")[2]
        if identity in denied:
            code, status = ("forbidden", 403) if identity < "125" else ("token_unauthorized", 401)
            return Reply({"type": "error.list", "errors": [{"code": code}]}, status)
        return NOT_FOUND if identity == "9" else {"type": "conversation", "id": identity, "updated_at": 5}

    denied = [str(number) for number in range(100, 150)]
    _, client = serve(answer)
    reading = begin(client)
    absence = looked_into(reading, SWEPT_CONVERSATIONS, [*denied, "9"], LISTED, lambda absence: None)
    assert (absence.gone, absence.there, reading.unreadable.ids) == (["9"], {}, [])
    assert "the token may not read them (50)" in caplog.text
    assert 'needs the permission "Read tickets"' in caplog.text


def test_a_plan_that_lacks_conversations_ends_the_look(serve, begin):
    refusal = Reply({"type": "error.list", "errors": [{"code": "api_plan_restricted"}]}, 403)
    _, client = serve(lambda request: refusal)
    with pytest.raises(AccessDenied):
        looked_into(begin(client), SWEPT_CONVERSATIONS, MISSING, LISTED, lambda absence: None)

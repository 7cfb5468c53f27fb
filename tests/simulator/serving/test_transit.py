"""How answers travel: whole or compressed, with their length or in chunks, and what a fault leaves of them."""

import httpx
import pytest

WAYS = [{"compressed": True}, {"chunked": True}, {"compressed": True, "chunked": True}]


@pytest.mark.parametrize("ways", WAYS)
def test_the_same_answer_arrives_on_every_way(lively, lively_api, ways):
    plain = lively_api.get("/tags").content
    lively.knobs(**ways)
    whole, error = lively_api.get("/tags"), lively_api.get("/contacts/nobody")
    for answer in (whole, error):
        assert ("Content-Encoding" in answer.headers) is ("compressed" in ways)
        assert ("Content-Length" in answer.headers) is ("chunked" not in ways)
    assert whole.content == plain
    assert error.json()["type"] == "error.list"


def test_only_a_client_that_takes_it_gets_a_compressed_answer(lively, lively_api):
    lively.knobs(compressed=True)
    answer = lively_api.get("/tags", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.json()["data"]


@pytest.mark.parametrize("ways", [{}, *WAYS])
def test_an_answer_that_is_cut_off_is_seen_to_be_so_on_every_way(lively, lively_api, ways):
    lively.knobs(**ways)
    lively.faults({"kind": "truncated"})
    with pytest.raises(httpx.RemoteProtocolError):
        lively_api.get("/tags")
    assert lively_api.get("/tags").json()["data"]

"""The limit per window of ten seconds."""

from email.utils import parsedate_to_datetime

import pytest


@pytest.mark.parametrize(("per_minute", "per_window"), [(500, "83"), (1_000, "166"), (10_000, "1666")])
def test_a_window_allows_a_sixth_of_the_minute(lively, lively_api, per_minute, per_window):
    lively.knobs(rate_limit=per_minute)
    assert lively_api.get("/me").headers["X-RateLimit-Limit"] == per_window


def test_more_calls_than_the_window_allows_are_429(lively, lively_api):
    lively.clock(frozen=False)
    lively.knobs(rate_limit=6)
    responses = [lively_api.get("/me") for _ in range(5)]  # two windows at most take 2, also where calls take seconds
    refused = [response for response in responses if response.status_code == 429]
    assert refused
    error = refused[0].json()["errors"][0]
    assert error == {"code": "rate_limit_exceeded", "message": "Exceeded rate limit of 1 in 10_seconds"}
    assert refused[0].headers["X-RateLimit-Remaining"] == "0"


def test_the_window_ends_on_a_whole_ten_seconds_within_the_next_ten(lively, lively_api):
    lively.reset(rate_limit=1_000)  # a clock that nobody has moved since its windows began
    headers = lively_api.get("/me").headers
    reset_at = int(headers["X-RateLimit-Reset"])
    assert reset_at % 10 == 0
    assert 0 <= reset_at - parsedate_to_datetime(headers["Date"]).timestamp() <= 10


def test_no_limit_sends_no_rate_headers(api):
    assert "X-RateLimit-Limit" not in api.get("/me").headers

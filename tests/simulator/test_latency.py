"""Answers as late as the real API's."""


def test_an_answer_takes_as_long_as_the_simulator_was_told(lively, lively_api):
    lively.knobs(latency_ms=80)
    assert lively_api.get("/me").elapsed.total_seconds() >= 0.08
    lively.knobs(latency_ms=0)
    assert lively_api.get("/me").status_code == 200

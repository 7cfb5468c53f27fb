"""Whatever JSON is in place of any field of any answer, a resource reads on or says what is wrong: it never crashes."""

import functools
import random

import httpx
import orjson
import pytest

from simulator import SimulatorProcess
from sources.intercom.api.errors import IntercomError
from sources.intercom.api.identity import Identity
from sources.intercom.resources import RESOURCES
from sources.intercom.rows.validation import problem_in
from tests.support.network.loopback import Reply

SIZES = {"seed": 5, "contacts": 14, "companies": 4, "conversations": 6, "tickets": 5, "articles": 3, "news_items": 3}
ODD = [
    *(
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e999",
        "NaN",
        '""',
        '" "',
        '"x"',
        '"é/?#"',
        "[]",
        "{}",
        "[null]",
        '["x"]',
        "[1]",
    ),
    *('{"id": 1}', '[{"id": {}}]', '{"data": "x"}', '[{"type": "error.list", "errors": []}]', "9" * 400, str(2**64)),
    *("[" * 600 + "]" * 600, '{"a":' * 3_000 + "1" + "}" * 3_000),
]
EMPTY = ["null", "NaN", "[]", "{}"]  # in place of a list: there is nothing in it, and nothing is lost
EXAMPLES = 8
DATE = {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}
READ = sorted(RESOURCES.keys() - {"content_export", "workspace"})


def places(value, *above):
    """Yield the way to everything inside of an answer."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in inside:
        yield (*above, step)
        yield from places(inner, *above, step)


class Answers:
    """The answers of a simulated workspace, remembered; of the one at `odd` a place is altered."""

    def __init__(self, simulator):
        self._http = httpx.Client(base_url=simulator.url, headers={"Authorization": f"Bearer {simulator.token}"})
        self._known = {}
        self.asked = []
        self.odd = (None, "", "")

    def __call__(self, request):
        key = (request.method, request.path, orjson.dumps([request.query, request.body]))
        if key not in self._known:
            body = {} if request.body is None else {"json": request.body}
            answer = self._http.request(request.method, request.path, params=request.query, **body)
            self._known[key] = answer.status_code, orjson.loads(answer.content)
        self.asked.append(key)
        status, content = self._known[key]
        whose, place, text = self.odd
        return Reply(altered(content, place, text) if key == whose else orjson.dumps(content), status, DATE)

    def places_of(self, key):
        return list(places(self._known[key][1]))


def altered(answer, place, text):
    """Return the bytes of an answer with `text` in one place."""
    answer = orjson.loads(orjson.dumps(answer))
    *above, last = place
    functools.reduce(lambda holder, step: holder[step], above, answer)[last] = "altered here"
    return orjson.dumps(answer).replace(b'"altered here"', text.encode())


def count_rows(rows_of_tables):
    return sum(len(rows) for _, rows in rows_of_tables)


@pytest.fixture(scope="module")
def simulator():
    with SimulatorProcess(rate_limit=0, now="2026-03-01T12:00:00Z", **SIZES) as running:
        running.clock(frozen=True)
        yield running


@pytest.mark.parametrize("name", READ)
def test_an_odd_value_in_any_answer_is_no_crash_and_what_it_costs_is_told(simulator, serve, begin, name):
    dice = random.Random(name)
    visitors = simulator.truth()["visitors"]
    answers = Answers(simulator)
    _, client = serve(answers)
    identity = Identity.of(client)

    def read():
        people = frozenset(visitor["user_id"] for visitor in visitors)
        reading = begin(client, {}, resource=name, identity=identity, people=people)
        rows_of_tables = []
        try:
            for each in RESOURCES[name].read(reading):
                rows_of_tables += each
            reading.unreadable.check()
        except IntercomError as error:
            return rows_of_tables, error
        return rows_of_tables, None

    answers.asked.clear()
    whole, error = read()
    assert error is None
    asked = list(dict.fromkeys(answers.asked))
    for _ in range(EXAMPLES):
        key = dice.choice(asked)
        answers.odd = (key, dice.choice(answers.places_of(key)), dice.choice(ODD))
        rows_of_tables, error = read()
        assert not any(problem_in(table, row) for table, rows in rows_of_tables for row in rows), answers.odd
        is_less = count_rows(rows_of_tables) < count_rows(whole)
        has_less = answers.odd[2] in EMPTY or answers.odd[1][-1] == "admin_ids"  # of which one alone is a list of one
        assert error or has_less or not is_less, answers.odd

"""Every answer against the official description of API 2.10."""

import re

import pytest

from simulator.endpoints.routes import OPERATIONS
from tests.simulator.description.deviations import DEVIATIONS
from tests.simulator.description.openapi import Description
from tests.simulator.description.questions import questions


@pytest.fixture(scope="module")
def description():
    return Description()


def ask(client, operation, path, body):
    return client.request(operation.method, path, json=body)


def test_every_operation_stands_in_the_description_under_the_same_method_and_path(description):
    for operation in OPERATIONS:
        method, path, _ = description.operations[operation.name]
        assert (operation.method, operation.path) == (method, re.sub(r"\{\w+\}", "{id}", path))


def test_every_reading_operation_is_simulated(description):
    writes = re.compile(r"^(create|update|delete|Create|Update|Delete|attach|detach|set|merge|Merge|Archive|Unarchive)")
    known = {operation.name for operation in OPERATIONS}
    reading = {
        name
        for name, (method, path, _) in description.operations.items()
        if method == "GET" or path.endswith(("/search", "/list"))
    }
    assert {name for name in reading if not writes.match(name)} <= known


def test_answers_differ_from_the_description_only_where_the_real_api_does(description, api, truth):
    found, asked = set(), set()
    api.delete("/_simulator/scroll")  # another test may have left one open
    for operation, path, body in questions(truth):
        response = ask(api, operation, path, body)
        assert response.status_code == 200, (operation.name, path, response.text)
        asked.add(operation.name)
        schema = description.schema(operation.name)
        found |= {f"{where}: {what}" for where, what in description.problems(schema, response.json(), operation.name)}
    unexplained = [problem for problem in found if not any(re.search(f"{each}$", problem) for each in DEVIATIONS)]
    assert sorted(unexplained) == []
    stale = [each for each in DEVIATIONS if not any(re.search(f"{each}$", problem) for problem in found)]
    assert stale == []
    exports = {"createDataExport", "getDataExport", "downloadDataExport", "cancelDataExport"}
    assert {operation.name for operation in OPERATIONS} - asked == exports


def test_an_export_job_is_described_in_every_state(description, lively_api):
    bounds = {"created_at_after": 1, "created_at_before": 1_900_000_000}
    job = lively_api.post("/export/content/data", json=bounds).json()
    answers = [("createDataExport", job)]
    answers += [
        ("getDataExport", lively_api.get(f"/export/content/data/{job['job_identifier']}").json()) for _ in range(3)
    ]
    answers.append(("cancelDataExport", lively_api.post(f"/export/cancel/{job['job_identifier']}").json()))
    for name, answer in answers:
        assert list(description.problems(description.schema(name), answer, name)) == []


def test_errors_have_the_described_envelope(description, api):
    schema = {"$ref": "#/components/schemas/error"}
    for path in ("/contacts/x", "/companies/x", "/calls", "/nothing", "/contacts?starting_after=x", "/visitors"):
        response = api.get(path)
        assert response.status_code >= 400
        assert list(description.problems(schema, response.json(), "error")) == []

"""A listing that contradicts itself stops its resource and names the evidence; the others and the next run go on."""

import pytest

from tests.sources.intercom.test_source import Workspace, ticket
from tests.support.workspace import load, rows

ON = {"type": "pages", "next": {"starting_after": "again"}}
CONTRADICTIONS = {
    "/tickets/search": [
        ({"tickets": [ticket("1")], "pages": ON}, "for the second time"),
        ({"tickets": [], "pages": ON}, "an empty page that names a next one"),
        ({"tickets": {"1": ticket("1")}}, "no list 'tickets'"),
    ],
    "/companies/scroll": [
        ({"data": [{"id": "c"}], "scroll_param": "p"}, "the scroll repeats the page of record 'c'"),
    ],
}


@pytest.mark.parametrize(
    ("path", "answer", "evidence"),
    [(path, *contradiction) for path, found in CONTRADICTIONS.items() for contradiction in found],
)
def test_a_contradiction_stops_its_resource_with_the_evidence_and_the_next_run_goes_on(
    tmp_path, path, answer, evidence
):
    database = tmp_path / "closed.duckdb"
    resource = path.split("/")[1]
    with Workspace({path: answer, "/tags": {"data": [{"type": "tag", "id": 1, "name": "vip"}]}}) as server:
        outcome = load(server, database, resource, "tags")
        [failure] = outcome.report.failures
        assert (outcome.exit_code, failure.resource) == (1, resource)
        assert evidence in str(failure.error)
        assert rows(database, "SELECT id FROM intercom_raw.tags") == [("1",)]
        server.contents[path] = {"data": [], "tickets": []}
        assert load(server, database, resource).status == "complete"

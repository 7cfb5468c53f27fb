"""Companies: each once in a load package, however often a broken scroll brings it."""

import pytest

from sources.intercom.api.errors import IntercomError
from sources.intercom.resources.companies import company_rows, read
from sources.intercom.rows.table import REMOVES
from tests.support.network.loopback import NOT_FOUND


def test_a_company_that_a_new_scroll_brings_again_is_taken_once(serve, begin):
    """Two versions of one company in a load package would merge the lists of both."""
    asked = iter(range(100))

    def answer(request):
        number = next(asked)
        if number == 1:
            return NOT_FOUND
        if "scroll_param" in request.query:
            return {"data": [{"id": "2"}] if number == 3 else [], "scroll_param": "t"}
        return {"data": [{"id": 1, "name": f"asked {number}"}], "scroll_param": "t"}

    _, client = serve(answer)
    reading = begin(client, resource="companies")
    companies = [row for tables in read(reading) for table, page in tables if table.name == "companies" for row in page]
    assert companies == [{"id": "1", "name": "asked 0"}, {"id": "2"}]
    assert reading.report.count_records == 2


def test_a_company_without_id_is_an_error_of_the_resource(serve, begin):
    _, client = serve(lambda request: {"data": [{"name": "x"}], "scroll_param": "t"})
    with pytest.raises(IntercomError):
        list(read(begin(client, resource="companies")))


def test_missing_keys_are_normal():
    tables = {table.name: page for table, page in company_rows([{"id": "1", "company_id": 7, "plan": {}}])}
    assert tables["companies"] == [{"id": "1", "company_id": "7"}]
    assert tables["company_tags"] == tables["company_segments"] == [{"company_id": "1", REMOVES: True}]


def test_plan_becomes_columns_and_attributes_stay_whole():
    company = {"id": "1", "plan": {"type": "plan", "id": 5, "name": "Pro"}, "custom_attributes": {"a": {"b": 1}}}
    tables = {table.name: page for table, page in company_rows([company])}
    assert tables["companies"] == [
        {"id": "1", "plan__type": "plan", "plan__id": "5", "plan__name": "Pro", "custom_attributes": {"a": {"b": 1}}}
    ]

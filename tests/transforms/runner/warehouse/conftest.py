"""Where a build keeps what others have: both databases, and a role that is not the owner's."""

import pytest


@pytest.fixture(params=["duckdb", "postgres"])
def anywhere(request):
    return request.getfixturevalue({"duckdb": "house", "postgres": "postgres_house"}[request.param])


@pytest.fixture
def analyst(postgres_house):
    postgres_house.execute("drop role if exists analyst; create role analyst")
    yield "analyst"
    postgres_house.execute("drop owned by analyst; drop role analyst")

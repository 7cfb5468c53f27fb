"""Whether a script has to run again: by what its own last run has left."""

import dlt
import pytest

from sources.intercom import intercom_source, is_going_on
from tests.support.network.loopback import Loopback

pytestmark = pytest.mark.end_to_end

NOON = 1_714_564_800  # 2024-05-01 12:00 UTC
CONTACTS = [{"id": f"c{number}"} for number in range(3)]


def answer(request):
    if request.path == "/me":
        return {"type": "admin", "app": {"type": "app", "id_code": "abc", "name": "T"}}
    if request.path == "/contacts":
        start = int(request.query.get("starting_after", 0))
        pages = {"next": {"starting_after": str(start + 1)}} if start + 1 < len(CONTACTS) else {}
        return {"type": "list", "data": CONTACTS[start : start + 1], "pages": pages, "total_count": len(CONTACTS)}
    return {"type": "list", "data": []}


def test_what_another_script_has_left_is_none_of_this_ones_business(tmp_path):
    pipeline = dlt.pipeline("left", str(tmp_path), destination=dlt.destinations.duckdb(str(tmp_path / "left.duckdb")))
    with Loopback(answer) as server:

        def run(name):
            source = intercom_source("token", server.url, resources=[name], records_per_run=1)
            pipeline.run(source, loader_file_format="parquet")
            return is_going_on(pipeline)

        assert run("contact_segments")
        assert not run("tags")
        assert [run("contact_segments"), run("contact_segments")] == [True, False]


def test_a_search_that_hides_a_record_behind_one_that_came_twice_is_read_again_once(tmp_path):
    """What was listed is loaded: a run that fails would lose that the gap is known, and so would every later one."""
    parts = {"type": "ticket_part.list", "ticket_parts": [], "total_count": 0}
    tickets = [{"id": str(number), "updated_at": NOON + number, "ticket_parts": parts} for number in range(6)]
    pages = {None: tickets[:3], "3": [tickets[2], *tickets[4:]]}  # the ticket 3 is hidden

    def searched(request):
        if request.path != "/tickets/search":
            return answer(request)
        page_cursor = request.starting_after
        following = {"next": {"starting_after": "3"}} if page_cursor is None else {}
        return {"type": "ticket.list", "tickets": pages[page_cursor], "pages": following, "total_count": 6}

    pipeline = dlt.pipeline("twice", str(tmp_path), destination=dlt.destinations.duckdb(str(tmp_path / "twice.duckdb")))
    with Loopback(searched) as server:
        for is_left in (True, False):
            source = intercom_source("token", server.url, resources=["tickets"])
            pipeline.run(source, loader_file_format="parquet")
            with pipeline.sql_client() as client:
                assert client.execute_sql("SELECT count(*) FROM tickets") == [(5,)]
            assert is_going_on(pipeline) == is_left

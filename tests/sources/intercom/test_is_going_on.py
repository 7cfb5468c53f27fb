"""Whether a script has to run again: by what its own last run has left."""

import dlt

from sources.intercom import intercom_source, is_going_on
from tests.support.loopback import Loopback

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

"""What goes to dlt goes with the state that says so, whatever ends the reading."""

import pytest

from pipelines.destination.target import Target
from sources.intercom.api.http.client import Client
from sources.intercom.api.lists.page import Stray
from sources.intercom.chunk_source import chunk_source
from sources.intercom.reading.resource import Resource
from sources.intercom.schema import TABLES

pytestmark = pytest.mark.end_to_end

TAGS = TABLES["tags"]
COUNT_ROWS = 5


def test_rows_that_the_state_counts_as_loaded_are_also_where_a_stray_can_be_remembered_no_more(tmp_path, begin):
    def read(reading):
        reading.unreadable.is_listed_whole = False
        yield [(TAGS, [{"id": str(number)} for number in range(COUNT_ROWS)])]
        reading.strays.append(Stray("a place", "no id", (1, 5)))
        reading.state["watermark"], reading.state["pass"] = 500, {}

    target = Target(database=tmp_path / "loaded.duckdb")
    with Client.connect("http://127.0.0.1:9", "token", 0.9, connections=1) as client:
        begun = begin(client, resource="tags", most_remembered=0)
        target.pipeline().run(chunk_source(begun.session, begun.chunk, (Resource("tags", (TAGS,), read, ()),)))
    assert begun.session.report.of("tags").status == "failed"
    with target.pipeline().sql_client() as sql:
        assert sql.execute_sql("SELECT count(*) FROM tags") == [(COUNT_ROWS,)]

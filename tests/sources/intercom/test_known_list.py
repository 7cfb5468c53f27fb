"""Lists that every sync compares whole: what vanished is marked, whatever kind of sync notices it."""

from sources.intercom.deletions import DELETED_RECORDS
from sources.intercom.resources import RESOURCES
from tests.sources.intercom.loopback import Reply

NEWS = RESOURCES["news_items"]


class Workspace:
    """Lists news items, and gives each by its own call."""

    def __init__(self, *ids):
        self.ids = list(ids)

    def __call__(self, request):
        record_id = request.path.removeprefix("/news/news_items").strip("/")
        if not record_id:
            return {"type": "list", "data": [{"id": one, "updated_at": 1} for one in self.ids], "pages": {}}
        return {"id": record_id} if record_id in self.ids else Reply({"type": "error.list", "errors": []}, 404)


def read(reading):
    """Return the ids of the rows, and those of the marks."""
    [tables] = NEWS.read(reading)
    found = {table.name: [row["id"] for row in rows] for table, rows in tables}
    return found["news_items"], found[DELETED_RECORDS.name]


def test_a_full_refresh_reads_all_again_and_still_notices_what_vanished(serve, begin):
    workspace, state = Workspace("1", "2", "3"), {}
    _, client = serve(workspace)
    assert read(begin(client, state, resource="news_items")) == (["1", "2", "3"], [])
    workspace.ids.remove("2")
    assert read(begin(client, state, resource="news_items", from_scratch=True)) == (["1", "3"], ["2"])
    assert read(begin(client, state, resource="news_items")) == ([], [])

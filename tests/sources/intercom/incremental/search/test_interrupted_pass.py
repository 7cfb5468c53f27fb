"""A pass that a kill, an error or a refused page cursor interrupts: the next chunk or run goes on where it was."""

import pytest

from sources.intercom.api.errors import BadAnswer, PageCursorRefused
from tests.support.network.loopback import Reply
from tests.support.searches.passes import read_pages
from tests.support.searches.searchable import NOW
from tests.support.searches.ticket_search import TICKETS, Workspace, chunk, record, run, whole


def test_a_killed_chunk_is_read_again(serve, begin, old):
    """State and rows are committed together, so a killed run keeps the state from before its chunk."""
    _, client = serve(Workspace(*old))
    committed = {}
    chunk(begin(client, committed, records=2))
    lost = {name: (dict(value) if isinstance(value, dict) else value) for name, value in committed.items()}
    chunk(begin(client, lost, records=2))
    assert run(begin, client, committed) == [one["id"] for one in old][2:]


def test_an_expired_page_cursor_leads_back_to_the_watermark(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    first = chunk(begin(client, state, records=2))
    workspace.refused.add(state["pass"]["page_cursor"])
    assert set(first) | set(run(begin, client, state)) == {one["id"] for one in old}


@pytest.mark.parametrize("overlap_seconds", [0, 150])
def test_a_page_cursor_that_expires_while_the_pass_is_read_leads_back_in_the_same_run(
    serve, begin, old, overlap_seconds
):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    workspace.refused = {f"{one['updated_at']}|{one['id']}" for one in old}  # each of them once
    state = {}
    read = run(begin, client, state, overlap_seconds=overlap_seconds)
    assert sorted(read) == sorted(one["id"] for one in old)
    assert (state["watermark"], "pass" in state) == (old[-1]["updated_at"], False)


@pytest.mark.parametrize("records", [5, 100], ids=["by a later run", "on the way"])
def test_a_search_that_ignores_the_sort_starts_over_where_its_page_cursor_is_refused(serve, begin, caplog, records):
    """Newest first: all that is older than what was reached would be lost."""
    all_of_it = [record(str(number), NOW - 100_000 + number * 2_000) for number in range(12)]
    workspace = Workspace(*all_of_it, is_newest_first=True)
    _, client = serve(workspace)
    state = {}
    workspace.refused.add(f"{all_of_it[6]['updated_at']}|6")
    read = chunk(begin(client, state, records=records))
    read += run(begin, client, state, records=records) if "pass" in state else []
    assert sorted(read, key=int) == [one["id"] for one in all_of_it]
    assert (workspace.refused, state["watermark"], "pass" in state) == (set(), all_of_it[-1]["updated_at"], False)
    assert caplog.text.count("Intercom does not list by `updated_at`") == 1


@pytest.mark.parametrize("records", [4, 100], ids=["by a later run", "on the way"])
@pytest.mark.parametrize("shown_at", [NOW * 1_000, NOW + 86_400], ids=["in milliseconds", "tomorrow"])
def test_a_moment_that_cannot_have_been_is_not_reached_where_a_page_cursor_is_refused(
    serve, begin, old, records, shown_at
):
    """Where the search goes on again from what was reached, all in between would be lost."""
    workspace = Workspace(*old)

    def answer(request):
        reply = workspace(request)
        if reply.status == 200:
            reply.content["tickets"] = [
                {**one, "updated_at": shown_at} if one["id"] == "3" else one for one in reply.content["tickets"]
            ]
        return reply

    _, client = serve(answer)
    workspace.refused.add(f"{old[3]['updated_at']}|3")
    state = {}
    read = chunk(begin(client, state, records=records))
    read += run(begin, client, state, records=records) if "pass" in state else []
    assert set(read) == {one["id"] for one in old}
    assert (workspace.refused, state["watermark"], "pass" in state) == (set(), old[-1]["updated_at"], False)


def test_a_search_that_ignores_the_sort_does_not_go_on_behind_a_page_that_fails(serve, begin):
    """No moment leads behind it."""
    all_of_it = [record(str(number), NOW - 100_000 + number * 2_000) for number in range(12)]
    workspace = Workspace(*all_of_it, is_newest_first=True)
    failing = f"{all_of_it[6]['updated_at']}|6"
    _, client = serve(lambda request: Reply(b"", 502) if request.starting_after == failing else workspace(request))
    with pytest.raises(BadAnswer):
        run(begin, client, {})


def test_a_page_cursor_that_is_always_refused_ends_the_resource(serve, begin, old):
    answer = Workspace(*old)
    refusal = Reply({"type": "error.list", "errors": [{"code": "client_error"}]}, 400)
    server, client = serve(lambda request: refusal if request.starting_after else answer(request))
    with pytest.raises(PageCursorRefused):
        run(begin, client, {}, overlap_seconds=10_000)
    assert len(server.requests) < 20


def test_an_error_keeps_what_was_read_before_it(serve, begin, old):
    workspace = Workspace(*old)

    def answer(request):
        return workspace(request) if len(server.requests) < 3 else Reply(b"", 502)

    server, client = serve(answer)
    state = {}
    read = []
    with pytest.raises(BadAnswer):
        read.extend(one["id"] for batch in read_pages(TICKETS, begin(client, state), whole) for one in batch)
    _, well = serve(workspace)
    assert read + run(begin, well, state) == [one["id"] for one in old]


def test_an_interrupted_run_goes_on_where_it_was(serve, begin, old):
    workspace = Workspace(*old)
    _, client = serve(workspace)
    state = {}
    reading = begin(client, state)
    read = []
    for batch in read_pages(TICKETS, reading, whole):
        read += [one["id"] for one in batch]
        reading.session.stop.set()
    assert 2 <= len(read) < 7
    _, unstopped = serve(workspace)
    again = run(begin, unstopped, state)
    assert set(read + again) == {one["id"] for one in old}

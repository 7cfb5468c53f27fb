"""The small lists: shapes that differ from the description."""

import pytest

from sources.intercom.api.errors import AccessDenied, InvalidRequest, NotFound
from sources.intercom.api.explanation import explained
from sources.intercom.api.identity import Identity
from sources.intercom.resources import RESOURCES, reference, staff
from tests.support.network.loopback import Reply

ADMIN = {"type": "admin", "id": "5", "name": "Ada", "team_ids": [1, 2]}


def rows_of(tables, name):
    return next(rows for table, rows in tables if table.name == name)


@pytest.fixture
def client(serve):
    def start(**contents):
        return serve(lambda request: contents[request.path.strip("/")])[1]

    return start


@pytest.mark.parametrize(
    ("avatar", "columns"),
    [
        ({}, {}),
        ({"avatar": None}, {}),
        ({"avatar": "https://x/a.png"}, {"avatar__image_url": "https://x/a.png"}),
        (
            {"avatar": {"type": "avatar", "image_url": "https://x/a.png"}},
            {"avatar__type": "avatar", "avatar__image_url": "https://x/a.png"},
        ),
        ({"avatar": {"type": "avatar", "image_url": None}}, {"avatar__type": "avatar"}),
    ],
)
def test_a_picture_comes_in_every_form(client, begin, avatar, columns):
    tables = staff.admin_rows(staff.admins(begin(client(admins={"type": "admin.list", "admins": [ADMIN | avatar]}))))
    assert rows_of(tables, "admins") == [{"type": "admin", "id": "5", "name": "Ada", "team_ids": ["1", "2"]} | columns]


def test_pictures_are_asked_for(serve, begin):
    server, client = serve(lambda request: {"admins": []})
    staff.admins(begin(client))
    assert server.requests[0].query == {"display_avatar": "true"}


@pytest.mark.parametrize("levels", [{}, *({"admin_priority_level": odd} for odd in (None, {}, [], [5], "5", 5, True))])
def test_a_team_without_levels_has_members_without(client, begin, levels):
    team = {"type": "team", "id": "1", "admin_ids": [5, 5, "6"], **levels}
    tables = staff.team_rows(staff.teams(begin(client(teams={"teams": [team]}))))
    assert rows_of(tables, "team_admins") == [
        {"team_id": "1", "admin_id": "5", "priority_level": None},
        {"team_id": "1", "admin_id": "6", "priority_level": None},
    ]


def test_members_know_their_level(client, begin):
    levels = {"primary_admin_ids": [5], "secondary_admin_ids": ["5", 6]}
    team = {"id": "1", "admin_ids": [5, 6, 7], "admin_priority_level": levels}
    tables = staff.team_rows(staff.teams(begin(client(teams={"teams": [team]}))))
    levels_of = {row["admin_id"]: row["priority_level"] for row in rows_of(tables, "team_admins")}
    assert levels_of == {"5": "primary", "6": "secondary", "7": None}


@pytest.mark.parametrize("admin_ids", [{}, {"admin_ids": None}, {"admin_ids": []}])
def test_a_team_may_be_empty(client, begin, admin_ids):
    tables = staff.team_rows(staff.teams(begin(client(teams={"teams": [{"id": "1", **admin_ids}]}))))
    assert rows_of(tables, "team_admins") == []


def test_segments_of_both_kinds_are_asked_for_and_told_once(serve, begin):
    def answer(request):
        of_companies = request.query.get("type") == "company"
        found = [{"id": "1", "person_type": "company"}] if of_companies else [{"id": "2", "person_type": "user"}]
        return {"type": "segment.list", "segments": [*found, {"id": "3"}]}

    server, client = serve(answer)
    records, refusals = reference.segments(begin(client))
    models = {row["id"]: row["model"] for row in rows_of(reference.segment_rows(records), "segments")}
    assert models == {"1": "company", "2": "contact", "3": "contact"}
    assert refusals == {}
    assert {request.query.get("include_count") for request in server.requests} == {"true"}


def test_attributes_of_one_name_are_kept_apart_by_their_ids(serve, begin):
    def answer(request):
        own = {"name": "plan", "full_name": "custom_attributes.plan"}
        return {"data": [{"name": "name", "full_name": "name"}, own | {"id": 3}, own | {"id": 4}, own | {"id": 4}]}

    server, client = serve(answer)
    records, _ = reference.data_attributes(begin(client))
    rows = rows_of(reference.data_attribute_rows(records), "data_attributes")
    assert len(rows) == 9 == len({(row["model"], row["full_name"], row["id"]) for row in rows})
    assert {row["id"] for row in rows} == {"", "3", "4"}
    assert {request.query["include_archived"] for request in server.requests} == {"true"}


@pytest.mark.parametrize("key", ["data", "ticket_types"])
def test_attributes_of_ticket_types_become_rows(client, begin, key):
    attribute = {"id": "7", "ticket_type_id": 1, "name": "size", "input_options": {"multiline": True}}
    kind = {"id": "1", "name": "Bug", "ticket_type_attributes": {"type": "list", "data": [attribute]}}
    listed = reference.ticket_types(begin(client(ticket_types={"type": "list", key: [kind, {"id": "2"}]})))
    tables = reference.ticket_type_rows(listed)
    assert rows_of(tables, "ticket_types") == [{"id": "1", "name": "Bug"}, {"id": "2"}]
    assert rows_of(tables, "ticket_type_attributes") == [
        {"ticket_type_id": "1", "id": "7", "name": "size", "input_options": {"multiline": True}}
    ]


@pytest.mark.parametrize("me", [{}, {"app": None}, {"app": "abc"}, {"app": {"name": "T"}}, {"app": {"id_code": " "}}])
def test_a_workspace_that_does_not_name_itself_replaces_nothing(client, begin, me):
    """What is loaded keeps the rows of another workspace out."""
    reading = begin(client(), resource="workspace", identity=Identity.of(client(me=me)))
    assert list(RESOURCES["workspace"].read(reading)) == []


def test_a_list_that_moves_while_it_is_paged_has_each_record_once(serve, begin):
    def answer(request):
        if request.query.get("page") == "2":
            return {"data": [{"id": "2"}, {"id": "3"}], "pages": {"next": None}}
        return {"data": [{"id": "1"}, {"id": "2"}], "pages": {"next": "https://api.intercom.io/tags?page=2"}}

    _, client = serve(answer)
    [tables] = RESOURCES["tags"].read(begin(client, resource="tags"))
    assert [row["id"] for row in rows_of(tables, "tags")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "parameter_invalid", InvalidRequest),
        (400, "client_error", InvalidRequest),
        (403, "api_plan_restricted", AccessDenied),
        (404, "not_found", NotFound),
    ],
)
@pytest.mark.parametrize(("name", "refused"), [("data_attributes", "model"), ("segments", "type")])
def test_a_part_of_a_list_that_is_refused_leaves_the_others(serve, begin, name, refused, status, code, error):
    def answer(request):
        if request.query.get(refused) == "company":
            return Reply({"errors": [{"code": code}]}, status)
        return {"data": [{"id": request.query.get("model", "s"), "full_name": "a", "name": "a"}]}

    _, client = serve(answer)
    pages = RESOURCES[name].read(begin(client, resource=name))
    [(_, rows)] = next(pages)
    assert {row["id"] for row in rows} == ({"contact", "conversation"} if refused == "model" else {"s"})
    with pytest.raises(error, match=f"{status} {code}"):
        next(pages)


@pytest.mark.parametrize(("name", "part"), [("data_attributes", "model"), ("segments", "type")])
def test_a_part_that_is_loaded_stays_loaded_where_it_is_refused(serve, begin, name, part):
    refused, state = set(), {}

    def answer(request):
        if request.query.get(part) in refused:
            return Reply({"errors": [{"code": "parameter_invalid"}]}, 403)
        return {"data": [{"id": request.query.get(part, "contact"), "full_name": "a", "name": "a"}]}

    _, client = serve(answer)

    def read(**options):
        loaded = None
        try:
            for [(_, rows)] in RESOURCES[name].read(begin(client, state, resource=name, **options)):
                loaded = {row["id"] for row in rows}
        except AccessDenied as error:
            return loaded, error
        return loaded, None

    everything, error = read()
    assert (error, "company" in everything) == (None, True)
    refused.add("company")
    for _ in range(2):
        loaded, error = read()
        assert (loaded, type(error)) == (None, AccessDenied)
        assert f"`intercom-elt sync {name} --full-refresh` loads it without them" in str(explained(error, name))
        assert f"--exclude {name}" in str(error)
    del state["answered"]  # as the first releases have left it
    loaded, error = read()
    assert (loaded, type(error)) == (None, AccessDenied)
    loaded, error = read(from_scratch=True)
    assert (loaded, type(error), "--full-refresh" in str(error)) == (everything - {"company"}, AccessDenied, False)
    refused.clear()
    assert read() == (everything, None)

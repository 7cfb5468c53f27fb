"""The paging families P, C and B, and page cursors."""

import base64
import json

import pytest

from tests.support.simulated_api import SORTED


def walk(client, path, key, per_page):
    records, query = [], {"per_page": per_page}
    while True:
        page = client.get(path, params=query).json()
        records += page[key]
        if "next" not in page["pages"]:
            return records, page
        query["starting_after"] = page["pages"]["next"]["starting_after"]


@pytest.mark.parametrize(
    ("path", "key", "entity"), [("/contacts", "data", "contacts"), ("/conversations", "conversations", "conversations")]
)
def test_a_cursor_list_gives_every_record_once(api, truth, path, key, entity):
    records, last = walk(api, path, key, 7)
    assert sorted(record["id"] for record in records) == sorted(record["id"] for record in truth[entity])
    assert last["total_count"] == len(records)
    assert last["pages"]["page"] == last["pages"]["total_pages"] == -(-len(records) // 7)


def test_conversations_are_listed_newest_change_first(api):
    records, _ = walk(api, "/conversations", "conversations", 50)
    times = [record["updated_at"] for record in records]
    assert times == sorted(times, reverse=True)


def test_a_cursor_is_base64_of_sort_value_id_and_page(api):
    page = api.post(
        "/conversations/search", json={"query": {"field": "id", "operator": "!=", "value": "0"}, "sort": SORTED}
    ).json()
    value, record_id, number = json.loads(base64.b64decode(page["pages"]["next"]["starting_after"]))
    last = page["conversations"][-1]
    assert [value, str(record_id), number] == [last["updated_at"] * 1000, last["id"], 2]
    assert page["pages"]["next"]["page"] == 2


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "1234", "für", base64.b64encode(b"{}").decode(), base64.b64encode(b"[1,2]").decode()]
)
def test_what_no_response_gave_is_no_cursor(api, cursor):
    for response in (
        api.get("/contacts", params={"starting_after": cursor}),
        api.post(
            "/contacts/search",
            json={"query": {"field": "id", "operator": "!=", "value": "0"}, "pagination": {"starting_after": cursor}},
        ),
    ):
        assert response.status_code == 400
        assert response.json()["errors"][0]["code"] == "client_error"
        assert response.json()["errors"][0]["message"].startswith("Invalid starting_after param.")


def test_numbered_pages_carry_an_absolute_next_url_until_the_last(api, truth):
    url, ids = "/companies?per_page=50", []
    while url:
        page = api.get(url).json()
        ids += [company["id"] for company in page["data"]]
        url = page["pages"]["next"]
        assert url is None or url.startswith(str(api.base_url))
    assert sorted(ids) == sorted(company["id"] for company in truth["companies"] if company["user_count"])


def test_page_sizes_have_maxima(api):
    assert len(api.get("/contacts", params={"per_page": 500}).json()["data"]) == 150
    assert api.get("/contacts").json()["pages"]["per_page"] == 10
    assert api.get("/companies", params={"per_page": 61}).json()["errors"][0]["code"] == "parameter_invalid"
    assert api.get("/contacts", params={"per_page": 0}).status_code == 400


def test_a_list_without_matches_has_no_pages(api, search):
    records, pages = search(api, "tickets", {"field": "id", "operator": "=", "value": "0"})
    assert records == []
    assert pages[0]["pages"] == {"type": "pages", "page": 1, "per_page": 150, "total_pages": 0}


def test_the_last_page_can_say_next_null(lively, lively_api):
    lively.knobs(null_next=True, over_max_per_page="error")
    assert lively_api.get("/conversations", params={"per_page": 151}).status_code == 400
    page = lively_api.post("/tickets/search", json={"query": {"field": "id", "operator": "=", "value": "0"}}).json()
    assert page["pages"]["next"] is None
    assert lively_api.get("/articles", params={"per_page": 150}).json()["pages"]["next"] is None


LISTS = {
    "leave the key out": (
        *("/articles", "/articles/search?phrase=a", "/help_center/collections"),
        *("/news/news_items", "/news/newsfeeds", "/news/newsfeeds/{feed}/items"),
    ),
    "say null": (
        *("/admins/activity_logs?created_at_after=1", "/companies", "/contacts/{contact}/companies"),
        "/contacts/{contact}/notes",
    ),
}


@pytest.mark.parametrize(("ending", "path"), [(ending, path) for ending, paths in LISTS.items() for path in paths])
def test_a_list_by_page_number_ends_as_it_was_recorded(api, truth, ending, path):
    """Each as in its example of the official description, which has both ways."""
    path = path.format(feed=truth["newsfeeds"][0]["id"], contact=truth["contacts"][0]["id"])
    pages = api.get(f"{path}{'&' if '?' in path else '?'}page=100").json()["pages"]
    assert {"next" in pages: pages.get("next")} == {ending == "say null": None}


def test_a_record_updated_while_paging_ascending_is_repeated_not_lost(lively, lively_api):
    query = {
        "query": {"field": "updated_at", "operator": ">", "value": 0},
        "sort": SORTED,
        "pagination": {"per_page": 20},
    }
    wanted = {record["id"] for record in lively.truth()["conversations"]}
    seen = []
    while True:
        page = lively_api.post("/conversations/search", json=query).json()
        seen += [record["id"] for record in page["conversations"]]
        if "next" not in page["pages"]:
            break
        lively.clock(advance=5)
        lively.mutate(2, seed=len(seen), kinds=["conversation_teammate_replied"])
        query["pagination"]["starting_after"] = page["pages"]["next"]["starting_after"]
    assert wanted <= set(seen)
    assert len(seen) > len(wanted)

"""Articles, collections, help centers and news."""

import pytest


def numbered(client, path, **query):
    url, records, params = path, [], query
    while url:
        page = client.get(url, params=params).json()
        records += page["data"]
        url, params = page["pages"].get("next"), None
    assert page["total_count"] == len(records)
    return records


def test_articles_come_newest_first_without_statistics(api, truth):
    listed = numbered(api, "/articles", per_page=7)
    times = [article["updated_at"] for article in listed]
    assert times == sorted(times, reverse=True)
    assert sorted(article["id"] for article in listed) == sorted(article["id"] for article in truth["articles"])
    assert all("statistics" not in article for article in listed)
    for article in truth["articles"]:
        assert api.get(f"/articles/{article['id']}").json() == article
    assert any("id" in article.get("translated_content", {}) for article in truth["articles"])


def test_a_search_answers_an_object_of_articles(api, truth):
    page = api.get("/articles/search", params={"phrase": "guide", "state": "draft", "highlight": "true"}).json()
    drafts = [article["id"] for article in truth["articles"] if article["state"] == "draft"]
    assert sorted(article["id"] for article in page["data"]["articles"]) == sorted(drafts)
    assert len(page["data"]["highlights"]) == len(drafts)
    counts = [
        api.get("/articles/search", params={"help_center_id": center["id"]}).json()["total_count"]
        for center in truth["help_centers"]
    ]
    assert 0 < sum(counts) < len(truth["articles"]), "some are in no collection"


def test_collections_carry_no_type_and_former_sections_a_parent(api, truth):
    listed = numbered(api, "/help_center/collections", per_page=3)
    assert sorted(each["id"] for each in listed) == sorted(each["id"] for each in truth["collections"])
    assert all("type" not in collection for collection in listed)
    assert any(collection["parent_id"] for collection in listed)
    assert api.get(f"/help_center/collections/{listed[0]['id']}").json() == listed[0]


def test_help_centers_are_not_paged(api, truth):
    assert api.get("/help_center/help_centers").json() == {"type": "list", "data": truth["help_centers"]}
    first = truth["help_centers"][0]
    assert api.get(f"/help_center/help_centers/{first['id']}").json() == first


@pytest.mark.parametrize(
    "path", ["/articles/1", "/help_center/collections/1", "/news/news_items/1", "/news/newsfeeds/1/items"]
)
def test_what_does_not_exist_is_not_found(api, path):
    response = api.get(path)
    assert (response.status_code, response.json()["errors"][0]["message"]) == (404, "Resource Not Found")


def test_news_and_their_feeds(api, truth):
    assert numbered(api, "/news/news_items") == truth["news_items"]
    assert numbered(api, "/news/newsfeeds", per_page=2) == truth["newsfeeds"]
    for feed in truth["newsfeeds"]:
        items = numbered(api, f"/news/newsfeeds/{feed['id']}/items")
        assert [{"newsfeed_id": feed["id"], **item} for item in items] == [
            each for each in truth["newsfeed_items"] if each["newsfeed_id"] == feed["id"]
        ]
        assert all(item["state"] == "live" for item in items)
    assert api.get(f"/news/newsfeeds/{feed['id']}/items", params={"per_page": 60}).json()["pages"]["per_page"] == 20


def test_news_pages_can_continue_by_an_object(lively, lively_api):
    lively.knobs(news_next="object")
    first = lively_api.get("/news/news_items").json()
    following = first["pages"]["next"]
    assert following["page"] == 2
    second = lively_api.get("/news/news_items", params={"starting_after": following["starting_after"]}).json()
    assert first["data"] + second["data"] == lively.truth()["news_items"]

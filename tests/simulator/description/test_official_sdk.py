"""Intercom's own Python SDK reads every list and object through its own code."""

from collections.abc import Iterable

import pytest
from intercom import Intercom
from intercom.types import SingleFilterSearchRequest, StartingAfterPaging

EVERYTHING = SingleFilterSearchRequest(field="updated_at", operator=">", value=1)


@pytest.fixture(scope="module")
def sdk(quiet):
    return Intercom(token=quiet.token, base_url=quiet.url, timeout=20)


def ids(records: Iterable):
    return sorted(record.id for record in records)


def ids_of(truth, entity):
    return sorted(record["id"] for record in truth[entity])


def test_the_small_lists(sdk, truth):
    assert sdk.admins.identify().app.id_code == truth["workspace"][0]["id_code"]
    assert ids(sdk.admins.list().admins) == ids_of(truth, "admins")
    assert ids(sdk.teams.list().teams) == ids_of(truth, "teams")
    assert ids(sdk.tags.list().data) == ids_of(truth, "tags")
    assert ids(sdk.subscription_types.list().data) == ids_of(truth, "subscription_types")
    assert ids(sdk.ticket_types.list().data) == ids_of(truth, "ticket_types")
    people = [segment["id"] for segment in truth["segments"] if segment["person_type"] != "company"]
    assert ids(sdk.segments.list(include_count=True).segments) == sorted(people)
    for model in ("contact", "company"):
        known = [each["full_name"] for each in truth["data_attributes"] if each["model"] == model]
        read = sdk.data_attributes.list(model=model, include_archived=True).data
        assert [attribute.full_name for attribute in read] == known


def test_objects_by_id(sdk, truth):
    for find, entity in (
        (lambda key: sdk.admins.find(int(key)), "admins"),
        (sdk.teams.find, "teams"),
        (sdk.tags.find, "tags"),
        (sdk.segments.find, "segments"),
        (sdk.ticket_types.get, "ticket_types"),
        (sdk.contacts.find, "contacts"),
        (sdk.companies.find, "companies"),
        (lambda key: sdk.conversations.find(int(key)), "conversations"),
        (sdk.tickets.get, "tickets"),
        (lambda key: sdk.articles.find(int(key)), "articles"),
        (lambda key: sdk.help_centers.find(int(key)), "help_centers"),
        (lambda key: sdk.help_centers.collections.find(int(key)), "collections"),
        (lambda key: sdk.news.items.find(int(key)), "news_items"),
        (sdk.news.feeds.find, "newsfeeds"),
    ):
        record = truth[entity][0]
        assert find(record["id"]).id == record["id"], entity


def test_lists_by_cursor_to_the_end(sdk, truth):
    assert ids(sdk.contacts.list(per_page=50)) == ids_of(truth, "contacts")
    assert ids(sdk.conversations.list(per_page=100)) == ids_of(truth, "conversations")


def test_the_first_page_of_searches(sdk, truth):
    # Only the first: this SDK's pager sends its first body again, without the cursor, and never ends.
    page = StartingAfterPaging(per_page=150)
    for client, entity in ((sdk.contacts, "contacts"), (sdk.conversations, "conversations"), (sdk.tickets, "tickets")):
        found = client.search(query=EVERYTHING, pagination=page).items
        assert len(found) == min(150, len(truth[entity]))


def test_lists_by_page(sdk, api, truth):
    used = [company["id"] for company in truth["companies"] if company["user_count"]]
    companies = sdk.companies.list(per_page=60).items
    assert len(companies) == min(60, len(used))
    assert set(ids(companies)) <= set(used)
    api.delete("/_simulator/scroll")  # another test may have left one open
    assert len(sdk.companies.scroll().items) == 100
    articles = sdk.articles.list(per_page=25).items
    assert len(articles) == min(25, len(truth["articles"]))
    assert set(ids(articles)) <= set(ids_of(truth, "articles"))
    assert ids(sdk.help_centers.collections.list().items) == ids_of(truth, "collections")
    assert ids(sdk.help_centers.list().items) == ids_of(truth, "help_centers")
    assert ids(sdk.news.feeds.list().data) == ids_of(truth, "newsfeeds")
    assert len(sdk.news.items.list().data) == 10
    assert sdk.articles.search(phrase="how").data.articles
    assert sdk.admins.list_all_activity_logs(created_at_after="1").activity_logs


def test_what_hangs_on_contacts_and_companies(sdk, truth):
    contact = max(truth["contacts"], key=lambda each: each["tags"]["total_count"])
    tags = sdk.contacts.list_attached_tags(contact["id"]).data
    assert [tag.applied_at for tag in tags] == [tag["applied_at"] for tag in contact["tags"]["data"]]
    assert ids(sdk.contacts.list_attached_segments(contact["id"]).data) == ids_of(contact["segments"], "data")
    chosen = sdk.contacts.list_attached_subscriptions(contact["id"]).data
    assert ids(chosen) == ids_of(contact["subscriptions"], "data")
    notes = list(sdk.notes.list(contact["id"], per_page=50))
    assert ids(notes) == ids_of(contact["notes"], "data")
    assert sdk.notes.find(int(notes[0].id)).body == notes[0].body
    company = max(truth["companies"], key=lambda each: each["user_count"])
    assert len(sdk.companies.list_attached_contacts(company["id"]).data) == company["user_count"]
    assert sdk.companies.retrieve(company_id=company["company_id"]).id == company["id"]


def test_events_visitors_and_exports(sdk, truth, lively):
    contact_id = truth["data_events"][0]["intercom_user_id"]
    assert sdk.events.list(type="user", intercom_user_id=contact_id, summary=True).events
    visitor = truth["visitors"][0]
    assert sdk.visitors.find(user_id=visitor["user_id"]).id == visitor["id"]
    other = Intercom(token=lively.token, base_url=lively.url, timeout=20)
    job = other.data_export.create(created_at_after=1, created_at_before=1_900_000_000)
    statuses = [other.data_export.find(job.job_identifier).status for _ in range(2)]
    assert (job.status, *statuses) == ("pending", "in_progress", "completed")
    assert other.data_export.cancel(job.job_identifier).status == "completed"

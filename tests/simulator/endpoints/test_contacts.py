"""Contacts and their lists."""

import pytest


@pytest.fixture(scope="module")
def rich(truth):
    return max(truth["contacts"], key=lambda contact: contact["tags"]["total_count"])


def test_a_contact_shows_ten_of_each_list_and_its_own_endpoint_all(api, rich):
    shown = api.get(f"/contacts/{rich['id']}").json()
    paths = {"tags": 25, "notes": 11, "companies": 12}
    for name, count in paths.items():
        listing = shown[name]
        assert (len(listing["data"]), listing["total_count"], listing["has_more"]) == (10, count, True)
        assert listing["url"] == f"/contacts/{rich['id']}/{name}"
        assert all(item.keys() == {"type", "id", "url"} for item in listing["data"])
        everything = api.get(listing["url"]).json()["data"]
        assert sorted(item["id"] for item in everything) == sorted(item["id"] for item in rich[name]["data"])
    chosen = api.get(f"/contacts/{rich['id']}/subscriptions").json()["data"]
    assert chosen == rich["subscriptions"]["data"]
    assert len(chosen) > 10
    assert api.get(f"/contacts/{rich['id']}/tags").json()["data"] == rich["tags"]["data"]
    assert {"applied_at", "applied_by"} <= rich["tags"]["data"][0].keys()


def test_segments_of_a_contact(api, truth):
    contact = next(contact for contact in truth["contacts"] if contact["segments"]["data"])
    assert api.get(f"/contacts/{contact['id']}/segments").json()["data"] == contact["segments"]["data"]
    assert "segments" not in api.get(f"/contacts/{contact['id']}").json()


def test_a_note_is_found_by_its_id(api, rich):
    note = rich["notes"]["data"][0]
    assert api.get(f"/notes/{note['id']}").json() == note
    assert api.get("/notes/1").status_code == 404


@pytest.mark.parametrize("kind", ["contact_archived", "contact_deleted", "contact_merged"])
def test_a_contact_that_left_is_nowhere(lively, lively_api, search, kind):
    gone = lively.mutate(1, kinds=[kind])[0]
    for path in ("", "/tags", "/notes", "/companies", "/segments", "/subscriptions"):
        response = lively_api.get(f"/contacts/{gone['id']}{path}")
        assert (response.status_code, response.json()["errors"][0]["message"]) == (404, "User Not Found")
    found, _ = search(lively_api, "contacts", {"field": "updated_at", "operator": ">", "value": 0})
    assert gone["id"] not in [contact["id"] for contact in found]
    assert gone["id"] in [line["record"]["id"] for line in lively.gone()["contacts"]]


def test_the_oddities_are_there(truth):
    contacts = truth["contacts"]
    signed_up = [contact["signed_up_at"] for contact in contacts if contact["signed_up_at"]]
    assert any(at < 0 for at in signed_up)
    assert any(at > 1_000_000_000_000 for at in signed_up)
    assert {"lead", "user"} == {contact["role"] for contact in contacts}
    numbers = [contact["custom_attributes"].get("Account Number") for contact in contacts]
    assert {int, str} <= {type(number) for number in numbers}
    assert any("browser" not in contact for contact in contacts)
    times = [contact["updated_at"] for contact in contacts]
    assert max(times.count(at) for at in times) > 5

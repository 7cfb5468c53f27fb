"""The small full lists."""

import pytest


def test_the_token_owner_and_the_workspace(api, truth):
    me = api.get("/me").json()
    assert me["app"] == truth["workspace"][0]
    assert me["avatar"]["type"] == "avatar"


@pytest.mark.parametrize(("form", "kind"), [("object", dict), ("text", str)])
def test_an_avatar_has_the_same_form_everywhere_if_it_is_wished_for(lively, lively_api, form, kind):
    lively.knobs(admin_avatar=form)
    admins = lively_api.get("/admins", params={"display_avatar": "true"}).json()["admins"]
    alone = lively_api.get(f"/admins/{admins[0]['id']}").json()
    assert {type(admin["avatar"]) for admin in (*admins, alone, lively_api.get("/me").json())} == {kind}


def test_admins_show_an_avatar_only_when_asked(api, truth):
    assert all("avatar" not in admin for admin in api.get("/admins").json()["admins"])
    assert api.get("/admins", params={"display_avatar": "true"}).json()["admins"] == truth["admins"]
    alone = api.get(f"/admins/{truth['admins'][0]['id']}").json()
    assert isinstance(alone["avatar"], str)


def test_a_departed_teammate_is_not_found(api, quiet):
    departed = quiet.gone()["admins"][0]["record"]["id"]
    error = api.get(f"/admins/{departed}").json()["errors"][0]
    assert error == {"code": "admin_not_found", "message": "Admin not found"}


def test_lists_equal_the_truth(api, truth):
    assert api.get("/teams").json()["teams"] == truth["teams"]
    assert api.get("/tags").json()["data"] == truth["tags"]
    assert api.get("/subscription_types").json()["data"] == truth["subscription_types"]
    for path, entity in (("/teams/", "teams"), ("/tags/", "tags"), ("/segments/", "segments")):
        assert api.get(f"{path}{truth[entity][0]['id']}").json() == truth[entity][0]
        assert api.get(f"{path}999999").status_code == 404


def test_company_segments_need_the_undocumented_type(api, truth):
    people = api.get("/segments").json()["segments"]
    companies = api.get("/segments", params={"type": "company", "include_count": "true"}).json()["segments"]
    assert [each["id"] for each in [*people, *companies]] == [each["id"] for each in truth["segments"]]
    assert all("count" in segment for segment in companies)


def test_archived_attributes_only_when_asked(api, truth):
    known = [each for each in truth["data_attributes"] if each["model"] == "contact"]
    plain = api.get("/data_attributes", params={"model": "contact"}).json()["data"]
    assert plain == [each for each in known if not each["archived"]]
    assert api.get("/data_attributes", params={"model": "contact", "include_archived": "true"}).json()["data"] == known
    assert all(("id" in each) == each["custom"] for each in known)

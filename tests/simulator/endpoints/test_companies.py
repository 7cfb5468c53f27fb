"""Companies besides the scroll."""


def test_the_list_hides_companies_without_users(api, truth):
    used = [company for company in truth["companies"] if company["user_count"]]
    assert len(used) < len(truth["companies"])
    page = api.post("/companies/list", params={"per_page": 60}).json()
    assert page["total_count"] == len(used)
    requested = [company.get("last_request_at", 0) for company in page["data"]]
    assert requested == sorted(requested, reverse=True)
    assert api.post("/companies/list", params={"order": "up"}).json()["errors"][0]["code"] == "parameter_invalid"


def test_ten_thousand_rows_are_the_end_of_the_list(api):
    response = api.post("/companies/list", params={"per_page": 60, "page": 167})
    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "bad_request")
    assert "page limit reached, please use scroll API" in response.json()["errors"][0]["message"]
    assert api.post("/companies/list", params={"per_page": 60, "page": 166}).json()["data"] == []


def test_a_company_is_found_by_its_own_id_or_name(api, truth):
    company = truth["companies"][3]
    for key in ("company_id", "name"):
        assert api.get("/companies", params={key: company[key]}).json() == company
    assert api.get("/companies", params={"company_id": "nobody"}).json()["errors"][0]["code"] == "company_not_found"


def test_companies_filter_by_tag_and_segment(api, truth):
    tagged = next(company for company in truth["companies"] if company["tags"]["tags"])
    found = api.get("/companies", params={"tag_id": tagged["tags"]["tags"][0]["id"], "per_page": 60}).json()["data"]
    assert tagged in found
    member = next(company for company in truth["companies"] if company["segments"]["segments"])
    segment = member["segments"]["segments"][0]
    found = api.get("/companies", params={"segment_id": segment["id"], "per_page": 60}).json()
    assert found["total_count"] == sum(segment in company["segments"]["segments"] for company in truth["companies"])


def test_the_users_of_a_company_are_those_who_name_it(api, truth):
    company = max(truth["companies"], key=lambda each: each["user_count"])
    found = api.get(f"/companies/{company['id']}/contacts", params={"per_page": 150}).json()
    members = [c["id"] for c in truth["contacts"] if company["id"] in [item["id"] for item in c["companies"]["data"]]]
    assert sorted(contact["id"] for contact in found["data"]) == sorted(members)
    assert found["total_count"] == company["user_count"] == len(members)


def test_unset_keys_are_missing(truth):
    assert any("last_request_at" not in company for company in truth["companies"])
    assert all(company.get("website", "") is not None for company in truth["companies"])


def test_an_archived_company_is_not_found(lively, lively_api):
    gone = lively.mutate(1, kinds=["company_archived"])[0]
    for path in ("", "/contacts", "/segments"):
        response = lively_api.get(f"/companies/{gone['id']}{path}")
        assert (response.status_code, response.json()["errors"][0]["code"]) == (404, "company_not_found")

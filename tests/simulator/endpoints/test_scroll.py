"""The company scroll as a state machine, with a clock that is moved."""


def error_of(response):
    return response.status_code, response.json()["errors"][0]["code"], response.json()["errors"][0]["message"]


def scroll(api, token=None):
    return api.get("/companies/scroll", params={"scroll_param": token} if token else {})


def test_a_scroll_gives_all_companies_by_hundreds_under_one_token_and_ends_empty(lively, lively_api):
    pages, token = [], None
    while not pages or pages[-1]["data"]:
        pages.append(scroll(lively_api, token).json())
        token = pages[-1]["scroll_param"]
    assert len({page["scroll_param"] for page in pages}) == 1
    assert len(pages[0]["data"]) == 100
    assert all(page["pages"] is None and page["total_count"] is None for page in pages)
    found = [company["id"] for page in pages for company in page["data"]]
    assert sorted(found) == sorted(company["id"] for company in lively.truth()["companies"])
    assert error_of(scroll(lively_api, token)) == (404, "not_found", "scroll parameter not found")


def test_one_scroll_at_a_time_for_a_minute(lively, lively_api):
    token = scroll(lively_api).json()["scroll_param"]
    exists = (400, "scroll_exists", "scroll already exists for this workspace")
    assert error_of(scroll(lively_api)) == exists
    lively.clock(advance=59)
    assert scroll(lively_api, token).status_code == 200
    lively.clock(advance=59)
    assert error_of(scroll(lively_api)) == exists  # the second page has reset the timer
    lively.clock(advance=1)
    assert error_of(scroll(lively_api, token))[:2] == (404, "not_found")
    assert scroll(lively_api).status_code == 200


def test_companies_that_go_leave_gaps_but_no_empty_page_before_the_end(lively, lively_api):
    lively.knobs(scroll_page_size=10, scroll_expiry_seconds=1_000_000)
    page = scroll(lively_api).json()
    left = {company["id"] for company in page["data"]}
    while len(lively.truth()["companies"]) > 20:
        lively.mutate(40, seed=2, kinds=["company_archived"])
    there = {company["id"] for company in lively.truth()["companies"]}
    while page["data"]:
        page = scroll(lively_api, page["scroll_param"]).json()
        left |= {company["id"] for company in page["data"]}
    assert there <= left


def test_companies_without_users_can_be_hidden(lively, lively_api):
    lively.knobs(scroll_hides_companies_without_users=True, scroll_page_size=1_000)
    used = [company for company in lively.truth()["companies"] if company["user_count"]]
    assert 0 < len(used) < len(lively.truth()["companies"])
    assert scroll(lively_api).json()["data"] == used


def test_the_token_can_change_with_every_page(lively, lively_api):
    lively.knobs(scroll_token_changes=True, scroll_page_size=40)
    first = scroll(lively_api).json()
    second = scroll(lively_api, first["scroll_param"]).json()
    assert (len(first["data"]), len(second["data"])) == (40, 40)
    assert first["scroll_param"] != second["scroll_param"]
    assert scroll(lively_api, first["scroll_param"]).status_code == 404

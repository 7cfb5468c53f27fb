"""A workspace that changes while it is read, and a search that lags behind."""


def test_changes_happen_after_every_so_many_requests(lively, lively_api):
    lively.churn(every=3, count=2)
    for _ in range(10):
        lively_api.get("/me")
    assert len(lively.churned()) == 6
    lively.churn(every=0)
    for _ in range(10):
        lively_api.get("/me")
    assert len(lively.churned()) == 6


def test_only_named_kinds_happen(lively, lively_api):
    lively.churn(every=1, count=9, kinds="contact_created,contact_archived")
    lively_api.get("/me")
    assert {change["kind"] for change in lively.churned()} == {"contact_created", "contact_archived"}


def test_a_new_record_is_found_only_after_the_lag(lively, lively_api, search):
    query = {"field": "updated_at", "operator": ">", "value": 0}
    before = len(search(lively_api, "conversations", query)[0])
    lively.knobs(index_lag_seconds=300)
    created = lively.mutate(1, kinds=["conversation_created"])[0]["id"]
    assert lively_api.get(f"/conversations/{created}").status_code == 200
    found, pages = search(lively_api, "conversations", query)
    assert created not in [record["id"] for record in found]
    assert pages[0]["total_count"] == before
    lively.clock(advance=300)
    found, pages = search(lively_api, "conversations", query)
    assert created in [record["id"] for record in found]
    assert pages[0]["total_count"] == before + 1


def test_a_deleted_record_is_listed_until_the_lag_is_over(lively, lively_api, search):
    query = {"field": "updated_at", "operator": ">", "value": 0}
    before = search(lively_api, "conversations", query)[1][0]["total_count"]
    lively.knobs(index_lag_seconds=60)
    [gone] = lively.mutate(1, kinds=["conversation_deleted"])
    found, pages = search(lively_api, "conversations", query)
    assert gone["id"] in [record["id"] for record in found]
    assert pages[0]["total_count"] == before
    assert lively_api.get(f"/conversations/{gone['id']}").status_code == 404
    lively.clock(advance=60)
    found, pages = search(lively_api, "conversations", query)
    assert gone["id"] not in [record["id"] for record in found]
    assert pages[0]["total_count"] == before - 1


def test_a_contact_that_is_back_before_the_lag_is_over_stays_listed(lively, lively_api, search):
    query = {"field": "updated_at", "operator": ">", "value": 0}
    lively.mutate(6, kinds=["contact_unarchived"])  # those that are archived from the start
    lively.knobs(index_lag_seconds=100_000)
    [archived] = lively.mutate(1, seed=1, kinds=["contact_archived"])
    [returned] = lively.mutate(1, seed=1, kinds=["contact_unarchived"])
    assert archived["id"] == returned["id"]
    for _ in range(2):
        assert archived["id"] in [record["id"] for record in search(lively_api, "contacts", query)[0]]
        lively.clock(advance=200_000)


def test_a_changed_record_keeps_its_old_place_until_the_lag_is_over(lively, lively_api, search):
    lively.knobs(index_lag_seconds=60)
    start = lively.clock()
    changed = lively.mutate(1, kinds=["conversation_noted"])[0]["id"]
    query = {"field": "updated_at", "operator": ">", "value": start - 1}
    assert changed not in [record["id"] for record in search(lively_api, "conversations", query)[0]]
    lively.clock(advance=61)
    assert changed in [record["id"] for record in search(lively_api, "conversations", query)[0]]


def test_changes_are_found_out_of_order_when_each_has_a_lag_of_its_own(lively, lively_api, search):
    lively.knobs(index_lag_seconds=86_400, uneven_index_lag=True)
    start = lively.clock(frozen=True)
    created = [change["id"] for change in lively.mutate(20, kinds=["conversation_created"])]
    lively.clock(advance=43_200)
    query = {"field": "updated_at", "operator": ">", "value": start - 1}
    found = {record["id"] for record in search(lively_api, "conversations", query)[0]}
    are_found = [identity in found for identity in created]
    assert are_found != sorted(are_found, reverse=True), "the later ones are not simply the missing ones"
    lively.clock(advance=43_201)
    assert set(created) <= {record["id"] for record in search(lively_api, "conversations", query)[0]}


def test_a_change_that_is_indexed_late_does_not_undo_a_later_one(lively, lively_api, search):
    lively.clock(frozen=True)
    lively.knobs(index_lag_seconds=300)
    changed = lively.mutate(1, kinds=["conversation_noted"])[0]["id"]
    lively.knobs(index_lag_seconds=0)
    for seed in range(500):
        later = lively.mutate(1, seed=seed, kinds=["conversation_noted"])[0]
        if later["id"] == changed:
            break
    lively.clock(advance=301)
    query = {"field": "updated_at", "operator": ">", "value": later["at"] - 1}
    assert changed in [record["id"] for record in search(lively_api, "conversations", query)[0]]

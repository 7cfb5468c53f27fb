"""Admin activity logs between two times."""


def test_logs_come_newest_first_between_two_times(api, truth):
    logs = sorted(truth["activity_logs"], key=lambda log: log["created_at"], reverse=True)
    after, before = logs[120]["created_at"], logs[20]["created_at"]
    url, found = "/admins/activity_logs", []
    params = {"created_at_after": after, "created_at_before": before, "per_page": 30}
    while url:
        page = api.get(url, params=params).json()
        assert page["type"] == "activity_log.list"
        assert "total_count" not in page
        found += page["activity_logs"]
        url, params = page["pages"]["next"], None
    assert [log["id"] for log in found] == [log["id"] for log in logs if after <= log["created_at"] <= before]


def test_the_start_is_required_in_this_version(lively, lively_api):
    error = lively_api.get("/admins/activity_logs")
    assert error.status_code == 404
    message = "Please provide the following parameters: created_at_after"
    assert error.json()["errors"][0] == {"code": "parameter_not_found", "message": message}
    lively.knobs(missing_created_at_after="default")
    page = lively_api.get("/admins/activity_logs", params={"per_page": 250}).json()
    since = lively.clock() - 30 * 86_400
    assert len(page["activity_logs"]) == sum(log["created_at"] >= since for log in lively.truth()["activity_logs"])


def test_too_wide_a_range_can_fail(lively, lively_api):
    lively.knobs(activity_log_widest_days=5)
    now = lively.clock()
    assert lively_api.get("/admins/activity_logs", params={"created_at_after": now - 6 * 86_400}).status_code == 500
    assert lively_api.get("/admins/activity_logs", params={"created_at_after": now - 5 * 86_400}).status_code == 200

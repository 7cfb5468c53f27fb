"""The content data export: a job that moves on with every poll, and its files."""

import csv
import gzip
import io
import zipfile

import httpx
import pytest

DAY = 86_400


def create(api, low, high):
    return api.post("/export/content/data", json={"created_at_after": low, "created_at_before": high})


def poll_to_end(api, identifier):
    statuses = []
    while True:
        response = api.get(f"/export/content/data/{identifier}")
        statuses.append(response.json()["status"])
        if statuses[-1] not in {"pending", "in_progress"}:
            return response, statuses


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_a_job_goes_from_pending_to_completed_and_its_zip_holds_every_kind_of_row(lively, lively_api):
    now = lively.clock()
    job = create(lively_api, now - 40 * DAY, now).json()
    assert (job["status"], job["download_url"], job["download_expires_at"]) == ("pending", "", "")
    response, statuses = poll_to_end(lively_api, job["job_identifier"])
    assert statuses == ["in_progress", "completed"]
    archive = zipfile.ZipFile(io.BytesIO(lively_api.get(response.json()["download_url"]).content))
    tables = {name.rsplit("_", 2)[0]: rows_of(archive.read(name)) for name in archive.namelist()}
    truth = lively.truth()
    since = now - 40 * DAY
    since -= since % DAY  # the first day counts whole
    expected = [receipt for receipt in truth["message_receipts"] if int(receipt["received_at"]) >= since]
    assert 0 < len(expected) < len(truth["message_receipts"])
    assert tables["receipts"] == expected
    chosen = {receipt["receipt_id"] for receipt in expected}
    assert tables["click"] == [row for row in truth["message_click"] if row["receipt_id"] in chosen]
    assert {"receipts", "open", "click"} <= tables.keys()


def test_gzip_holds_the_receipts_alone(lively, lively_api):
    lively.knobs(export_container="gzip", export_polls=1)
    now = lively.clock()
    job = create(lively_api, now - 90 * DAY, now).json()
    poll_to_end(lively_api, job["job_identifier"])
    content = lively_api.get(f"/download/content/data/{job['job_identifier']}").content
    assert content[:2] == b"\x1f\x8b"
    assert rows_of(gzip.decompress(content)) == lively.truth()["message_receipts"]


def test_rows_beyond_the_most_are_left_out_without_a_word(lively, lively_api):
    lively.knobs(export_container="gzip", export_polls=1, export_most_rows=7)
    job = create(lively_api, 0, lively.clock()).json()
    assert poll_to_end(lively_api, job["job_identifier"])[1] == ["completed"]
    content = lively_api.get(f"/download/content/data/{job['job_identifier']}").content
    assert rows_of(gzip.decompress(content)) == lively.truth()["message_receipts"][:7]


def test_one_job_at_a_time(lively, lively_api):
    now = lively.clock()
    job = create(lively_api, now - DAY, now).json()
    refused = create(lively_api, now - DAY, now)
    assert refused.status_code == 429
    assert refused.json()["errors"][0]["message"] == "Exceeded rate limit of 1 pending message data export jobs"
    canceled = lively_api.post(f"/export/cancel/{job['job_identifier']}").json()
    assert canceled["status"] == "canceled"
    assert create(lively_api, now - DAY, now).status_code == 200


def test_a_job_that_nobody_polls_ends_while_others_are_refused(lively, lively_api):
    now = lively.clock()
    first = create(lively_api, now - DAY, now)
    refused = [create(lively_api, now - DAY, now).status_code for _ in range(2)]
    assert [first.status_code, *refused] == [200, 429, 429]
    assert create(lively_api, now - DAY, now).status_code == 200


def test_an_empty_range_has_no_data(lively, lively_api):
    job = create(lively_api, 0, DAY).json()
    assert poll_to_end(lively_api, job["job_identifier"])[1][-1] == "no_data"


def test_a_failed_job_is_answered_with_504(lively, lively_api):
    lively.knobs(export_fails=True)
    job = create(lively_api, 0, lively.clock()).json()
    response, statuses = poll_to_end(lively_api, job["job_identifier"])
    assert (response.status_code, statuses[-1]) == (504, "failed")


def test_a_job_in_progress_for_more_than_a_day_has_failed(lively, lively_api):
    lively.knobs(export_polls=50)
    job = create(lively_api, 0, lively.clock()).json()
    assert lively_api.get(f"/export/content/data/{job['job_identifier']}").json()["status"] == "in_progress"
    lively.clock(advance=DAY + 1)
    assert lively_api.get(f"/export/content/data/{job['job_identifier']}").status_code == 504


def test_a_file_is_gone_after_two_days(lively, lively_api):
    job = create(lively_api, 0, lively.clock()).json()
    assert lively_api.get(f"/download/content/data/{job['job_identifier']}").status_code == 404
    poll_to_end(lively_api, job["job_identifier"])
    lively.clock(advance=2 * DAY - 1)
    assert lively_api.get(f"/download/content/data/{job['job_identifier']}").status_code == 200
    lively.clock(advance=1)
    gone = lively_api.get(f"/download/content/data/{job['job_identifier']}")
    assert (gone.status_code, gone.json()["errors"][0]["message"]) == (404, "Object not found.")


def test_a_redirected_download_needs_its_signature_and_no_token(lively, lively_api):
    lively.knobs(export_polls=1, export_redirects=True)
    job = create(lively_api, 0, lively.clock()).json()
    poll_to_end(lively_api, job["job_identifier"])
    answer = lively_api.get(f"/download/content/data/{job['job_identifier']}")
    link = answer.headers["location"]
    assert answer.status_code == 302
    assert lively_api.get(link).status_code == 400
    assert httpx.get(link.replace("signature=", "signature=x")).status_code == 403
    assert httpx.get(link.replace("expires=", "expires=x")).status_code == 403
    assert zipfile.ZipFile(io.BytesIO(httpx.get(link).content)).namelist()
    lively.clock(advance=60)
    assert httpx.get(link).status_code == 403


def test_a_job_counts_only_the_reactions_that_came_on_its_days(lively, lively_api):
    """In the receipts as in the other files: a click of a later day is in a job that has that day as well."""
    now = lively.clock()
    truth = lively.truth()
    sent = {one["receipt_id"]: int(one["received_at"]) for one in truth["message_receipts"]}
    late = next(one for one in truth["message_click"] if int(one["clicked_at"]) // DAY > sent[one["receipt_id"]] // DAY)
    receipt_id, clicked_at = late["receipt_id"], int(late["clicked_at"])
    told = []
    for high in (sent[receipt_id], clicked_at, now):
        job = create(lively_api, sent[receipt_id], high).json()
        poll_to_end(lively_api, job["job_identifier"])
        content = lively_api.get(f"/download/content/data/{job['job_identifier']}").content
        archive = zipfile.ZipFile(io.BytesIO(content))
        tables = {name.rsplit("_", 2)[0]: rows_of(archive.read(name)) for name in archive.namelist()}
        receipt = next(one for one in tables["receipts"] if one["receipt_id"] == receipt_id)
        clicks = [one["clicked_at"] for one in tables.get("click", []) if one["receipt_id"] == receipt_id]
        told.append((receipt["first_click"], clicks))
    assert told == [("", []), (str(clicked_at), [str(clicked_at)]), (str(clicked_at), [str(clicked_at)])]


def test_a_late_click_changes_the_receipt_of_an_old_message(lively, lively_api):
    before = {receipt["receipt_id"]: receipt for receipt in lively.truth()["message_receipts"]}
    clicked = lively.mutate(1, seed=2, kinds=["message_clicked"])[0]["id"]
    after = {receipt["receipt_id"]: receipt for receipt in lively.truth()["message_receipts"]}
    assert after[clicked]["first_click"]
    assert after[clicked]["received_at"] == before[clicked]["received_at"]


@pytest.mark.parametrize("body", [{}, {"created_at_after": 1}, {"created_at_after": "1", "created_at_before": 2}])
def test_both_bounds_are_required_integers(api, body):
    assert api.post("/export/content/data", json=body).status_code == 400
    assert api.get("/export/content/data/unknown").status_code == 404

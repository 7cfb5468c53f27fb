"""An export job from its creation to its file: what is waited for, what is given up, what is remembered."""

import gzip
import time
from dataclasses import replace
from datetime import date, timedelta
from email.utils import formatdate
from urllib.parse import urlencode

import pytest

from sources.intercom.api.errors import (
    BadAnswer,
    ExportFailed,
    ExportOccupied,
    IncompleteListing,
    NotFound,
    Stopped,
    Unreachable,
)
from sources.intercom.api.http.client import Client
from sources.intercom.export.days import Days, day_of
from sources.intercom.export.jobs import ExportJob, ExportJobs, KeptJob, Patience
from tests.support.network.loopback import NOT_FOUND, Loopback, Reply

MARCH = Days(date(2026, 3, 1), date(2026, 3, 31))
NOW = 1_774_999_000
OCCUPIED = Reply(
    {
        "type": "error.list",
        "errors": [
            {"code": "rate_limit_exceeded", "message": "Exceeded rate limit of 1 pending message data export jobs"}
        ],
    },
    429,
)
HASTE = Patience(first_seconds=0, limit_seconds=30)


def job_object(status, **fields):
    return {"job_identifier": "abc", "status": status, "download_url": "", "download_expires_at": "", **fields}


PENDING, COMPLETED = job_object("pending"), job_object("completed")
FAILED = Reply(job_object("failed"), 504)


@pytest.fixture
def jobs_at():
    """Serve answers in turn (the last one for ever) and return the server and the jobs seen through a client."""
    opened = []

    def start(*replies, patience=HASTE, kept=None):
        left = list(replies)
        server = Loopback(lambda request: left.pop(0) if len(left) > 1 else left[0]).__enter__()
        client = Client.connect(server.url, "token", 0.9, 4)
        opened.extend((client, server))
        return server, ExportJobs(client, kept or KeptJob(), patience)

    yield start
    for one in opened:
        one.__exit__(None, None, None)


def job(identifier="abc"):
    return ExportJob(identifier, MARCH, NOW)


def asked(server):
    return [(request.method, request.path) for request in server.requests]


def test_a_job_is_asked_for_in_whole_days(jobs_at):
    server, jobs = jobs_at(PENDING)
    assert jobs.create(MARCH, NOW) == job()
    assert server.requests[0].body == {"created_at_after": 1_772_323_200, "created_at_before": 1_775_001_599}


def test_the_misspelt_identifier_is_one_too(jobs_at):
    _, jobs = jobs_at({"job_identfier": "xyz", "status": "pending"})
    assert jobs.create(MARCH, NOW).identifier == "xyz"


def test_a_job_without_identifier_is_an_error(jobs_at):
    _, jobs = jobs_at({"status": "pending"})
    with pytest.raises(IncompleteListing, match="without job_identifier"):
        jobs.create(MARCH, NOW)


@pytest.mark.parametrize(("status", "has_data"), [("completed", True), ("no_data", False)])
def test_a_job_is_polled_until_its_end(jobs_at, status, has_data):
    server, jobs = jobs_at(PENDING, job_object("in_progress"), job_object(status))
    assert jobs.has_data(job("a/b")) is has_data
    assert asked(server) == [("GET", "/export/content/data/a%2Fb")] * 3


@pytest.mark.parametrize(
    ("end", "error"),
    [
        (FAILED, ExportFailed),
        (job_object("failed"), ExportFailed),
        (job_object("canceled"), NotFound),
        (NOT_FOUND, NotFound),
    ],
)
def test_a_job_that_comes_to_nothing_says_how(jobs_at, end, error):
    server, jobs = jobs_at(PENDING, end)
    with pytest.raises(error):
        jobs.has_data(job())
    assert len(server.requests) == 2


def test_a_504_of_a_gateway_is_no_failed_job(jobs_at):
    _, jobs = jobs_at(Reply(b"<html>504 Gateway Time-out</html>", 504), COMPLETED)
    assert jobs.has_data(job())


@pytest.mark.parametrize("count_days", [0, 2])
def test_a_job_that_does_not_end_is_kept_for_the_next_run(serve, count_days):
    """For a day, unless it cannot be canceled then: Intercom would refuse every other one."""
    _, client = serve(lambda request: Reply(b"", 502) if "cancel" in request.path else PENDING)
    jobs = ExportJobs(client, KeptJob(), Patience(0, 0.05))
    job = jobs.create(MARCH, int(time.time()) - count_days * 86_400)
    with pytest.raises(BadAnswer, match="still pending"):
        jobs.has_data(job)
    assert jobs.kept.job == job


@pytest.mark.parametrize("status", ["pending", "in a way that nobody knows"])
def test_a_job_that_does_not_end_within_a_day_is_canceled(serve, status):
    two_days_later = {"Date": formatdate(NOW + 2 * 86_400, usegmt=True)}
    server, client = serve(lambda _: Reply(job_object(status), headers=two_days_later))
    jobs = ExportJobs(client, KeptJob(), Patience(0, 0.05))
    job = jobs.create(MARCH, NOW)
    with pytest.raises(ExportFailed, match=f"still {status} after a day, and was canceled"):
        jobs.has_data(job)
    assert (jobs.kept.job, asked(server)[-1]) == (None, ("POST", "/export/cancel/abc"))


def test_somebody_elses_job_is_waited_for(jobs_at):
    server, jobs = jobs_at(OCCUPIED, OCCUPIED, OCCUPIED, PENDING)
    assert jobs.create_in_turn(MARCH, NOW) == job()
    assert len(server.requests) == 4
    assert jobs.client.tally.rate_limited == 0


def test_somebody_elses_job_is_not_waited_for_for_ever(jobs_at):
    _, jobs = jobs_at(OCCUPIED, patience=Patience(0, 0.05))
    with pytest.raises(ExportOccupied, match=r"Another tool or person exports content data"):
        jobs.create_in_turn(MARCH, NOW)


def test_looks_become_rarer():
    patience = Patience(first_seconds=2, limit_seconds=200)
    assert [patience.pause_seconds(waited) for waited in (0, 2, 10, 100, 180, 190)] == [2, 2, 5, 50, 20, 10]
    assert Patience(limit_seconds=10_000).pause_seconds(5_000) == 60


def test_an_interruption_ends_the_waiting_at_once(jobs_at):
    server, jobs = jobs_at(PENDING, patience=Patience(600, 3600))
    jobs.client.stop.set()
    with pytest.raises(Stopped):
        jobs.has_data(job())
    assert not server.requests


def test_an_interrupted_run_cancels_its_job(jobs_at, tmp_path):
    server, jobs = jobs_at(PENDING, job_object("canceled"), kept=KeptJob(tmp_path / "job.json"))
    jobs.create(MARCH, NOW)
    jobs.client.stop.set()
    jobs.give_up()
    assert asked(server)[1] == ("POST", "/export/cancel/abc")
    assert KeptJob(tmp_path / "job.json").job is None


def test_a_job_that_could_not_be_canceled_is_taken_up_by_the_next_run(jobs_at, tmp_path):
    server, jobs = jobs_at(PENDING, Reply(b"", 502), kept=KeptJob(tmp_path / "job.json"))
    jobs.create(MARCH, NOW)
    jobs.give_up()
    assert len(server.requests) == 2
    assert KeptJob(tmp_path / "job.json").job == ExportJob("abc", MARCH, NOW, is_inherited=True)


def test_without_a_job_there_is_nothing_to_cancel(jobs_at):
    server, jobs = jobs_at(PENDING)
    jobs.give_up()
    assert not server.requests


@pytest.mark.parametrize("content", ["", "{", "[]", '{"job_identifier": "a"}', '{"first_on": 5}'])
def test_a_broken_memory_is_no_memory(tmp_path, content):
    (tmp_path / "job.json").write_text(content)
    assert KeptJob(tmp_path / "job.json").job is None


RECEIPTS = b"receipt_id,received_at\n" + b"1,1772366400\n" * 2_000
PACKED = gzip.compress(RECEIPTS)
UNPACK = {"Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(PACKED, is_cut=True),
        Reply(PACKED[: len(PACKED) // 2]),
        Reply(PACKED + PACKED[:10], headers=UNPACK),
        Reply(b""),
        Reply(b"<html>nginx</html>", 502),
        Reply(b"<html>Maintenance</html>"),
    ],
    ids=["connection cut", "half a file", "half of two members", "empty", "502", "page"],
)
def test_a_download_that_is_not_whole_is_repeated(jobs_at, tmp_path, trouble):
    server, jobs = jobs_at(trouble, Reply(PACKED))
    jobs.download(job(), tmp_path / "export")
    assert (tmp_path / "export").read_bytes() == PACKED
    assert asked(server) == [("GET", "/download/content/data/abc")] * 2
    assert server.requests[0].headers["accept"] == "application/octet-stream"
    assert (jobs.client.tally.calls, jobs.client.tally.retries) == (2, 1)


def test_a_download_that_is_packed_in_two_members_is_whole(jobs_at, tmp_path):
    members = gzip.compress(RECEIPTS) + b"\0" * 512 + gzip.compress(b"2,1772366400\n")
    _, jobs = jobs_at(Reply(members, headers=UNPACK))
    jobs.download(job(), tmp_path / "export")
    assert (tmp_path / "export").read_bytes() == RECEIPTS + b"2,1772366400\n"


def test_a_download_that_has_expired_is_not_found(jobs_at, tmp_path):
    server, jobs = jobs_at(NOT_FOUND)
    with pytest.raises(NotFound):
        jobs.download(job(), tmp_path / "export")
    assert len(server.requests) == 1


SIGNATURE = {"X-Amz-Credential": "A/2026", "X-Amz-Signature": "a+b%/="}


@pytest.fixture
def stored():
    """Serve a storage's answers in turn, the last one for ever; return the server and Intercom's redirect to it."""
    opened = []

    def start(*replies, status=302):
        left = list(replies)
        storage = Loopback(lambda request: left.pop(0) if len(left) > 1 else left[0]).__enter__()
        opened.append(storage)
        return storage, Reply(b"", status, {"Location": f"{storage.url}/bucket/abc?{urlencode(SIGNATURE)}"})

    yield start
    for one in opened:
        one.__exit__(None, None, None)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_redirected_download_is_fetched_without_what_is_for_intercom_alone(jobs_at, stored, tmp_path, status):
    storage, redirect = stored(Reply(PACKED), status=status)
    _, jobs = jobs_at(redirect)
    jobs.download(job(), tmp_path / "export")
    assert (tmp_path / "export").read_bytes() == PACKED
    [request] = storage.requests
    assert (request.method, request.path, request.query) == ("GET", "/bucket/abc", SIGNATURE)
    assert set(request.headers) == {"host", "accept", "accept-encoding", "user-agent"}
    assert jobs.client.tally.calls == 1


@pytest.mark.parametrize(
    "trouble", [Reply(b"<Error><Code>AccessDenied</Code></Error>", 403), Reply(b"", 503), Reply(PACKED, is_cut=True)]
)
def test_a_redirected_download_that_fails_is_asked_for_again_through_intercom(jobs_at, stored, tmp_path, trouble):
    storage, redirect = stored(trouble, Reply(PACKED))
    server, jobs = jobs_at(redirect)
    jobs.download(job(), tmp_path / "export")
    assert (tmp_path / "export").read_bytes() == PACKED
    assert (len(server.requests), len(storage.requests)) == (2, 2)


def test_a_redirected_download_is_redirected_once(jobs_at, stored, tmp_path):
    storage, redirect = stored(Reply(b"", 302, {"Location": "/elsewhere?signature=secret"}))
    _, jobs = jobs_at(redirect)
    said = rf"GET {storage.url}/bucket/abc answered 302: the storage refuses the link to the file that Intercom gave"
    with pytest.raises(BadAnswer, match=said) as raised:
        replace(jobs, client=jobs.client.quick()).download(job(), tmp_path / "export")
    assert "ignature" not in str(raised.value)
    assert {request.path for request in storage.requests} == {"/bucket/abc"}


def test_a_storage_that_cannot_be_reached_is_named(jobs_at, tmp_path):
    _, jobs = jobs_at(Reply(b"", 302, {"Location": "http://127.0.0.1:1/abc?signature=secret"}))
    with pytest.raises(Unreachable, match=r"GET http://127\.0\.0\.1:1/abc: .*let the firewall or proxy") as raised:
        replace(jobs, client=jobs.client.quick()).download(job(), tmp_path / "export")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("reaction_days", "count_days", "count_smaller"),
    [(0, 31, 16), (0, 2, 1), (0, 1, None), (30, 46, 12), (30, 12, 6), (30, 31, None), (30, 90, 45)],
)
def test_a_smaller_job_covers_fewer_days_with_those_of_late_reactions(reaction_days, count_days, count_smaller):
    """Days until today, but for the twelve of 46: they are followed by as many as count."""
    today = day_of(NOW)
    first_on = today - timedelta(45 if count_days == 12 else count_days - 1)
    days = Days(first_on, first_on + timedelta(count_days - 1))
    jobs = ExportJobs(None, KeptJob(), HASTE, reaction_days)
    smaller = jobs.smaller(ExportJob("abc", days, NOW))
    assert smaller == (count_smaller and Days(first_on, first_on + timedelta(count_smaller - 1)))

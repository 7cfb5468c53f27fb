"""Over many nights, killed runs and jobs of others, every day of the content export is exported."""

import json
from datetime import timedelta
from threading import Event

import pytest

from sources.intercom.api.errors import BadAnswer, ExportFailed, NotFound
from sources.intercom.export import jobs
from sources.intercom.export.jobs import KeptJob
from sources.intercom.incremental.dlt_state import reset
from tests.support.exports.exporting_intercom import RECEIPT, Intercom, export
from tests.support.exports.mailing import DAY_SECONDS, NOW_AT, Copy, day
from tests.support.network.loopback import NOT_FOUND, Reply

GONE = Reply(NOT_FOUND.content, 410)
FAILED = Reply({"job_identifier": "job1", "status": "failed", "download_url": ""}, 504)
WITHOUT_RECEIPTS = {"receipts": RECEIPT.partition("\n")[0] + "\n"}


def test_days_that_a_killed_run_was_asked_for_are_exported_by_the_next_one():
    copy, asked = Copy(None), Intercom({"receipts": RECEIPT})
    export(asked, copy)
    copy.state["pass"] = {"from_on": str(day(NOW_AT - 15 * DAY_SECONDS))}
    export(asked, copy, days=3)
    assert day(asked.created[-1]["created_at_after"]) == day(NOW_AT - 15 * DAY_SECONDS)


@pytest.mark.parametrize("days_before", [18, 15, 12])
def test_the_job_of_a_killed_run_is_followed_by_the_other_days_that_this_run_was_asked_for(tmp_path, days_before):
    """It was one of several, over two days each."""
    copy, asked = Copy(None), Intercom({"receipts": RECEIPT})
    export(asked, copy)
    wished_on, asked.created = day(NOW_AT - 15 * DAY_SECONDS), []
    copy.state["pass"] = {"from_on": str(wished_on)}
    first_on = day(NOW_AT - days_before * DAY_SECONDS)
    job = {"first_on": str(first_on), "last_on": str(first_on + timedelta(1)), "created_at": NOW_AT}
    (tmp_path / "job.json").write_text(json.dumps(job | {"job_identifier": "left"}))
    export(asked, copy, kept=KeptJob(tmp_path / "job.json"), days=3, days_per_job=2)
    exported = {on for body in asked.created for on in days_between(body)}
    of_the_job = {first_on, first_on + timedelta(1)}
    assert exported | of_the_job >= {wished_on + timedelta(number) for number in range(16)}
    assert not exported & of_the_job or days_before < 15
    assert day(asked.created[-1]["created_at_before"]) == day(NOW_AT)


@pytest.mark.parametrize(
    ("settings", "nights"), [({"days_per_job": 7, "most_jobs": 4}, 4), ({"most_jobs": 1}, 4), ({"most_jobs": 2}, 2)]
)
def test_a_first_export_that_takes_several_nights_goes_on_where_it_was(settings, nights):
    """What is before it was exported with its late reactions."""
    copy, began_at = Copy(None), NOW_AT - 122 * DAY_SECONDS
    asked = [Intercom({"receipts": RECEIPT}, night, began_at=began_at) for night in range(nights)]
    for intercom in asked:
        assert "pass" in copy.state or intercom is asked[0]
        export(intercom, copy, first_days=200, **settings)
    first_days = [day(body["created_at_after"]) for intercom in asked for body in intercom.created]
    count_days = settings.get("days_per_job", 31)
    assert first_days == [day(began_at) + timedelta(count_days * number) for number in range(len(first_days))]
    assert "pass" not in copy.state


def test_jobs_that_end_a_night_later_each_bring_other_days(tmp_path):
    """Each takes longer than a run waits."""
    copy, first_days, file = Copy(None), [], tmp_path / "job.json"
    for night in range(5):
        intercom = Intercom({"receipts": RECEIPT}, night, began_at=NOW_AT - 122 * DAY_SECONDS)
        intercom.fates = [{"status": "completed"}] if night else []
        intercom.last_fate = {"status": "pending"}
        with pytest.raises(BadAnswer, match="still pending"):
            export(intercom, copy, kept=KeptJob(file), first_days=200, wait_seconds=0.1)
        first_days += [day(body["created_at_after"]) for body in intercom.created]
    started_on = day(NOW_AT - 122 * DAY_SECONDS)
    assert first_days[:4] == [started_on + timedelta(31 * number) for number in range(4)]


def test_a_job_that_is_older_than_what_another_machine_has_exported_is_left_alone(tmp_path):
    copy, file = Copy(None), tmp_path / "job.json"
    late = f"receipt_id,received_at,first_open\n1,{NOW_AT},{NOW_AT + DAY_SECONDS}\n"
    export(Intercom({"receipts": late}, 2, began_at=0), copy)
    job = {"first_on": "2026-02-28", "last_on": "2026-03-31", "created_at": NOW_AT, "job_identifier": "left"}
    file.write_text(json.dumps(job))
    here = Intercom({"receipts": late}, 2, began_at=0)
    export(here, copy, kept=KeptJob(file))
    assert [(day(body["created_at_after"]), day(body["created_at_before"])) for body in here.created] == [
        (day(NOW_AT - 28 * DAY_SECONDS), day(NOW_AT + 2 * DAY_SECONDS))
    ]
    assert not file.exists()


@pytest.mark.parametrize("dropped", [True, False])
def test_everything_is_exported_again_from_the_first_day_on_that_was(dropped):
    """The first export went back 90 days, a year ago; rules of privacy are to apply to all that is loaded."""
    copy = Copy(None)
    for night in (0, 300):
        export(Intercom({"receipts": RECEIPT}, night, began_at=0), copy)
    if dropped:
        reset(copy.state)
    again = Intercom({"receipts": RECEIPT}, 301, began_at=0)
    export(again, copy, wishes={} if dropped else {"from_scratch": True})
    assert day(again.created[0]["created_at_after"]) == day(NOW_AT - 90 * DAY_SECONDS)
    assert day(again.created[-1]["created_at_before"]) == day(NOW_AT + 301 * DAY_SECONDS)


def test_a_start_date_moved_back_is_obeyed_in_a_database_of_an_earlier_version():
    """It has not kept its first day: that is the one by the settings of the first run after."""
    copy, started = Copy(None), []
    export(Intercom({"receipts": RECEIPT}, began_at=0), copy)
    del copy.state["exported_from"]
    for days in (60, 60, 120, 120, 120):
        intercom = Intercom({"receipts": RECEIPT}, 1, began_at=0)
        export(intercom, copy, wishes={"start_at": NOW_AT - days * DAY_SECONDS})
        started.append((day(NOW_AT) - day(intercom.created[0]["created_at_after"])).days)
    assert started == [30, 29, 120, 29, 29]
    export(again := Intercom({"receipts": RECEIPT}, 1, began_at=0), copy, wishes={"from_scratch": True})
    assert day(again.created[0]["created_at_after"]) < day(NOW_AT - 1_000 * DAY_SECONDS)


def test_a_start_date_moved_back_is_obeyed_also_where_an_export_of_an_earlier_version_is_fresh():
    copy, started = Copy(None), Intercom({"receipts": RECEIPT}, 1, began_at=0)
    export(Intercom({"receipts": RECEIPT}, began_at=0), copy)
    del copy.state["exported_from"]
    for days, hours in ((60, 48.0), (120, 0.0)):
        export(started, copy, wishes={"start_at": NOW_AT - days * DAY_SECONDS}, hours=hours)
    assert (day(NOW_AT) - day(started.created[0]["created_at_after"])).days == 120


@pytest.mark.parametrize("first", [{"first_days": 30}, {"wishes": {"start_at": NOW_AT - 30 * DAY_SECONDS}}])
def test_more_first_days_are_called_so_and_no_start_date(caplog, first):
    """There is none; it may have been removed."""
    copy = Copy(None)
    for settings in (first, {"first_days": 60}):
        export(Intercom({"receipts": RECEIPT}, began_at=0), copy, **settings)
    told = "content_export: the first of the last 60 days (export_first_days) is earlier than before; "
    assert caplog.messages == [told + "everything since then is read"]


def days_between(body):
    first_on, last_on = day(body["created_at_after"]), day(body["created_at_before"])
    return [first_on + timedelta(number) for number in range((last_on - first_on).days + 1)]


@pytest.mark.parametrize(
    "trouble",
    [
        {"troubles": [NOT_FOUND]},
        {"troubles": [GONE]},
        {"fates": [NOT_FOUND]},
        {"fates": [GONE]},
        {"fates": [{"status": "canceled"}]},
    ],
    ids=["expired", "expired and gone", "forgotten", "gone", "canceled"],
)
def test_a_job_that_is_gone_is_followed_by_another_one(trouble):
    intercom = Intercom({"receipts": RECEIPT}, **trouble)
    assert len(export(intercom)["message_receipts"]) == 1
    assert intercom.created[0] == intercom.created[1]
    assert len(intercom.created) == 2


class Busy(Intercom):
    """A workspace of which other resources are read until it has a second export job."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.others_ended = Event()

    def __call__(self, request):
        if request.method == "POST" and self.created:
            self.others_ended.set()
        return super().__call__(request)


@pytest.mark.parametrize(
    ("fates", "is_last"),
    [([NOT_FOUND], True), ([FAILED], True), ([{"status": "no_data"}], False)],
    ids=["gone", "failed", "without receipts"],
)
def test_what_follows_a_job_in_vain_keeps_no_rows_of_others_waiting(monkeypatch, fates, is_last):
    monkeypatch.setattr(jobs, "PACKAGE_SECONDS", -1)  # the others end, and the load package with them
    copy, kept = Copy(None), KeptJob()
    export(Intercom({"receipts": RECEIPT}), copy)
    loaded, copy.rows = copy.rows, {}
    busy = Busy({"receipts": RECEIPT}, fates=[*fates, *fates])
    assert export(busy, copy, kept=kept, most_jobs=1, others_ended=busy.others_ended) == {}
    assert (len(busy.created), "pass" in copy.state) == (2, True)
    if is_last:
        with pytest.raises((NotFound, ExportFailed)):
            export(Intercom({"receipts": RECEIPT}, fates=fates), copy, kept=also_kept(kept))
    assert export(busy, copy, kept=kept)["message_receipts"] == loaded["message_receipts"]
    assert len(busy.created) == 2


def test_a_job_that_goes_on_after_it_was_not_found_keeps_no_rows_of_others_waiting():
    copy, kept, going_on = Copy(None), KeptJob(), {"status": "pending"}
    busy = Busy({"receipts": RECEIPT}, fates=[NOT_FOUND, going_on, going_on])
    assert export(busy, copy, kept=kept, most_jobs=1, others_ended=busy.others_ended) == {}
    assert len(export(busy, copy, kept=kept)["message_receipts"]) == 1
    assert len(busy.created) == 1


def also_kept(kept):
    """Return the same export job, kept apart."""
    other = KeptJob()
    other.keep(kept.job)
    return other


def test_after_a_failed_job_both_halves_are_exported():
    intercom = Intercom({"receipts": RECEIPT}, fates=[FAILED])
    assert len(export(intercom, days=0)["message_receipts"]) == 1
    whole, first, second = ((day(one["created_at_after"]), day(one["created_at_before"])) for one in intercom.created)
    assert (whole[0], whole[1]) == (first[0], second[1])
    assert (second[0] - first[1]).days == 1


@pytest.mark.parametrize(
    "trouble",
    [{"fates": [{"status": "no_data"}]}, {"troubles": [Reply(Intercom(WITHOUT_RECEIPTS).zipped())]}],
    ids=["no data", "a header"],
)
def test_a_job_without_any_receipt_is_believed_when_another_one_has_none_either(caplog, trouble):
    """Messages may have been deleted, or Intercom has no data for a moment."""
    copy = Copy(None)
    export(Intercom({"receipts": RECEIPT}), copy)
    once, always, then = Intercom({"receipts": RECEIPT}, **trouble), Intercom(WITHOUT_RECEIPTS), Intercom({})
    assert len(export(once, copy)["message_receipts"]) == 1
    assert once.created == [once.created[0]] * 2
    assert export(always, copy)["message_receipts"] == []
    assert len(always.created) == 2
    then.last_fate = {"status": "no_data"}
    export(then, copy)
    assert len(then.created) == 1
    told = f"content_export: the export job has no receipts of {day(NOW_AT)} to {day(NOW_AT)}, of which some are loaded"
    ends = ["another job is asked for"] * 2 + ["another job had none either: they are removed"]
    assert caplog.messages == [f"{told}; {end}" for end in ends]


@pytest.mark.parametrize(
    ("days", "jobs", "told"),
    [
        (0, ["30-31", "30-30", "31-31"], [("30", "30", ""), ("31", "31", "")]),
        (30, ["30-31"], [("30", "31", "; lower export_days, which every job covers in addition")]),
    ],
)
def test_a_job_that_intercom_has_cut_is_loaded_where_none_can_be_smaller(caplog, days, jobs, told):
    intercom = Intercom({"receipts": RECEIPT}, began_at=NOW_AT - DAY_SECONDS)
    assert len(export(intercom, days=days, most_rows=1)["message_receipts"]) == 1
    spans = [(day(body["created_at_after"]), day(body["created_at_before"])) for body in intercom.created]
    assert [f"{first_on:%d}-{last_on:%d}" for first_on, last_on in spans] == jobs
    said = "1 rows, as many as Intercom gives of one job: some may be missing"
    assert caplog.messages == [
        f"content_export: the export job of 2026-03-{first} to 2026-03-{last} has {said}{advice}"
        for first, last, advice in told
    ]


def test_a_job_with_as_many_rows_as_intercom_gives_is_cut_whatever_they_are(caplog):
    """Openings that are loaded would be replaced by fewer; whether the limit is of a job or of a kind, nobody says."""
    openings = "receipt_id,opened_at\n" + f"1,{NOW_AT - 60}\n" * 2
    intercom = Intercom({"receipts": RECEIPT, "open": openings}, began_at=NOW_AT - DAY_SECONDS)
    export(intercom, days=0, most_rows=3)
    assert len(intercom.created) == 3
    assert "has 3 rows, as many as Intercom gives of one job: some may be missing" in caplog.text

"""Content data export: whatever happens to its jobs, the tables end up with what Intercom exports."""

import io
import json
import zipfile
from datetime import date, timedelta
from email.utils import formatdate

import httpx
import pytest

from simulator import SimulatorProcess
from sources.intercom.api.errors import AccessDenied, BadAnswer, ExportFailed, ExportOccupied, TooManyUnread
from sources.intercom.api.http.client import Client
from sources.intercom.api.identity import Identity
from sources.intercom.export.jobs import KeptJob
from sources.intercom.export.receipt_tables import plural, table_of
from sources.intercom.export.settings import ExportSettings
from sources.intercom.incremental.dlt_state import reset
from sources.intercom.incremental.export_calendar import Calendar
from sources.intercom.resources.content_export import CONTENT_EXPORT
from sources.intercom.sizing import CALLS_OF_AN_EXPORT_JOB, size_of
from tests.support.loopback import Loopback, Reply
from tests.support.mailing import DAY_SECONDS, NOW_AT, SIZES, Copy, created, day, expected, in_order

TRAILING_FROM = date(2026, 3, 1)
DAY_AT = NOW_AT // DAY_SECONDS * DAY_SECONDS


@pytest.fixture(scope="module")
def _process():
    with SimulatorProcess(**SIZES) as running:
        yield running


@pytest.fixture
def simulator(_process):
    """Made anew for every test; its clock stands still."""
    _process.reset(**SIZES)
    _process.clock(frozen=True)
    _process.knobs(export_polls=2, export_fails=False, export_container="zip", missing_scopes="")
    return _process


@pytest.fixture
def copy(simulator):
    return Copy(simulator)


@pytest.mark.parametrize("timezone", ["UTC", "Pacific/Apia", "Pacific/Pago_Pago"])
def test_receipts_and_reactions_equal_the_truth_after_each_sync(simulator, copy, timezone):
    simulator.reset(**{**SIZES, "timezone": timezone})
    copy.run()
    assert copy.tables == expected(simulator)
    assert len(copy.tables["message_clicks"]) > 10
    for seed in range(3):
        simulator.mutate(40, seed=seed, kinds=["message_sent"])
        simulator.clock(advance=2 * DAY_SECONDS)
        copy.run()
        assert copy.tables == expected(simulator)


def test_a_late_reaction_changes_the_receipt_of_an_old_message(simulator, copy):
    copy.run()
    before = copy.since(TRAILING_FROM)
    simulator.mutate(60, seed=3, kinds=["message_opened", "message_clicked"])
    copy.run()
    from_on = day(simulator.clock() - 30 * DAY_SECONDS)
    assert copy.since(from_on) == expected(simulator, from_on=from_on) != before


def test_gzip_holds_the_receipts_alone(simulator, copy):
    simulator.knobs(export_container="gzip")
    copy.run()
    assert copy.tables["message_receipts"] == expected(simulator)["message_receipts"]
    assert copy.tables["message_clicks"] == []


def test_what_is_no_longer_exported_goes_and_older_days_stay(simulator, copy):
    copy.run()
    before = copy.tables
    simulator.reset(**{**SIZES, "messages": 0})
    copy.run()
    older = {table: [row for row in rows if row["received_on"] < TRAILING_FROM] for table, rows in before.items()}
    assert copy.tables == older
    assert 0 < len(older["message_receipts"]) < len(before["message_receipts"])


def test_an_export_costs_four_calls(simulator, copy):
    copy.run()
    simulator.clear_requests()
    assert copy.run().tally.calls == 4 + 1  # and /me
    assert created(simulator) == [("2026-03-01", "2026-03-31")]


def test_an_export_that_is_fresh_is_not_made_again_before_its_time(simulator, copy):
    copy.run(hours=1)
    simulator.clear_requests()
    copy.run(hours=1)
    assert created(simulator) == []
    simulator.clock(advance=3_601)
    copy.run(hours=1)
    assert created(simulator) == [("2026-03-01", "2026-03-31")]


def test_the_first_export_goes_back_in_jobs_of_whole_days_without_a_gap(simulator, copy):
    copy.run(first_days=119, days=10)
    assert created(simulator) == [
        ("2025-12-02", "2026-01-11"),
        ("2026-01-02", "2026-02-11"),
        ("2026-02-02", "2026-03-14"),
        ("2026-03-05", "2026-03-31"),
    ]
    assert copy.tables == expected(simulator)


@pytest.mark.parametrize("days_per_job", [1, 7, 31, 60])
def test_a_reaction_that_came_after_the_days_of_a_job_is_counted(simulator, copy, days_per_job):
    """Intercom counts what came on the days that it was asked for: a job alone would lose the openings after them."""
    simulator.clock(advance=30 * DAY_SECONDS)
    simulator.mutate(40, seed=5, kinds=["message_opened", "message_clicked"])
    simulator.clock(advance=60 * DAY_SECONDS)
    copy.run(first_days=151, days=150, days_per_job=days_per_job)
    assert copy.tables == expected(simulator)
    planned = Calendar(ExportSettings(days=150, days_per_job=days_per_job), day(simulator.clock()), 0, 0)
    assert planned.count_jobs(planned.today - timedelta(151)) == len(created(simulator))
    simulator.clear_requests()
    copy.run(days=150, days_per_job=days_per_job)
    assert len(created(simulator)) == 1, "days that are exported again all have to reach until today"
    assert copy.tables == expected(simulator)


def test_a_reaction_counts_that_came_in_time(simulator):
    """Later ones come with no export any more, whenever the first one was made."""
    simulator.reset(**{**SIZES, "messages": 0})
    simulator.mutate(1, seed=1, kinds=["message_sent"])
    simulator.clock(advance=10 * DAY_SECONDS)
    simulator.mutate(1, seed=1, kinds=["message_opened"])
    simulator.clock(advance=40 * DAY_SECONDS)
    opened = []
    for days in (10, 5):
        copy = Copy(simulator)
        copy.run(first_days=60, days=days, days_per_job=5)  # the first of 5 days is followed by 4 more
        opened.append((len(copy.tables["message_opens"]), len(copy.tables["message_receipts"])))
    assert opened == [(1, 1), (0, 1)]


def test_a_start_date_is_where_the_first_export_begins(simulator, copy):
    for _ in range(2):
        copy.run(wishes={"start_at": NOW_AT - 21 * DAY_SECONDS})
    assert created(simulator) == [("2026-03-10", "2026-03-31")] * 2
    assert copy.tables == expected(simulator, from_on=date(2026, 3, 10))


def test_a_start_date_moved_back_exports_what_it_has_left_out_once(simulator, copy, caplog):
    for days in (5, 21, 21):
        copy.run(days=2, wishes={"start_at": NOW_AT - days * DAY_SECONDS})
    assert [first_on for first_on, _ in created(simulator)] == ["2026-03-26", "2026-03-10", "2026-03-29"]
    assert copy.tables == expected(simulator, from_on=date(2026, 3, 10))
    assert [message for message in caplog.messages if "start_date" in message] == [
        "content_export: start_date is earlier than before; everything since then is read"
    ]


def test_after_a_long_pause_everything_since_the_last_export_is_exported(simulator, copy):
    copy.run()
    simulator.mutate(20, seed=1, kinds=["message_sent"])
    simulator.clock(advance=70 * DAY_SECONDS)
    simulator.clear_requests()
    copy.run()
    assert copy.tables == expected(simulator)
    assert len(created(simulator)) == 3


def test_the_plan_of_a_sync_counts_the_jobs_after_a_long_pause(simulator, copy):
    copy.run()
    simulator.clock(advance=200 * DAY_SECONDS)
    with Client.connect(simulator.url, simulator.token, 0.9, 4) as client:
        states = {"content_export": copy.state}
        size = size_of(CONTENT_EXPORT, client, Identity.of(client), states, 0, 900, ExportSettings())
    simulator.clear_requests()
    copy.run()
    assert len(created(simulator)) == 7
    assert size.calls == 7 * CALLS_OF_AN_EXPORT_JOB


def test_reactions_that_came_during_a_long_pause_count(simulator, copy):
    """The last export has seen no reaction that came after it, to messages of the days before it."""
    copy.run()
    before = copy.since(TRAILING_FROM)
    simulator.clock(advance=5 * DAY_SECONDS)
    simulator.mutate(60, seed=3, kinds=["message_opened", "message_clicked"])
    simulator.clock(advance=40 * DAY_SECONDS)
    copy.run()
    assert copy.since(TRAILING_FROM) == expected(simulator, from_on=TRAILING_FROM) != before


def test_since_exports_again_from_there(simulator, copy):
    copy.run()
    simulator.clear_requests()
    copy.run(wishes={"since": NOW_AT - 75 * DAY_SECONDS})
    assert created(simulator) == [("2026-01-15", "2026-03-16"), ("2026-02-15", "2026-03-31")]
    assert copy.tables == expected(simulator)


@pytest.mark.parametrize("wish", [{"since": 0}, {"start_at": 1}])
def test_no_job_is_spent_on_the_time_before_the_workspace(simulator, copy, wish):
    copy.run(wishes=wish, days_per_job=5_000)
    me = httpx.get(f"{simulator.url}/me", headers={"Authorization": f"Bearer {simulator.token}"}).json()
    assert created(simulator) == [(str(day(me["app"]["created_at"])), "2026-03-31")]
    assert copy.tables == expected(simulator)


@pytest.mark.parametrize(("days", "until"), [(0, "2026-03-16"), (5, "2026-03-21"), (30, "2026-03-31")])
def test_a_failed_job_is_tried_once_more_with_half_of_its_days(simulator, copy, days, until):
    """Half of them with all of their reactions: fewer would replace those that are loaded."""
    simulator.knobs(export_fails=True)
    with pytest.raises(ExportFailed, match="export_days_per_job or export_days"):
        copy.run(first_days=30, days=days)
    assert created(simulator) == [("2026-03-01", "2026-03-31"), ("2026-03-01", until)]
    simulator.knobs(export_fails=False)
    copy.run()
    assert copy.tables == expected(simulator)


def test_a_missing_permission_is_told(simulator, copy):
    simulator.knobs(missing_scopes="export")
    with pytest.raises(AccessDenied, match="POST /export/content/data answered 403"):
        copy.run()


@pytest.mark.parametrize("operation", ["createDataExport", "getDataExport", "downloadDataExport"])
@pytest.mark.parametrize(
    "fault", [{"kind": "error", "status": 502, "html": True}, {"kind": "reset"}, {"kind": "empty"}], ids=str
)
def test_trouble_on_the_way_is_repeated(simulator, copy, operation, fault):
    simulator.faults({**fault, "operation": operation, "times": 2})
    copy.run(first_days=30)
    assert copy.tables == expected(simulator, from_on=TRAILING_FROM)


def test_a_download_cut_in_the_middle_is_repeated(simulator, copy):
    simulator.faults({"kind": "truncated", "operation": "downloadDataExport", "times": 1})
    copy.run()
    assert copy.tables == expected(simulator)


def somebody_elses_job(simulator):
    body = {"created_at_after": NOW_AT - DAY_SECONDS, "created_at_before": NOW_AT}
    headers = {"Authorization": f"Bearer {simulator.token}", "Intercom-Version": "2.10"}
    answer = httpx.post(f"{simulator.url}/export/content/data", json=body, headers=headers)
    return f"{simulator.url}/export/content/data/{answer.json()['job_identifier']}", headers


def test_somebody_elses_job_is_left_alone_and_explained(simulator, copy):
    simulator.knobs(export_polls=1_000_000)
    job, headers = somebody_elses_job(simulator)
    with pytest.raises(ExportOccupied, match="Another tool or person exports content data"):
        copy.run(wait_seconds=0.2)
    assert httpx.get(job, headers=headers).json()["status"] == "in_progress"


def test_when_somebody_elses_job_ends_ours_begins(simulator, copy):
    message = "Exceeded rate limit of 1 pending message data export jobs"
    fault = {"kind": "error", "status": 429, "code": "rate_limit_exceeded", "message": message}
    simulator.faults({**fault, "operation": "createDataExport", "times": 4})
    copy.run()
    assert copy.tables == expected(simulator)


def test_a_job_of_a_killed_run_is_taken_up_and_what_came_since_is_exported(simulator, copy, tmp_path):
    simulator.knobs(export_polls=1_000_000)
    with pytest.raises(BadAnswer, match="still in_progress"):
        copy.run(kept=KeptJob(tmp_path / "job.json"), wait_seconds=0.2, first_days=30)
    copy.state.clear()  # as after a kill
    simulator.mutate(20, seed=1, kinds=["message_sent", "message_clicked"])
    simulator.knobs(export_polls=1)
    simulator.clear_requests()
    copy.run(kept=KeptJob(tmp_path / "job.json"), first_days=30)
    assert copy.tables == expected(simulator, from_on=TRAILING_FROM)
    operations = [one["operation"] for one in simulator.requests()]
    assert operations[1:4] == ["getDataExport", "downloadDataExport", "createDataExport"]


def test_a_job_of_a_killed_run_that_left_earlier_days_out_is_canceled(simulator, copy, tmp_path):
    simulator.knobs(export_polls=1_000_000)
    with pytest.raises(BadAnswer, match="still in_progress"):
        copy.run(kept=KeptJob(tmp_path / "job.json"), wait_seconds=0.2, first_days=30)
    copy.state.clear()
    simulator.knobs(export_polls=1)
    copy.run(kept=KeptJob(tmp_path / "job.json"), first_days=60)
    assert copy.tables == expected(simulator)
    assert simulator.counters()["operations"]["cancelDataExport"] == 1


def test_an_unknown_job_of_a_killed_run_is_forgotten(simulator, copy, tmp_path):
    content = '{"job_identifier": "gone", "first_on": "2026-01-01", "last_on": "2026-01-31", "created_at": 1774958000}'
    (tmp_path / "job.json").write_text(content)
    copy.run(kept=KeptJob(tmp_path / "job.json"))
    assert copy.tables == expected(simulator)
    assert not (tmp_path / "job.json").exists()


class Intercom:
    """A workspace whose export jobs give `files`; polls and downloads have `fates` and `troubles` first."""

    def __init__(self, files, night=0, *, began_at=NOW_AT - 20 * DAY_SECONDS, troubles=(), fates=()):
        self.files = files
        self.now_at = NOW_AT + night * DAY_SECONDS
        self.began_at = began_at
        self.troubles = list(troubles)
        self.fates = list(fates)
        self.created = []
        self.last_fate = {"job_identifier": "job", "status": "completed"}

    def __call__(self, request):
        if request.path == "/me":
            app = {"type": "app", "id_code": "abc", "name": "T", "created_at": self.began_at}
            return Reply({"type": "admin", "app": app}, headers={"Date": formatdate(self.now_at, usegmt=True)})
        if request.path.startswith("/download/"):
            return self.troubles.pop(0) if self.troubles else Reply(self.zipped())
        if request.method == "POST":
            self.created.append(request.body)
            return {"job_identifier": f"job{len(self.created)}", "status": "pending", "download_url": ""}
        return self.fates.pop(0) if self.fates else self.last_fate

    def zipped(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in self.files.items():
                archive.writestr(f"{name}_{day(self.now_at):%Y%m%d}_120000.csv", content)
        return buffer.getvalue()


@pytest.fixture
def export():
    """Export from an `Intercom` once, into a copy of its own or one given, and return the copy's rows."""

    def run(intercom, into=None, **settings):
        with Loopback(intercom) as server:
            server.token = "any"  # noqa: S105 - nobody looks at it
            made = into or Copy(server)
            made.server = server
            made.run(**settings)
            return made.rows

    return run


RECEIPT = f"receipt_id,received_at,email,mood,first_wink\n1,{NOW_AT},a@example.org,sad,{NOW_AT + 5}\n"


def test_unknown_columns_and_unknown_files_become_rows(export):
    files = {
        "receipt": RECEIPT,
        "wink": f"receipt_id,winked_at,eye\n1,{NOW_AT + 5},left\n1,{NOW_AT + 6},right\n",
        "checkpoint": "receipt_id,node_id\n1,7\n",
    }
    rows = export(Intercom(files))
    one = {"received_on": day(NOW_AT), "receipt_id": "1"}
    assert rows == {
        "message_receipts": [
            {**one, "received_at": NOW_AT, "email": "a@example.org", "mood": "sad", "first_wink": NOW_AT + 5}
        ],
        "message_winks": [
            {**one, "position": 1, "winked_at": NOW_AT + 5, "eye": "left"},
            {**one, "position": 2, "winked_at": NOW_AT + 6, "eye": "right"},
        ],
        "message_checkpoints": [{**one, "position": 1, "node_id": "7"}],
    }


def test_columns_that_are_called_like_ours_are_kept_and_remove_nothing(export):
    header = "receipt_id,received_at,received_on,position,_is_removed"
    clicks = header.replace("received_at", "clicked_at")
    rows = export(
        Intercom({"receipt": f"{header}\n1,{NOW_AT},x,7,true\n", "click": f"{clicks}\n1,{NOW_AT},x,7,true\n"})
    )
    one = {"received_on": day(NOW_AT), "receipt_id": "1"}
    theirs = {"received_on_": "x", "position_": "7", "_is_removed_": "true"}
    assert rows["message_receipts"] == [{**one, **theirs, "received_at": NOW_AT}]
    assert rows["message_clicks"] == [{**one, **theirs, "position": 1, "clicked_at": NOW_AT}]


def test_a_receipt_in_milliseconds_is_of_its_day_and_one_without_a_time_costs_itself(export):
    times = {"1": NOW_AT, "2": NOW_AT * 1_000, "3": "", "4": "yesterday", "5": 0, "6": "-5", "7": "9" * 40, "8": 9.5}
    content = "receipt_id,received_at\n" + "".join(f"{name},{at}\n" for name, at in times.items())
    copy = Copy(None)
    rows = export(Intercom({"receipt": content}), copy)
    assert [(row["receipt_id"], row["received_on"]) for row in rows["message_receipts"]] == [
        ("1", day(NOW_AT)),
        ("2", day(NOW_AT)),
    ]
    facts = sorted((fact["entity"], fact["id"], fact["reason"]) for fact in copy.state["unreadable"].values())
    assert facts == [("message_receipts", name, "received_at is no time") for name in "345678"]


def test_a_line_that_cannot_be_read_takes_nothing_away_that_was_loaded(export):
    """Days are replaced as a whole; what is told of a receipt whose line is broken is what was told before."""
    receipts = "receipt_id,received_at,content_title\n" + "".join(f"{one},{NOW_AT},Hello\n" for one in "1234")
    clicks = "receipt_id,clicked_at\n" + "".join(f"{one},{NOW_AT + place}\n" for one in "12" for place in range(3))
    copy = Copy(None)
    whole = export(Intercom({"receipts": receipts, "click": clicks}), copy)
    before = {name: in_order(rows) for name, rows in whole.items()}
    receipts = receipts.replace(f"2,{NOW_AT},Hello", f"2,{NOW_AT},Hello, you").replace(f"3,{NOW_AT}", "3,soon")
    clicks = clicks.replace(f"1,{NOW_AT + 1}\n", f"1,{NOW_AT + 1},{NOW_AT}\n")
    for _ in range(2):
        rows = export(Intercom({"receipts": receipts, "click": clicks}), copy)
        assert {name: in_order(rows) for name, rows in rows.items()} == before
        places = [row["position"] for row in rows["message_clicks"]]
        assert sorted(places) == [1, 2, 3, 4, 5, 6]
    facts = sorted(copy.state["unreadable"].values(), key=lambda fact: (fact["entity"], fact["id"]))
    assert [(fact["entity"], fact["id"].split(" (")[0], fact["tries"]) for fact in facts] == [
        ("message_clicks", "a line of click", 2),
        ("message_receipts", "3", 2),
        ("message_receipts", "a line of receipts", 2),
    ]
    assert [fact["reason"].split(".csv, ")[-1] for fact in facts] == [
        "line 3: 3 fields, the header has 2",
        "received_at is no time",
        "line 3: 4 fields, the header has 3",
    ]
    assert [fact["spans"] for fact in facts if fact["id"] != "3"] == [[[DAY_AT, DAY_AT + DAY_SECONDS - 1]]] * 2
    rows = export(Intercom({"receipts": RECEIPT}), copy)
    assert [row["receipt_id"] for row in rows["message_receipts"]] == ["1"], "what Intercom says no more is gone"
    assert rows["message_clicks"] == []


def test_a_line_that_cannot_be_read_is_forgotten_only_where_its_days_were_exported_without_it(export):
    """What is asked for too soon after, or of later days alone, says nothing of it."""
    content = f"receipt_id,received_at\n1,{NOW_AT}\n2,soon\n"
    copy = Copy(None)
    export(Intercom({"receipts": content}), copy)
    [fact] = copy.state["unreadable"].values()
    assert (fact["id"], fact["spans"][0][1] - fact["spans"][0][0]) == ("2", 21 * DAY_SECONDS - 1)
    export(Intercom({"receipts": content}), copy, hours=10**6)
    assert copy.state["unreadable"], "nothing was exported"
    export(Intercom({"receipts": RECEIPT}), copy, days=3)
    assert copy.state["unreadable"], "its days were not"
    export(Intercom({"receipts": RECEIPT}), copy, wishes={"since": 0})
    assert not copy.state["unreadable"]


@pytest.mark.parametrize(("odd", "nights"), [(f"2,{NOW_AT},Hello, you", 1), ("2,soon,Hello", 31)])
def test_a_line_that_was_repaired_is_forgotten_once_its_days_are_exported_or_no_more_exported(export, odd, nights):
    """The days that are exported move with every night, and so does the name of the file."""
    copy, receipts = Copy(None), f"receipt_id,received_at,content_title\n1,{NOW_AT},Hello\n%s\n3,{NOW_AT},Hello\n"
    counts = []
    for night in range(nights + 5):
        line = odd if night < 3 else f"2,{NOW_AT},Hello"
        export(Intercom({"receipts": receipts % line}, night, began_at=0), copy)
        counts.append(len(copy.state["unreadable"]))
    assert counts == [1] * (2 + nights) + [0] * 3


def test_a_line_of_days_that_are_exported_once_is_named_for_as_long_as_others_are(export):
    """Nobody would look every night at what a first export has said."""
    copy, sent_at = Copy(None), NOW_AT - 60 * DAY_SECONDS
    receipts = f"receipt_id,received_at,content_title\n1,{sent_at},a,b\n2,{sent_at},a\n3,{sent_at},a\n"
    counts = []
    for night in range(35):
        files = {"receipts": receipts} if night == 0 else {"receipts": RECEIPT}
        export(Intercom(files, night, began_at=sent_at - DAY_SECONDS), copy, days_per_job=100)
        counts.append(len(copy.state["unreadable"]))
    assert counts == [1] * 31 + [0] * 4


@pytest.mark.parametrize("line", ["{},{},a,b", "{},,a"])
def test_of_a_file_of_another_shape_nothing_is_loaded_and_nothing_removed(export, tmp_path, line):
    lines = [f"{number},{NOW_AT},a" for number in range(6_000)]
    header, clicks = "receipt_id,received_at,content_title\n", f"receipt_id,clicked_at\n1,{NOW_AT}\n"
    copy, kept = Copy(None), KeptJob(tmp_path / "job.json")
    export(Intercom({"receipts": header + "\n".join(lines), "click": clicks}), copy)
    before = {name: list(rows) for name, rows in copy.rows.items()}
    for number in range(2_000, 3_001):
        lines[number] = line.format(number, NOW_AT)
    with pytest.raises(TooManyUnread, match=r"more than 1,000 lines cannot be read; receipts_.*stopped to keep"):
        export(Intercom({"receipts": header + "\n".join(lines), "click": clicks}), copy, kept=kept)
    assert copy.rows == before
    assert (kept.job, copy.state.get("unreadable", {})) == (None, {}), "a later job may be readable"


def test_lines_that_are_too_many_to_be_named_leave_the_others_loaded(export):
    """Each file has few enough, and the facts of the days before are full."""
    copy = Copy(None)
    old = {"entity": "x", "record_id": None, "reason": "r", "first_seen_at": NOW_AT, "tries": 1}
    spans = {"is_undelivered": False, "spans": [[0, NOW_AT - 90 * DAY_SECONDS]]}
    copy.state["unreadable"] = {f"x {number}": {**old, **spans, "id": str(number)} for number in range(1_000)}
    receipts = f"receipt_id,received_at\n1,{NOW_AT}\n2,{NOW_AT},\n3,{NOW_AT}\n"
    rows = export(Intercom({"receipts": receipts}), copy)
    assert [row["receipt_id"] for row in rows["message_receipts"]] == ["1", "3"]
    assert len(copy.state["unreadable"]) == 1_000


def test_days_that_a_killed_run_was_asked_for_are_exported_by_the_next_one(export):
    copy, asked = Copy(None), Intercom({"receipts": RECEIPT})
    export(asked, copy)
    copy.state["pass"] = {"from_on": str(day(NOW_AT - 15 * DAY_SECONDS))}
    export(asked, copy, days=3)
    assert day(asked.created[-1]["created_at_after"]) == day(NOW_AT - 15 * DAY_SECONDS)


@pytest.mark.parametrize("days_before", [18, 15, 12])
def test_the_job_of_a_killed_run_is_followed_by_the_other_days_that_this_run_was_asked_for(
    export, tmp_path, days_before
):
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
def test_a_first_export_that_takes_several_nights_goes_on_where_it_was(export, settings, nights):
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


def test_jobs_that_end_a_night_later_each_bring_other_days(export, tmp_path):
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


def test_a_job_that_is_older_than_what_another_machine_has_exported_is_left_alone(export, tmp_path):
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
def test_everything_is_exported_again_from_the_first_day_on_that_was(export, dropped):
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


def days_between(body):
    first_on, last_on = day(body["created_at_after"]), day(body["created_at_before"])
    return [first_on + timedelta(number) for number in range((last_on - first_on).days + 1)]


def test_a_reaction_whose_receipt_is_missing_is_kept_under_its_own_day(export):
    clicks = f"receipt_id,clicked_at\n9,{NOW_AT - DAY_SECONDS}\n"
    copy = Copy(None)
    for _ in range(2):
        rows = export(Intercom({"receipts": RECEIPT, "click": clicks}), copy)
        assert [row["received_on"] for row in rows["message_clicks"]] == [day(NOW_AT - DAY_SECONDS)]


def test_what_lies_outside_the_days_asked_for_is_left_to_its_own_job(export):
    files = {
        "receipts": RECEIPT + f"2,{NOW_AT + DAY_SECONDS},,,\n",
        "click": f"receipt_id,clicked_at\n1,{NOW_AT}\n2,{NOW_AT}\n",
    }
    rows = export(Intercom(files))
    assert [row["receipt_id"] for row in rows["message_receipts"]] == ["1"]
    assert [row["receipt_id"] for row in rows["message_clicks"]] == ["1"]


NOT_FOUND = Reply({"type": "error.list", "errors": [{"code": "not_found"}]}, 404)


@pytest.mark.parametrize(
    "trouble",
    [{"troubles": [NOT_FOUND]}, {"fates": [NOT_FOUND]}, {"fates": [{"status": "canceled"}]}],
    ids=["expired", "forgotten", "canceled"],
)
def test_a_job_that_is_gone_is_followed_by_another_one(export, trouble):
    intercom = Intercom({"receipts": RECEIPT}, **trouble)
    assert len(export(intercom)["message_receipts"]) == 1
    assert intercom.created[0] == intercom.created[1]
    assert len(intercom.created) == 2


def test_after_a_failed_job_both_halves_are_exported(export):
    failed = Reply({"job_identifier": "job1", "status": "failed", "download_url": ""}, 504)
    intercom = Intercom({"receipts": RECEIPT}, fates=[failed])
    assert len(export(intercom, days=0)["message_receipts"]) == 1
    whole, first, second = ((day(one["created_at_after"]), day(one["created_at_before"])) for one in intercom.created)
    assert (whole[0], whole[1]) == (first[0], second[1])
    assert (second[0] - first[1]).days == 1


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("receipts", "message_receipts"),
        ("click", "message_clicks"),
        ("reply", "message_replies"),
        ("replies", "message_replies"),
        ("goal_success", "message_goal_successes"),
        ("survey", "message_surveys"),
    ],
)
def test_a_table_is_named_after_the_plural_of_its_files(kind, table):
    assert table_of(kind).name == table
    assert kind == "receipts" or table == f"message_{plural(kind)}"

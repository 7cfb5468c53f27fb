"""Files of an export with odd lines, columns and kinds: each line is loaded, or named and asked for again."""

import pytest

from sources.intercom.api.errors import TooManyUnread
from sources.intercom.export.jobs import KeptJob
from sources.intercom.export.receipt_tables import plural, table_of
from tests.support.exports.exporting_intercom import RECEIPT, Intercom, export
from tests.support.exports.mailing import DAY_SECONDS, NOW_AT, Copy, day, in_order

DAY_AT = NOW_AT // DAY_SECONDS * DAY_SECONDS


def test_unknown_columns_and_unknown_files_become_rows():
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


def test_columns_that_are_called_like_ours_are_kept_and_remove_nothing():
    header = "receipt_id,received_at,received_on,position,_is_removed"
    clicks = header.replace("received_at", "clicked_at")
    rows = export(
        Intercom({"receipt": f"{header}\n1,{NOW_AT},x,7,true\n", "click": f"{clicks}\n1,{NOW_AT},x,7,true\n"})
    )
    one = {"received_on": day(NOW_AT), "receipt_id": "1"}
    theirs = {"received_on_": "x", "position_": "7", "_is_removed_": "true"}
    assert rows["message_receipts"] == [{**one, **theirs, "received_at": NOW_AT}]
    assert rows["message_clicks"] == [{**one, **theirs, "position": 1, "clicked_at": NOW_AT}]


def test_a_receipt_in_milliseconds_is_of_its_day_and_one_without_a_time_costs_itself():
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


def test_a_line_that_cannot_be_read_takes_nothing_away_that_was_loaded():
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


def test_a_line_that_cannot_be_read_is_forgotten_only_where_its_days_were_exported_without_it():
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
def test_a_line_that_was_repaired_is_forgotten_once_its_days_are_exported_or_no_more_exported(odd, nights):
    """The days that are exported move with every night, and so does the name of the file."""
    copy, receipts = Copy(None), f"receipt_id,received_at,content_title\n1,{NOW_AT},Hello\n%s\n3,{NOW_AT},Hello\n"
    counts = []
    for night in range(nights + 5):
        line = odd if night < 3 else f"2,{NOW_AT},Hello"
        export(Intercom({"receipts": receipts % line}, night, began_at=0), copy)
        counts.append(len(copy.state["unreadable"]))
    assert counts == [1] * (2 + nights) + [0] * 3


def test_a_line_of_days_that_are_exported_once_is_named_for_as_long_as_others_are():
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
def test_of_a_file_of_another_shape_nothing_is_loaded_and_nothing_removed(tmp_path, line):
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


def test_lines_that_are_too_many_to_be_named_leave_the_others_loaded():
    """Each file has few enough, and the facts of the days before are full."""
    copy = Copy(None)
    old = {"entity": "x", "record_id": None, "reason": "r", "first_seen_at": NOW_AT, "tries": 1}
    spans = {"is_undelivered": False, "spans": [[0, NOW_AT - 90 * DAY_SECONDS]]}
    copy.state["unreadable"] = {f"x {number}": {**old, **spans, "id": str(number)} for number in range(1_000)}
    receipts = f"receipt_id,received_at\n1,{NOW_AT}\n2,{NOW_AT},\n3,{NOW_AT}\n"
    rows = export(Intercom({"receipts": receipts}), copy)
    assert [row["receipt_id"] for row in rows["message_receipts"]] == ["1", "3"]
    assert len(copy.state["unreadable"]) == 1_000


def test_a_reaction_whose_receipt_is_missing_is_kept_under_its_own_day():
    clicks = f"receipt_id,clicked_at\n9,{NOW_AT - DAY_SECONDS}\n"
    copy = Copy(None)
    for _ in range(2):
        rows = export(Intercom({"receipts": RECEIPT, "click": clicks}), copy)
        assert [row["received_on"] for row in rows["message_clicks"]] == [day(NOW_AT - DAY_SECONDS)]


def test_a_reaction_whose_receipt_is_missing_comes_once_from_two_jobs_of_one_run():
    """Of 90 days, the first job is asked for those of the second one, too, because of late reactions."""
    at = NOW_AT - 50 * DAY_SECONDS
    files = {"receipts": RECEIPT, "click": f"receipt_id,clicked_at\n9,{at}\n"}
    intercom = Intercom(files, began_at=NOW_AT - 400 * DAY_SECONDS)
    copy = Copy(None)
    assert [row["clicked_at"] for row in export(intercom, copy)["message_clicks"]] == [at]
    assert len(intercom.created) == 2


def test_what_lies_outside_the_days_asked_for_is_left_to_its_own_job():
    files = {
        "receipts": RECEIPT + f"2,{NOW_AT + DAY_SECONDS},,,\n",
        "click": f"receipt_id,clicked_at\n1,{NOW_AT}\n2,{NOW_AT}\n",
    }
    rows = export(Intercom(files))
    assert [row["receipt_id"] for row in rows["message_receipts"]] == ["1"]
    assert [row["receipt_id"] for row in rows["message_clicks"]] == ["1"]


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

"""What the report says of bots is what fct_bot_weekly says, also of conversations of which parts are missing."""

import shutil
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.destination.target import Target
from pipelines.query.opening import opened_read_only
from pipelines.report.asked_questions import answers
from transforms import BuildOptions, build

pytestmark = pytest.mark.end_to_end

LOST = "UPDATE intercom_raw.conversations SET conversation_parts__total_count = 900 WHERE id NOT LIKE '%0'"
WEEKLY = """
    SELECT week_start, channel, count_bot_involved, count_deflected, deflection_rate FROM intercom.fct_bot_weekly
    WHERE count_bot_involved > 0
"""


def by_week(conversations):
    """Yield week, channel, how many had a bot, how many were deflected, and the share of what is known."""
    columns = ("created_on", "channel", "is_inbound", "is_bot_involved", "is_deflected")
    groups = defaultdict(list)
    for day, channel, is_inbound, is_involved, is_deflected in zip(*map(conversations.get, columns), strict=True):
        if is_inbound and is_involved:
            groups[day - timedelta(days=day.weekday()), channel].append(is_deflected)
    for week, flags in groups.items():
        decided = len(flags) - flags.count(None)
        yield (*week, len(flags), flags.count(1), flags.count(1) / decided if decided else None)


def test_what_may_be_deflected_is_in_no_rate(workspace, tmp_path):
    target = Target(database=Path(shutil.copy(workspace / "w.duckdb", tmp_path)))
    with duckdb.connect(str(target.database)) as connection:
        connection.execute(LOST)
        [now_epoch] = connection.execute("SELECT now_epoch FROM intercom_staging.build_clock").fetchone()
    options = BuildOptions("+fct_bot_weekly", now_epoch=now_epoch)
    assert build(target.pipeline().sql_client, "duckdb", target.datasets, options).is_ok
    with opened_read_only(target) as reader:
        shown = set(by_week(answers(reader, target, date.min)[1]["conversations"]))
        assert shown == set(reader.rows(WEEKLY))
    assert None in {share for *_, share in shown}

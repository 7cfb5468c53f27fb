"""How a record that was read again is judged."""

import pytest

from pipelines.verify.audit.examination.judgement import Examination, Verdict
from pipelines.verify.audit.examination.rereading import Rereading
from sources.intercom.records.single_record import Whole
from sources.intercom.sweep import SWEPT

SWEPT_COMPANIES = SWEPT["companies"]
FRESH_SINCE = 900  # what changed later, not every answer shows


@pytest.mark.parametrize("is_suspect", [False, True])
@pytest.mark.parametrize(
    ("loaded_at", "now_at", "verdict"),
    [
        (1000, 990, Verdict.OLDER),
        (800, 790, Verdict.DIFFERS),
        (980, 990, Verdict.CHANGED_SINCE),
        (700, 750, Verdict.DIFFERS),
    ],
)
def test_only_an_older_answer_is_never_loaded_whatever_is_suspected(loaded_at, now_at, verdict, is_suspect):
    """A suspect is to be right at once, even if the next sync reads it."""
    rereading = Rereading(SWEPT_COMPANIES, ["1"], found={"1": Whole(None, now_at, None)})
    ours, theirs = (
        {table.name: {} for table in SWEPT_COMPANIES.entity.tables}
        | {"companies": {"1": [{"id": "1", "updated_at": at}]}}
        for at in (loaded_at, now_at)
    )
    over = Examination(SWEPT_COMPANIES, ["1"], passed_at=800, suspects=frozenset({"1"} if is_suspect else ()))
    wanted = Verdict.DIFFERS if is_suspect and verdict is Verdict.CHANGED_SINCE else verdict
    assert over.judge(rereading, ours, theirs, FRESH_SINCE) == (["1"] if wanted is Verdict.DIFFERS else [])
    assert over.verdicts == {"1": wanted}

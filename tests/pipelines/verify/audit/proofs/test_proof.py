"""What a proof says of the records that it is about."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipelines.verify.audit.examination.judgement import Examination, Verdict
from pipelines.verify.audit.examination_plan import ExaminationPlan
from pipelines.verify.audit.proofs.part_counts import PartCount
from pipelines.verify.audit.proofs.proof import proofs
from pipelines.verify.audit.proofs.record_counts import Count
from sources.intercom.sweep import SWEPT

IDS = frozenset("1234")
SOME = st.sets(st.sampled_from(sorted(IDS))).map(frozenset)
NOTHING = ExaminationPlan(
    swept=SWEPT["conversations"],
    ids_to_count=IDS,
    synced_at=0,
    passed_at=0,
    count_rows=9,
    broken=frozenset(),
    incomplete=frozenset(),
    sample=frozenset(),
    count=Count(9, 9),
)


@given(
    st.builds(
        lambda **chosen: replace(NOTHING, **chosen),
        broken=SOME,
        incomplete=SOME,
        sample=SOME,
        count=st.builds(Count, st.just(9), st.just(9), SOME, *[st.integers(0, 2)] * 3),
    ),
    st.dictionaries(st.sampled_from(sorted(IDS)), st.sampled_from(Verdict)),
)
def test_whatever_is_not_proven_is_said_and_why(plan, verdicts):
    over = Examination(plan.swept, plan.ids, plan.passed_at, verdicts=verdicts, reasons=dict.fromkeys(IDS, "cut off"))
    parts_now = {one: PartCount(one, 5, None, 3) for one in plan.incomplete}
    for proof in proofs(plan, over, parts_now, broken_now=frozenset()):
        assert proof.result in {"proven", "repaired"} or proof.remark, proof
        assert proof.count_differing >= proof.count_repaired + proof.count_explained

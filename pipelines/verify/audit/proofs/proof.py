"""One thing that an audit proves about an entity, and the result."""

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pipelines.verify.audit.examination.judgement import FAILURES, Examination, Verdict
from pipelines.verify.audit.examination_plan import ExaminationPlan
from pipelines.verify.audit.proofs.part_counts import PartCount
from sources.intercom.rows.parts import MOST_SHOWN_PARTS

SYNC = "intercom-elt sync"
SWEEP = "intercom-elt sweep"
OLDER = "answered by Intercom with an older version than is loaded"
GONE = f"gone from Intercom: run {SWEEP}"


class Subject(StrEnum):
    """The subject of a proof."""

    COUNT = "count"  # as many records as Intercom counts
    ROWS = "rows"  # every row once, and with the record that it belongs to
    PARTS = "parts"  # as many parts as Intercom counts
    SAMPLE = "sample"  # random records, the same in every table and field


Result = Literal["proven", "repaired", "explained", "failed"]


@dataclass(frozen=True)
class Proof:
    """One proof of an audit: `count_checked` records, rows or parts looked at, `count_differing` records wrong.

    Records are what is repaired: of these, `count_repaired` are right now, and `count_explained` cannot be otherwise.
    `remark` says why, or what to do.
    """

    entity: str
    subject: Subject
    count_checked: int
    count_differing: int = 0
    count_repaired: int = 0
    count_explained: int = 0
    remark: str = ""

    @property
    def count_failed(self) -> int:
        """How many records a proof finds that are not right, and could not be made so."""
        return self.count_differing - self.count_repaired - self.count_explained

    @property
    def result(self) -> Result:
        """The result of the proof in one word."""
        if self.count_failed > 0:
            return "failed"
        if self.count_repaired:
            return "repaired"
        return "explained" if self.count_explained else "proven"

    def facts(self) -> dict[str, object]:
        """Return an audit's proof for machines."""
        return {
            "entity": self.entity,
            "subject": str(self.subject),
            "result": self.result,
            "checked": self.count_checked,
            "differing": self.count_differing,
            "repaired": self.count_repaired,
            "explained": self.count_explained,
            "failed": self.count_failed,
            "remark": self.remark,
        }


def proofs(
    plan: ExaminationPlan, over: Examination, parts_now: dict[str, PartCount], broken_now: Set[str]
) -> list[Proof]:
    """Return the proofs that come of an examination.

    `parts_now`: the parts of every record, counted again; `broken_now`: records that are still broken. Where no record
    was drawn or read, nothing is said of a sample: it would be called proven without a look at one.
    """
    found = [_count(plan, over), _rows(plan, over, broken_now)]
    if plan.parts_table:
        found.append(_parts(plan, over, parts_now))
    if not plan.sample.isdisjoint(over.verdicts):
        found.append(_sample(plan, over))
    return found


def _count(plan: ExaminationPlan, over: Examination) -> Proof:
    count = plan.count
    verdicts = Counter(over.verdicts.get(record_id) for record_id in count.missing)
    repaired, gone = verdicts[Verdict.REPAIRED], verdicts[Verdict.GONE] + verdicts[Verdict.LEFT_OUT]
    remarks = [
        _remark(count.count_newer, plan.name, f"new or changed since the last sync: run {SYNC}"),
        _remark(count.count_unlisted, plan.name, f"not in Intercom's listing: run {SWEEP}"),
        _remark(count.count_hidden, plan.name, "counted by Intercom and not in its listing, where no sync finds them"),
        _remark(verdicts[Verdict.GONE], plan.name, "listed, and not found by their own calls"),
        _remark(repaired, plan.name, "missing, and loaded now"),
        _remark(verdicts[Verdict.LEFT_OUT], plan.name, "held back, as forgotten people are"),
        _remark(len(count.missing) - repaired - gone, plan.name, "missing, and not loaded in full"),
        _unread(count.missing, plan.name, over),
    ]
    # What is hidden may be loaded, and is unlisted then.
    explained = count.count_newer + max(count.count_unlisted, count.count_hidden)
    return Proof(
        plan.name,
        Subject.COUNT,
        count_checked=count.loaded if count.expected is None else count.expected,
        count_differing=len(count.missing) + explained,
        count_repaired=repaired,
        count_explained=explained + gone,
        remark=_joined(remarks),
    )


def _rows(plan: ExaminationPlan, over: Examination, broken_now: Set[str]) -> Proof:
    verdicts = Counter(over.verdicts.get(record_id) for record_id in plan.broken)
    gone = verdicts[Verdict.GONE] + verdicts[Verdict.LEFT_OUT]
    repaired = sum(over.verdicts.get(record_id) is Verdict.REPAIRED for record_id in plan.broken - broken_now)
    remarks = [
        _remark(len(plan.broken), plan.name, "with duplicate rows, or with rows of a list but no record"),
        _remark(gone, plan.name, "of these gone from Intercom"),
        _remark(verdicts[Verdict.OLDER], plan.name, OLDER),
        _unread(plan.broken, plan.name, over),
    ]
    return Proof(plan.name, Subject.ROWS, plan.count_rows, len(plan.broken), repaired, gone, _joined(remarks))


def _parts(plan: ExaminationPlan, over: Examination, parts_now: dict[str, PartCount]) -> Proof:
    long = [count for count in parts_now.values() if count.is_long]
    verdicts = Counter(over.verdicts.get(record_id) for record_id in plan.incomplete)
    repaired = explained = lost = hidden = 0
    for record_id in plan.incomplete:
        now = parts_now.get(record_id)
        verdict = over.verdicts.get(record_id)
        if verdict is Verdict.GONE:
            explained += 1
        elif now is None or verdict is None or verdict in FAILURES:
            continue
        elif not now.count_missing:
            repaired += 1
        elif now.is_long or _shows_all(plan, over, now):
            explained += 1
            lost += now.count_missing if now.is_long else 0
            hidden += 0 if now.is_long else now.count_missing
    failed = len(plan.incomplete) - repaired - explained
    remarks = [
        f"{_named(len(long), plan.name)} {'has' if len(long) == 1 else 'have'} more than {MOST_SHOWN_PARTS} parts"
        if long
        else "",
        f"{lost:,} parts cannot be had from the API" if lost else "",
        f"{hidden:,} parts are counted in Intercom's statistics and not shown" if hidden else "",
        _remark(failed, plan.name, "still without parts that Intercom counts"),
        _remark(verdicts[Verdict.GONE], plan.name, GONE),
        _remark(verdicts[Verdict.OLDER], plan.name, OLDER),
        _unread(plan.incomplete, plan.name, over),
    ]
    count_loaded = sum(count.count_loaded for count in parts_now.values())
    return Proof(plan.name, Subject.PARTS, count_loaded, len(plan.incomplete), repaired, explained, _joined(remarks))


def _shows_all(plan: ExaminationPlan, over: Examination, now: PartCount) -> bool:
    """Return True if a proof of parts misses none: Intercom shows all it lists, only its statistics count more."""
    shown = over.count_shown.get(plan.parts_table or "", {}).get(now.record_id, 0)
    return shown >= (now.count_listed or 0)


def _sample(plan: ExaminationPlan, over: Examination) -> Proof:
    verdicts = Counter(over.verdicts.get(record_id) for record_id in plan.sample)
    explained = {
        Verdict.CHANGED_SINCE: f"changed since the last sync: run {SYNC}",
        Verdict.GONE: GONE,
        Verdict.OLDER: OLDER,
    }
    read = len(plan.sample) - verdicts[None]
    right = verdicts[Verdict.SAME] + verdicts[Verdict.LEFT_OUT]
    words_of = {**explained, Verdict.DIFFERS: "that still differ"}
    remarks = [_remark(verdicts[verdict], plan.name, words) for verdict, words in words_of.items()]
    remarks.append(_unread(plan.sample, plan.name, over))
    return Proof(
        plan.name,
        Subject.SAMPLE,
        count_checked=read,
        count_differing=read - right,
        count_repaired=verdicts[Verdict.REPAIRED],
        count_explained=sum(verdicts[verdict] for verdict in explained),
        remark=_joined(remarks),
    )


def _unread(ids: Iterable[str], entity: str, over: Examination) -> str:
    """Return the remark of a proof that so many records cannot be read in full, and why one of them cannot."""
    unread = sorted(record_id for record_id in ids if over.verdicts.get(record_id) is Verdict.UNREADABLE)
    if not unread:
        return ""
    such = f"{unread[0]}: {over.reasons[unread[0]]}"
    return f"{_remark(len(unread), entity, 'that cannot be read in full')} (such as {such})"


def _remark(count: int, entity: str, words: str) -> str:
    """Return a remark for a proof, `2 contacts gone from Intercom`, or nothing if there are none."""
    return f"{_named(count, entity)} {words}" if count else ""


def _named(count: int, entity: str) -> str:
    """Return a count for a proof's remark: `1 company` or `3 companies`."""
    singular = {"companies": "company"}.get(entity, entity.removesuffix("s"))
    return f"{count:,} {singular if count == 1 else entity}"


def _joined(remarks: list[str]) -> str:
    return "; ".join(filter(None, remarks))

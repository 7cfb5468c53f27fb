"""What an audit found, proved and repaired: the facts behind the table, the sentence and the exit code."""

from dataclasses import dataclass, field

from pipelines.journal.outcome import Outcome, Status
from pipelines.verify.audit.examination.comparison import Difference
from pipelines.verify.audit.proofs.agreement import Agreement
from pipelines.verify.audit.proofs.proof import Proof, Subject

UNFINISHED = "The last sync of {} did not come to its end: run intercom-elt sync."


@dataclass
class AuditOutcome(Outcome):
    """The outcome of an audit.

    `count_differences`: also those that are not kept in full. `unfinished`: entities whose last sync broke off.
    `agreements`: None without models.
    """

    seed: int = 0
    sample_size: int = 0
    proofs: list[Proof] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    count_differences: int = 0
    agreements: list[Agreement] | None = None
    unfinished: list[str] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """The audit's outcome: `complete` if everything is proven, repaired or explained."""
        status = super().status
        is_failed = self.unfinished or not self.proofs or any(proof.count_failed > 0 for proof in self.proofs)
        return "failed" if status == "complete" and is_failed else status

    @property
    def count_repaired(self) -> int:
        """How often the audit repaired something; a record may count in several proofs."""
        return sum(proof.count_repaired for proof in self.proofs)

    @property
    def sentence(self) -> str:
        """The audit's outcome in one line: the counts, whether they are complete, and what cannot be complete."""
        words = {Subject.COUNT: "{entity}", Subject.PARTS: "{entity} parts"}
        things = [
            f"{proof.count_checked:,} " + words[proof.subject].format(entity=proof.entity).replace("s parts", " parts")
            for proof in self.proofs
            if proof.subject in words
        ]
        remarks = [proof.remark for proof in self.proofs if proof.remark]
        state = {"complete": "complete", "failed": "NOT proven complete", "interrupted": "interrupted"}[self.status]
        return "; ".join([", ".join([*things, state]), *remarks])

    def facts(self) -> dict[str, object]:
        """Return the outcome of an audit for machines, as plain values."""
        return {
            **super().facts(),
            "seed": self.seed,
            "sample": self.sample_size,
            "sentence": self.sentence,
            "proofs": [proof.facts() for proof in self.proofs],
            "differences": [difference.facts() for difference in self.differences],
            "count_differences": self.count_differences,
            "metrics": None if self.agreements is None else [each.facts() for each in self.agreements],
            "unfinished": self.unfinished,
        }

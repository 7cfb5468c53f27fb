"""The summary of an audit for people: a table, the differences, and a sentence."""

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from pipelines.console import plain_table
from pipelines.destination.target import Target
from pipelines.invocation import as_started
from pipelines.journal.printed_summary import cost
from pipelines.verify.audit.audit_outcome import UNFINISHED, AuditOutcome
from pipelines.verify.audit.examination.judgement import MOST_KEPT
from pipelines.verify.audit.proofs.agreement import Agreement
from pipelines.verify.audit.proofs.proof import Proof

MOST_SHOWN = 20
STYLES = {"failed": "red", "repaired": "yellow"}


def print_audit(console: Console, outcome: AuditOutcome, target: Target, *, is_brief: bool) -> None:
    """Print the summary of an audit; a brief one says only how it ended."""
    if not is_brief:
        console.print(_proofs(outcome.proofs))
        if outcome.agreements is not None or outcome.error is None:
            console.print(_agreements(outcome.agreements, target))
        console.print(_differences(outcome))
        same_again = f"; --seed {outcome.seed} reads the same records again" if outcome.sample_size else ""
        console.print(cost(outcome) + same_again)
    console.print(_verdict(outcome, target))


def _proofs(proofs: list[Proof]) -> Table:
    table = plain_table(header_style="bold")
    for heading in ("entity", "proof", "result"):
        table.add_column(heading)
    for heading in ("checked", "differing", "repaired", "explained"):
        table.add_column(heading, justify="right")
    for proof in proofs:
        counts = (proof.count_checked, proof.count_differing, proof.count_repaired, proof.count_explained)
        words = (proof.entity, str(proof.subject), proof.result)
        table.add_row(*words, *(f"{count:,}" for count in counts), style=STYLES.get(proof.result, ""))
    return table


def _agreements(agreements: list[Agreement] | None, target: Target) -> Group:
    if agreements is None:
        built_with = as_started(f"intercom-elt transform{target.options}")
        return Group(Text(f"\nThe models are not built, so no metric was compared: {built_with}"))
    table = plain_table(header_style="bold")
    table.add_column("metric, as Intercom's statistics")
    for heading in ("compared", "differing", "agreement"):
        table.add_column(heading, justify="right")
    for one in agreements:
        differing = one.count_compared - one.count_equal
        table.add_row(one.metric, f"{one.count_compared:,}", f"{differing:,}", f"{one.percent:.1f}%")
    return Group(Text(), table)


def _differences(outcome: AuditOutcome) -> Group:
    lines = [Text()] if outcome.differences else []
    lines += [Text(str(difference)) for difference in outcome.differences[:MOST_SHOWN]]
    more = outcome.count_differences - len(outcome.differences[:MOST_SHOWN])
    where = f"--log-format json shows the first {MOST_KEPT:,} of each entity"
    lines += [Text(f"… and {more:,} more differences ({where})")] if more else []
    return Group(*lines)


def _verdict(outcome: AuditOutcome, target: Target) -> Text:
    next_step = outcome.error_code.next_step
    lines = [str(report.error) for report in outcome.report.failures]
    lines += [UNFINISHED.format(name) for name in outcome.unfinished]
    if outcome.error:
        lines.append(f"The audit failed: {outcome.error}. Nothing that was loaded is lost. {next_step}")
    if outcome.log_error:
        lines.append(f"The audit could not be recorded in full: {outcome.log_error}. {next_step}")
    if outcome.is_interrupted:
        lines.append("Interrupted. What was repaired so far stays; run the same command again.")
    elif not outcome.proofs and not lines:
        lines.append(f"Nothing is loaded that could be audited: run intercom-elt sync{target.options}.")
    lines.append(f"{outcome.sentence}.")
    if outcome.count_repaired:
        lines.append(f"What was repaired reaches the models with: intercom-elt transform{target.options}")
    return Text(as_started("\n".join(lines)), style="green" if outcome.status == "complete" else "red")

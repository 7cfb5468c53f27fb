"""The rows of the table `audit_results`: what an audit proved."""

from collections.abc import Iterator

from pipelines.destination.tables.log_tables import append
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.journal.audit_log_table import AUDIT_RESULTS
from pipelines.verify.audit.audit_outcome import UNFINISHED, AuditOutcome
from pipelines.verify.audit.examination.rereading import entity_of
from sources.intercom.rows.table import Row


def record(raw: RawTables, outcome: AuditOutcome) -> None:
    """Write an audit's results into the table `audit_results`."""
    append(raw, [(AUDIT_RESULTS, [*_proof_rows(outcome), *_unproven_rows(outcome), *_metric_rows(outcome)])])


def _proof_rows(outcome: AuditOutcome) -> Iterator[Row]:
    for proof in outcome.proofs:
        yield {
            **_of_run(outcome),
            "entity": proof.entity,
            "subject": str(proof.subject),
            "result": proof.result,
            "remark": proof.remark or None,
            "count_checked": proof.count_checked,
            "count_differing": proof.count_differing,
            "count_repaired": proof.count_repaired,
            "count_explained": proof.count_explained,
            "count_failed": proof.count_failed,
        }


def _unproven_rows(outcome: AuditOutcome) -> Iterator[Row]:
    """Yield an audit result for each entity not audited to its end: the proven part must not look like the whole."""
    for name in outcome.resources:
        entity, report = entity_of(name), outcome.report.of(name)
        if report.error or outcome.error:
            why = str(report.error or outcome.error)
        elif report.status != "complete":
            why = report.status
        elif entity in outcome.unfinished:
            why = UNFINISHED.format(entity)
        else:
            continue
        yield {**_of_run(outcome), "entity": entity, "subject": "audit", "result": "failed", "remark": why}


def _metric_rows(outcome: AuditOutcome) -> Iterator[Row]:
    for agreement in outcome.agreements or ():
        differing = agreement.count_compared - agreement.count_equal
        yield {
            **_of_run(outcome),
            "entity": "conversations",
            "subject": f"metric_{agreement.metric}",
            "result": "differs" if differing else "proven",
            "count_checked": agreement.count_compared,
            "count_differing": differing,
        }


def _of_run(outcome: AuditOutcome) -> Row:
    return {
        "run_id": outcome.run_id,
        "started_at": outcome.started_at,
        "finished_at": outcome.finished_at,
        "seed": str(outcome.seed),
        "count_calls": outcome.tally.calls,
        "seconds": round(outcome.seconds_reading, 3),
    }

"""The main flow of an audit: count, plan, read again, compare, repair, prove, record."""

from dataclasses import dataclass, replace

from pipelines.destination.failures.failure import DESTINATION_ERRORS
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.journal.events import AUDIT_PLANNED
from pipelines.run.begin.access import USUAL_ACCESS, Access
from pipelines.run.begin.begin import begun
from pipelines.run.recorded_run import accounted, record_run
from pipelines.run.run import Run
from pipelines.stop import Stop
from pipelines.verify.audit.audit_outcome import AuditOutcome
from pipelines.verify.audit.audit_results import record
from pipelines.verify.audit.examination.examine import examine
from pipelines.verify.audit.examination.judgement import Examination
from pipelines.verify.audit.examination.loaded_entity import LoadedEntity
from pipelines.verify.audit.examination.rereading import resource_name
from pipelines.verify.audit.examination_plan import ExaminationPlan, planned
from pipelines.verify.audit.proofs.agreement import agreements
from pipelines.verify.audit.proofs.part_counts import part_counts
from pipelines.verify.audit.proofs.proof import proofs
from pipelines.verify.audit.proofs.record_counts import counted
from sources.intercom import states_of
from sources.intercom.api.errors import IntercomError, Stopped
from sources.intercom.api.explanation import explained
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.reading.reading import Reading, is_unfinished
from sources.intercom.reading.session import Session
from sources.intercom.sweep import SWEPT


@dataclass(frozen=True)
class AuditOptions:
    """The options of one audit: records of each table to read again, the seed of their random choice."""

    sample_size: int
    seed: int
    access: Access = USUAL_ACCESS


def audit(
    configuration: IntercomConfiguration, target: Target, options: AuditOptions, display: Display
) -> AuditOutcome:
    """Audit: prove that `target` holds what Intercom has; what differs is loaded again.

    Raises Stop if the audit cannot begin; after that, failures are in the outcome.
    """
    target.check_exists()
    outcome = AuditOutcome([], command="audit", seed=options.seed, sample_size=options.sample_size)
    with begun(configuration, target, outcome, display, options.access) as run:
        if not run.pipeline.schemas:
            message = f"{target} holds nothing to audit; load it with: intercom-elt sync{target.options}"
            raise Stop(message, ExitCode.WRONG_USE)
        versions = {resource_name(name): version for name, version in configuration.versions.items()}
        session = run.session(versions=versions)
        with accounted(run, session):
            names = [name for name in SWEPT if name not in configuration.exclude]
            _prove(run, session, names, options, outcome)
        _record(run, outcome)
    return outcome


def _prove(run: Run, session: Session, names: list[str], options: AuditOptions, outcome: AuditOutcome) -> None:
    plans = [plan for name in names for plan in _planned(run, session, name, options, outcome)]
    records = sum(len(plan.ids) for plan in plans)
    run.display.say(AUDIT_PLANNED, records=records, calls=records, seed=options.seed)
    examinations = [_examination(plan, session) for plan in plans]
    examine(run, session, examinations)
    with run.raw.opened() as raw:
        for plan, over in zip(plans, examinations, strict=True):
            if session.stop.is_set() and len(over.verdicts) < len(plan.ids):
                outcome.report.of(resource_name(plan.name)).stop("interrupted")
            if over.verdicts or not plan.ids or not session.stop.is_set():
                _conclude(plan, over, LoadedEntity(raw, plan.swept.entity), outcome)
    outcome.agreements = agreements(run.pipeline, run.target)


def _examination(plan: ExaminationPlan, session: Session) -> Examination:
    marked = frozenset(session.marked.get(plan.name, ()))
    return Examination(plan.swept, plan.ids, plan.passed_at, plan.suspects, marked, plan.count.some_listed)


def _planned(
    run: Run, session: Session, name: str, options: AuditOptions, outcome: AuditOutcome
) -> list[ExaminationPlan]:
    """Return a list with the audit's plan for an entity, empty if it was never loaded or cannot be counted."""
    states = states_of(run.pipeline)
    if is_unfinished(states.get(name, {})):
        outcome.unfinished.append(name)
    outcome.add(resource_name(name))
    report = outcome.report.of(resource_name(name))
    own = Reading.alone(session, report.resource)
    report.start()
    run.journal.resource_begun(report.resource)
    try:
        with run.raw.opened() as raw:
            swept = SWEPT[name].as_compared(states)
            loaded = LoadedEntity(raw, swept.entity)
            plan = planned(run, session, loaded, swept, options.sample_size, options.seed)
        if plan is not None:  # a listing takes long, and nobody else could write to an open file meanwhile
            plan = replace(plan, count=counted(own, plan.swept, plan.ids_to_count, plan.synced_at))
    except Stopped:
        report.stop("interrupted")
    except IntercomError as error:
        report.fail(explained(error, report.resource))
    else:
        if session.stop.is_set():
            report.stop("interrupted")  # before all was counted
            return []
        has_more = plan is not None and plan.ids  # records to read again
        report.stop("read" if has_more else "complete")
        return [plan] if plan is not None else []
    return []


def _conclude(plan: ExaminationPlan, over: Examination, loaded: LoadedEntity, outcome: AuditOutcome) -> None:
    marked = loaded.marked
    parts_now = {count.record_id: count for count in part_counts(loaded) if count.record_id not in marked}
    broken_now = loaded.doubled() if plan.broken else frozenset()
    outcome.proofs += proofs(plan, over, parts_now, broken_now)
    outcome.differences += over.differences
    outcome.count_differences += over.count_differences


def _record(run: Run, outcome: AuditOutcome) -> None:
    try:
        run.lock.confirm()
        record(run.raw, outcome)
    except (Stop, *DESTINATION_ERRORS) as error:
        outcome.fail_log(error)
    record_run(run)

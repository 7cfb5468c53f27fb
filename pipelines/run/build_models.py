"""The models on a target: built, checked, and their mistakes explained."""

from collections import Counter

import dlt

from pipelines.destination.failures.failure import DESTINATION_ERRORS
from pipelines.destination.failures.lost_connection import lost_connection_as_database_error
from pipelines.destination.failures.quoted_values import without_values
from pipelines.destination.postgres.rights import check_rights
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.journal.events import CHECK_FAILED, CHECKS_RUN, MODEL_FAILED, MODELS_BUILT, WARNING_IN_SUMMARY
from pipelines.run.run import Run
from pipelines.stop import Stop
from transforms import BuildOptions, BuildReport, Settings, build
from transforms.runner.model_graph.model import ModelError

USUAL_BUILD = BuildOptions()


def build_models(
    pipeline: dlt.Pipeline, target: Target, display: Display, options: BuildOptions = USUAL_BUILD
) -> BuildReport:
    """Build and check the models on what is loaded. Raises Stop if the options select no model."""
    try:
        with lost_connection_as_database_error(), display.building() as on_result:
            report = build(pipeline.sql_client, target.destination, target.datasets, options, on_result)
    except ModelError as error:
        raise Stop(str(error), ExitCode.WRONG_USE) from error
    say_build(display, report)
    return report


def build_models_of(run: Run, settings: Settings | None) -> None:
    """Build the models on what the run has loaded; results, or the error that ended it, go into the run's outcome."""
    options = BuildOptions(settings=settings, now_epoch=int(run.identity.now()))
    try:
        run.lock.confirm()
        check_rights(run.target, with_models=True)
        run.outcome.build = build_models(run.pipeline, run.target, run.display, options)
    except (Stop, *DESTINATION_ERRORS) as error:
        run.outcome.fail_build(error)


def say_failed_build(display: Display, report: BuildReport | None) -> None:
    """Tell machines of a build of models that failed if `--quiet` has kept it from them."""
    if display.is_quiet and display.log_format == "json" and report is not None and not report.is_ok:
        say_build(Display("json"), report)


def say_build(display: Display, report: BuildReport) -> None:
    """Report what the build of models gave: the results of models and checks."""
    for model in report.failed_models:
        display.say(MODEL_FAILED, model=model.name, error=without_values(model.error))
    count = Counter(model.status for model in report.models)
    display.say(
        MODELS_BUILT,
        "error" if count["failed"] else "info",
        built=count["built"],
        failed=count["failed"],
        skipped=count["skipped"],
    )
    for warning in report.warnings:
        display.say(WARNING_IN_SUMMARY, message=warning)
    _say_what_was_checked(display, report)


def _say_what_was_checked(display: Display, report: BuildReport) -> None:
    failed, warned = report.failed_checks("error"), report.failed_checks("warn")
    for check in (*failed, *warned):
        display.say(
            CHECK_FAILED,
            "error" if check.severity == "error" else "warning",
            check=check.name,
            severity=check.severity,
            claim=check.claim,
            rows=check.count_failing_rows,
            error=without_values(check.error),
        )
    count = Counter(check.status for check in report.checks)
    display.say(
        CHECKS_RUN,
        "error" if failed else "warning" if warned else "info",
        passed=count["passed"],
        failed=len(failed),
        warned=len(warned),
        skipped=count["skipped"],
    )

"""What happens after the loads is told as what it is, with its own code, and the run comes to its end."""

import json
import shutil
from dataclasses import replace

import duckdb
import pytest
from rich.console import Console

from pipelines.destination.failures.failed_build import code_of
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.invocation import CONFIG
from pipelines.journal.outcome import Outcome
from pipelines.journal.printed_summary import print_summary
from pipelines.journal.run_log_tables import _resource_rows
from pipelines.notifications.ending_message import Ending
from pipelines.stop import Stop
from pipelines.verify.audit.audit_outcome import AuditOutcome
from pipelines.verify.audit.audit_summary import print_audit
from pipelines.verify.audit.proofs.proof import Proof, Subject
from sources.intercom.api.errors import AccessDenied, Failure, IntercomError
from tests.support.workspace import database_without_rows, load
from transforms import BuildReport
from transforms.runner.build_report import CheckResult, ModelResult
from transforms.runner.warehouse.postgres.lock_waiting import Blocked

REFUSED = Stop("may not be written. Grant it", ExitCode.WRONG_USE)


def ended(**status):
    """Return the outcome of a run of one resource."""
    outcome = Outcome(["tags"])
    outcome.report.of("tags").status = status.get("tags", "complete")
    return outcome


def told(outcome, *, is_brief=True):
    """Return what a person sees of it, what a chat hears, and the code for the shell."""
    console = Console(width=300, record=True, quiet=False, file=None)
    with console.capture() as captured:
        print_summary(console, outcome, Target(), is_brief=is_brief)
    ending = Ending("sync", "some.duckdb")
    ending.take_outcome(outcome)
    return captured.get(), ending.reasons, outcome.exit_code


def told_of_audit(outcome, *, is_brief=True):
    """Return what a person sees of an audit."""
    console = Console(width=300)
    with console.capture() as captured:
        print_audit(console, outcome, Target(dataset="support"), is_brief=is_brief)
    return captured.get()


def test_commands_that_a_summary_proposes_are_written_as_its_own_was(tmp_path):
    """Without `--config`, they would be about another workspace."""
    outcome, audit = ended(tags="failed"), AuditOutcome(["tags"], unfinished=["tags"])
    outcome.build = BuildReport(warnings=["not built since: run intercom-elt transform"])
    outcome.report.of("tags").error = AccessDenied(Failure("GET", "/tags", 403), "tags")
    token = CONFIG.set(tmp_path)
    try:
        shown, audited = told(outcome, is_brief=False)[0], told_of_audit(audit)
    finally:
        CONFIG.reset(token)
    assert f"intercom-elt --config {tmp_path} sync --exclude tags" in shown
    assert f"not built since: run intercom-elt --config {tmp_path} transform" in shown
    assert f"run intercom-elt --config {tmp_path} sync." in audited


def test_records_that_are_counted_and_not_listed_are_told_and_kept():
    outcome = ended()
    outcome.report.of("tags").tally.unlisted = 1_200
    assert "; records that Intercom counts, but does not list: tags 1,200" in told(outcome, is_brief=False)[0]
    assert [row["count_unlisted"] for row in _resource_rows(outcome)] == [1_200]


def test_a_run_log_that_cannot_be_written_is_no_failed_load():
    outcome = ended()
    outcome.fail_log(OSError(28, "No space left on device"))
    said, reasons, code = told(outcome)
    assert (code, outcome.status, outcome.is_loaded) == (ExitCode.FAILED, "failed", True)
    assert "is loaded completely." in said
    assert "The run could not be recorded in full: No space left on device" in said
    assert "since the last load package" not in said
    assert [reason.partition(":")[0] for reason in reasons] == ["run log"]
    assert (outcome.facts()["error"], outcome.facts()["log_error"][:8]) == (None, "No space")


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (Blocked("intercom.fct_n is held by connection 7 of a dashboard"), ExitCode.FAILED),
        (duckdb.IOException("Could not write file: No space left on device"), ExitCode.FAILED),
        (duckdb.BinderException("Referenced column not found"), ExitCode.CHECK_FAILED),
        (None, ExitCode.CHECK_FAILED),
    ],
)
def test_a_model_that_failed_for_no_fault_of_its_own_is_to_be_built_again(cause, code):
    """Schedulers try again after 1, and not after 2."""
    outcome = ended()
    outcome.build = BuildReport([ModelResult("fct_n", "marts", "failed", 0.1, error="why", cause=cause)])
    said, reasons, ended_with = told(outcome)
    assert (ended_with, reasons) == (code, ["model fct_n failed"])
    assert said.count("model fct_n failed: why") == 1
    assert ("Run again." in said) is (code is ExitCode.FAILED)
    assert "is loaded completely" in said
    check = CheckResult("c", "error", "failed", 0.1, error="why", cause=cause)
    assert code_of(BuildReport(checks=[check])) is code
    assert code_of(BuildReport(checks=[replace(check, severity="warn")])) is ExitCode.DONE


def test_failures_that_are_too_many_to_name_are_counted():
    outcome = ended()
    checks = [CheckResult(f"c_{at}", severity, "failed", 0.1) for severity in ("error", "warn") for at in range(21)]
    outcome.build = BuildReport([ModelResult(f"fct_{at}", "marts", "failed", 0.1) for at in range(45)], checks)
    said = told(outcome)[0].splitlines()
    assert [line for line in said if line.startswith("…")] == [
        "… and 25 more of the models failed",
        "… and 1 more of the checks (error) failed",
        "… and 1 more of the checks (warn) failed",
    ]


def test_a_build_that_ends_outside_of_its_models_has_its_code_and_is_named():
    outcome = ended()
    outcome.fail_build(REFUSED)
    said, reasons, code = told(outcome)
    assert (code, outcome.status) == (ExitCode.WRONG_USE, "complete")
    assert "No model was built: may not be written. Grant it. Correct this first" in said
    assert reasons == ["models: may not be written. Grant it"]
    assert outcome.facts()["build_error"] == "may not be written. Grant it"


def test_what_was_not_read_to_its_end_is_named_to_chat_and_machines():
    outcome = ended(tags="reading")
    said, reasons, code = told(outcome)
    assert code is ExitCode.FAILED
    assert "tags was not read to its end." in said
    assert reasons == ["tags was not read to its end"]
    assert outcome.facts()["not_ended"] == ["tags"]


def test_the_first_reason_counts():
    outcome = ended()
    outcome.fail(OSError(28, "No space left on device"))
    outcome.fail_log(REFUSED)
    outcome.fail_build(REFUSED)
    assert (outcome.exit_code, outcome.log_error) == (ExitCode.FAILED, None)


@pytest.mark.parametrize(
    ("cause", "code", "advice"),
    [
        (REFUSED, ExitCode.WRONG_USE, "Grant it. Nothing that was loaded is lost. Correct this first, then run again."),
        (OSError(28, "No space left on device"), ExitCode.FAILED, "Nothing that was loaded is lost. Run again."),
    ],
)
def test_an_audit_that_a_destination_refuses_is_wrong_use_as_a_sync_is(cause, code, advice):
    outcome = AuditOutcome([], command="audit")
    outcome.fail(cause)
    assert (outcome.exit_code, advice in told_of_audit(outcome)) == (code, True), told_of_audit(outcome)
    outcome = AuditOutcome([], command="audit")
    outcome.fail_log(cause)
    said = told_of_audit(outcome)
    assert (outcome.exit_code, advice.rpartition("lost. ")[2] in said) == (code, True), said


def test_an_audit_tells_what_it_cost_as_every_run_does():
    outcome = AuditOutcome(["audit_contacts"], command="audit", seed=7, sample_size=50)
    tally = outcome.report.of("audit_contacts").tally
    tally.calls, tally.retries, tally.rate_limited = 401, 3, 2
    outcome.seconds_reading, outcome.rate_limit, outcome.count_held_back = 10.0, 1_000, 4
    said = told_of_audit(outcome, is_brief=False)
    assert "401 calls (3 retries, 2 of them after a 429) in 10.0 s; 40% of the rate budget of 1,000 per 10 s" in said
    assert "; 4 rows of forgotten people held back or stripped; --seed 7 reads the same records again" in said


def test_the_commands_that_an_audit_names_lead_to_what_it_audited():
    outcome = AuditOutcome([], command="audit")
    said = told_of_audit(outcome, is_brief=False)
    assert "no metric was compared: intercom-elt transform --dataset support\n" in said
    assert "run intercom-elt sync --dataset support.\n" in said
    outcome.proofs = [Proof("contacts", Subject.SAMPLE, count_checked=2, count_differing=1, count_repaired=1)]
    assert told_of_audit(outcome).endswith("reaches the models with: intercom-elt transform --dataset support\n")


def test_an_audit_that_proves_nothing_has_failed():
    assert AuditOutcome([], command="audit").exit_code is ExitCode.FAILED, "nothing was proved"


def test_only_what_a_run_was_to_read_has_a_row_in_the_run_log():
    outcome = Outcome(["audit_contacts"], command="audit")
    outcome.report.of("workspace").tally.calls += 1  # asks whose workspace it is
    rows = [(row["resource"], row["status"]) for row in _resource_rows(outcome)]
    assert rows == [("audit_contacts", "waiting")]


def test_rows_of_a_package_that_failed_are_not_counted():
    outcome = Outcome(["contacts", "tags", "teams"])
    contacts, tags, teams = (outcome.report.of(name) for name in outcome.resources)
    contacts.count_rows["contacts"] = 3
    contacts.stop("read")
    contacts.loaded()
    contacts.count_rows["contacts"] += 5  # of the next package, as all others
    contacts.start()
    tags.count_rows["tags"] = 7
    tags.stop("read")
    teams.count_rows["teams"] = 9
    teams.fail(IntercomError(Failure("GET", "/teams", 500)))
    outcome.report.not_loaded()
    assert +outcome.count_rows == {"contacts": 3}
    assert [report.status for report in (contacts, tags, teams)] == ["not loaded", "not loaded", "failed"]


def test_a_resource_that_a_run_leaves_between_two_packages_is_not_complete():
    outcome = Outcome(["contacts"])
    contacts = outcome.report.of("contacts")
    contacts.stop("read")
    contacts.loaded()
    contacts.goes_on()
    outcome.report.not_loaded()  # the next package has failed before anything was read for it
    assert contacts.status == "not loaded"


@pytest.mark.end_to_end
def test_where_the_run_log_is_in_the_way_everything_is_loaded(simulator, tmp_path):
    database = shutil.copy(database_without_rows(), tmp_path / "log.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "DROP TABLE intercom_raw.sync_runs; CREATE VIEW intercom_raw.sync_runs AS SELECT 1 AS run_id"
        )
    outcome = load(simulator, database, "tags")
    assert (outcome.error, outcome.status, outcome.is_loaded) == (None, "failed", True)
    assert outcome.log_error
    with duckdb.connect(str(database)) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM intercom_raw.tags").fetchone() == (True,)


@pytest.mark.usefixtures("empty_tables")
def test_a_quiet_command_names_a_model_that_cannot_be_built_and_status_until_its_file_is_gone(
    invoke, simulator, tmp_path
):
    quiet = ("--models", "own", "--quiet", "--log-format", "json")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "bad.sql").write_text("-- One row per tag.\nselect no_column from stg_tags")
    code, output, errors = invoke("sync", "tags", "contacts", *quiet)
    *others, ended = map(json.loads, errors.splitlines())
    assert (code, output, ended["event"], ended["failed_models"]) == (2, "", "run ended", ["bad"])
    assert [one["model"] for one in others if one["event"] == "model failed"] == ["bad"]
    code, _, errors = invoke("forget", simulator.truth()["contacts"][0]["id"], "--yes", *quiet)
    first, *_, ended = map(json.loads, errors.splitlines())
    assert (code, first["model"], ended["event"]) == (2, "bad", "person forgotten")
    assert json.loads(invoke("status", "--format", "json")[1])["models"]["failed_models"] == ["bad"]
    (tmp_path / "own" / "bad.sql").write_text("-- One row per tag.\nselect tag_id, name from stg_tags")
    (tmp_path / "own" / "bad.sql").rename(tmp_path / "own" / "good.sql")
    assert invoke("transform", "--models", "own", "--select", "good", "--quiet") == (0, "", "")
    models = json.loads(invoke("status", "--format", "json")[1])["models"]
    assert (models["failed_models"], models["marts"]["good"]) == ([], len(simulator.truth()["tags"]))


@pytest.mark.usefixtures("empty_tables")
def test_a_file_of_an_own_model_that_cannot_be_read_ends_a_run_in_order(invoke, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "broken.sql").write_text("-- One row per contact.\nselect from where")
    code, _, errors = invoke("sync", "tags", "--models", "own", "--log-format", "json")
    last = json.loads(errors.splitlines()[-1])
    assert (code, last["event"], last["status"], last["exit_code"]) == (64, "run ended", "complete", 64)
    assert "broken.sql" in last["build_error"]

"""DAGs for Airflow 3.2 or newer: every hour one loads Intercom and builds the models, on Sundays one sweeps and audits.

Use: copy it into the DAGs folder; give the worker INTERCOM_ELT_HOME (a checkout) and SOURCES__INTERCOM__ACCESS_TOKEN.
"""

import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

HOME = os.environ.get("INTERCOM_ELT_HOME", "/srv/intercom-elt")
DATABASE = os.environ.get("INTERCOM_ELT_DATABASE", f"{HOME}/intercom_data.duckdb")

WOULD_FAIL_AGAIN = (2, 64)


@task(retries=3, retry_delay=timedelta(minutes=10))
def intercom_elt(*arguments: str) -> None:
    """Run a command; what it says becomes the task's log.

    Exit code 1 (not complete) is worth another try, as is a process that was killed, for want of memory for instance: a
    sync that meets the sweep stops at once with 1, and is tried again after it. What failed with 2 (a check) or 64
    (wrong configuration) would fail again.
    """
    command = [f"{HOME}/run", "intercom-elt", *arguments, "--log-format", "json", "--database", DATABASE]
    said = subprocess.PIPE
    with subprocess.Popen(command, cwd=HOME, stdout=said, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603 - our own
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())  # it loads what was read, and ends
        try:
            for line in process.stdout or ():
                print(line, end="")  # noqa: T201 - Airflow logs what a task prints
        except BaseException:  # such as the end of the task's time
            process.terminate()
            raise
    if process.returncode:
        error = AirflowFailException if process.returncode in WOULD_FAIL_AGAIN else AirflowException
        message = f"intercom-elt {arguments[0]} ended with exit code {process.returncode}"
        raise error(message)


@dag(
    schedule="15 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,  # a run reads all that is new, however many were missed
    max_active_runs=1,
    tags=["intercom"],
)
def intercom() -> None:
    """Load what is new or changed, and build and check the models: also where one resource could not be read."""
    intercom_elt.override(task_id="sync")("sync")


@dag(
    schedule="45 2 * * 0",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["intercom"],
)
def intercom_sweep() -> None:
    """Find what is gone from Intercom, then compare what is loaded with what Intercom has."""
    sweep = intercom_elt.override(task_id="sweep")("sweep")
    audit = intercom_elt.override(task_id="audit", trigger_rule="all_done")("audit")
    sweep >> audit


intercom()
intercom_sweep()

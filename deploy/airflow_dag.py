"""A DAG for Airflow 3 that loads Intercom every hour and builds the models, and one that sweeps on Sundays.

Use: copy it into the DAGs folder; give the worker INTERCOM_ELT_HOME (a checkout) and SOURCES__INTERCOM__ACCESS_TOKEN.
"""

import os
import shlex
from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task

HOME = os.environ.get("INTERCOM_ELT_HOME", "/srv/intercom-elt")
TARGET = ["--database", os.environ.get("INTERCOM_ELT_DATABASE", f"{HOME}/intercom_data.duckdb")]

# Exit code 1 (not complete) is worth another try. A second run on one database stops at once with exit code 1, too: a
# sync that meets the sweep is tried again after it.
AGAIN = {"retries": 3, "retry_delay": timedelta(minutes=10)}


def intercom_elt(*arguments: str) -> str:
    """Return the command line of one run."""
    return shlex.join([f"{HOME}/run", "intercom-elt", *arguments, *TARGET])


@dag(
    schedule="15 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,  # a run reads all that is new, however many were missed
    max_active_runs=1,
    tags=["intercom"],
)
def intercom() -> None:
    """Load what is new or changed, then build and check the models."""

    @task.bash(cwd=HOME, **AGAIN)
    def load() -> str:
        return intercom_elt("sync", "--no-transform", "--log-format", "json")

    @task.bash(cwd=HOME, retries=0)  # exit code 2: a check failed, and would fail again
    def build() -> str:
        return intercom_elt("transform")

    load() >> build()


@dag(
    schedule="45 2 * * 0",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["intercom"],
)
def intercom_sweep() -> None:
    """Find what is gone from Intercom."""

    @task.bash(cwd=HOME, **AGAIN)
    def sweep() -> str:
        return intercom_elt("sweep", "--log-format", "json")

    sweep()


intercom()
intercom_sweep()

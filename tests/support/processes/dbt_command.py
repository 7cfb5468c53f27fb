"""dbt as a command: an environment of its own for it, and one build."""

import os
import subprocess

from tests.support.processes.own_environment import programs_of

SETTINGS = {
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_PASSWORD": "trusted",
    "DBT_LOG_LEVEL_FILE": "none",
    "DBT_LOG_LEVEL": "warn",  # each line takes it time, and only failures are looked at
}
PACKAGES = ("dbt-core~=1.11.0", "dbt-duckdb~=1.11.0", "dbt-postgres~=1.11.0", "duckdb==1.5.*")


def installed_dbt(folder):
    """The dbt command of an environment that is made of what uv has in its cache, so that no test needs a network."""
    return programs_of(folder, *PACKAGES) / "dbt"


def dbt_build(dbt, project, variables, select=""):
    """Build the project, whose folder also holds its profiles.yml; what dbt says is shown when something fails.

    `select`: names of models as for our own build, with the checks that read nothing else.
    """
    chosen = ("--select", select, "--indirect-selection", "cautious") if select else ()
    dbt_run(dbt, "build", project, "--vars", variables, *chosen)


def dbt_run(dbt, command, project, *arguments):
    """Run a command of dbt in the project's folder, as a person does who has just gone there."""
    done = subprocess.run(
        [dbt, command, *arguments],
        env=os.environ | SETTINGS,
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
    )
    assert done.returncode == 0, done.stdout[-3000:]

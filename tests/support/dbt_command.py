"""dbt as a command: an environment of its own for it, and one build."""

import os
import shutil
import subprocess
import sys

import pytest

PACKAGES = ("dbt-core~=1.11.0", "dbt-duckdb~=1.11.0", "dbt-postgres~=1.11.0", "duckdb==1.5.*")
HOW_TO_INSTALL = (
    "dbt is not run: let uv fetch it once, with `uv tool run --from dbt-core~=1.11.0 --with dbt-duckdb~=1.11.0 "
    "--with dbt-postgres~=1.11.0 --with duckdb==1.5.* dbt --version`"
)


def installed_dbt(folder):
    """The dbt command of an environment that is made of what uv has in its cache, so that no test needs a network."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("dbt is not run: there is no uv to make an environment for it")
    python = folder / "bin" / "python"
    for command in (
        [uv, "venv", "--offline", "--quiet", "--python", sys.executable, folder, "--clear"],
        [uv, "pip", "install", "--offline", "--quiet", "--python", python, *PACKAGES],
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip(HOW_TO_INSTALL)
    return folder / "bin" / "dbt"


def dbt_build(dbt, project, variables):
    """Build the project, whose folder also holds its profiles.yml; what dbt says is shown when something fails."""
    dbt_run(dbt, "build", project, "--vars", variables)


def dbt_run(dbt, command, project, *arguments):
    """Run a command of dbt in the project's folder, as a person does who has just gone there."""
    done = subprocess.run(
        [dbt, command, *arguments],
        env=os.environ | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_PASSWORD": "trusted"},
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
    )
    assert done.returncode == 0, done.stdout[-3000:]

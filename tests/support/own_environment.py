"""Tools that do not belong into the project's lock: an environment of their own, made of what uv has in its cache."""

import os
import shutil
import subprocess
import sys

import pytest


def programs_of(folder, *packages):
    """The folder of the programs that `packages` bring; the test is skipped where uv has not fetched them before."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("there is no uv to make an environment with")
    for command in (
        [uv, "venv", "--offline", "--quiet", "--python", sys.executable, folder, "--clear"],
        [uv, "pip", "install", "--offline", "--quiet", "--python", folder / "bin" / "python", *packages],
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            asked = " ".join(f"--with {package!r}" for package in packages)
            pytest.skip(f"let uv fetch it once: uv run --no-project {asked} true")
    return folder / "bin"

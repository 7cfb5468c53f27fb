"""What takes seconds to make, and is made once for all workers of a test run."""

import atexit
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

from filelock import FileLock

FOLDER = "TESTS_MADE_ONCE"  # an environment variable: where it is kept; tests/conftest.py sets it


def made_once(name, make):
    """Return the path of `name`, which `make(path)` writes unless another worker has done so already."""
    path = folder() / name
    is_made = path.with_name(f"{name}.made")
    with FileLock(path.with_name(f"{name}.making")):
        if not is_made.exists():
            make(path)
            is_made.touch()
    return path


def folder():
    """Return the folder that the workers share; outside of pytest one that goes with the process."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = mkdtemp()
        atexit.register(shutil.rmtree, os.environ[FOLDER])
    return Path(os.environ[FOLDER])

"""One run of the command line in a process of its own: what it took, as its user pays for it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


@dataclass(frozen=True)
class Measured:
    """CPU is that of the process with all its threads; `seconds` are wall time, start and load included."""

    cpu_seconds: float
    seconds: float
    peak_bytes: int
    calls: int
    rate_limited: int


def measured(simulator, database, *resources, checkout=ROOT):
    """Sync `resources` with the code in `checkout`; raises where the run is not complete."""
    simulator.clear_requests()
    command = [sys.executable, "-m", "pipelines", "sync", *resources, "--no-transform", "--quiet"]
    settings = {
        "PYTHONPATH": str(checkout),
        "SOURCES__INTERCOM__BASE_URL": simulator.url,
        "SOURCES__INTERCOM__ACCESS_TOKEN": simulator.token,
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "DLT_DATA_DIR": str(database.parent / "dlt"),
    }
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        child = subprocess.Popen([*command, "--database", database], cwd=folder, env={**os.environ, **settings})
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"sync {' '.join(resources)} ended with exit code {child.returncode}")
    statuses = simulator.counters()["statuses"]
    return Measured(
        cpu_seconds=round(usage.ru_utime + usage.ru_stime, 2),
        seconds=round(seconds, 2),
        peak_bytes=usage.ru_maxrss * BYTES_PER_UNIT,
        calls=sum(statuses.values()),
        rate_limited=statuses.get("429", 0),
    )


def as_json(value):
    """Return what was measured as text that machines read."""
    return json.dumps(value, indent=2) + "\n"

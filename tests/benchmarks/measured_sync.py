"""One sync in a process of its own, so that its memory and time are its own: prints what it took as JSON.

python -m tests.benchmarks.measured_sync URL TOKEN DATABASE
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from tests.support.workspace import load_into_nothing

CHUNK_RECORDS = 20_000  # the default of the configuration
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
ROOT = Path(__file__).resolve().parent.parent.parent


def measured_sync(simulator, database, chunk_records=CHUNK_RECORDS):
    """Sync in a child process; return seconds, records and calls of the sync, and the child's peak memory in bytes."""
    module = [sys.executable, "-m", "tests.benchmarks.measured_sync"]
    command = [*module, simulator.url, simulator.token, str(database), str(chunk_records)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(ended.stdout.splitlines()[-1])


def measure(url, token, database, chunk_records):
    """Sync in this process and return what it took."""
    started = time.monotonic()
    settings = {"chunk_records": int(chunk_records)}
    outcome = load_into_nothing(SimpleNamespace(url=url, token=token), Path(database), settings=settings)
    reports = outcome.report.resources
    return {
        **outcome.facts(),
        "seconds_whole": round(time.monotonic() - started, 2),
        "conversations": reports["conversations"].count_records,
        "conversations_seconds": round(reports["conversations"].seconds, 2),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(*sys.argv[1:])) + "\n")

"""A run of the command line that kills itself: `python -m tests.chaos.doomed MOMENT COUNT DELAY_SECONDS ARGUMENT…`.

Python's audit events tell every file that is opened or renamed; dlt's files show what it is about to do. So a run dies
at the same point every time, without a change of any code. The delay is for what happens inside the database.
"""

import os
import re
import signal
import sys
import threading

from pipelines.cli import main

MOMENTS = {
    "extracting": ("open", r"/normalize/.*/new_jobs/"),
    "extracted": ("os.rename", r"/normalize/extracted/[^/]+$"),
    "normalizing": ("open", r"/load/new/.*/new_jobs/"),
    "normalized": ("os.rename", r"/load/normalized/[^/]+$"),
    "copying": ("os.rename", r"/started_jobs/.*\.parquet$"),
    "copied": ("os.rename", r"/completed_jobs/.*\.parquet$"),  # committed, but dlt has not noted it yet
    "merging": ("os.rename", r"/started_jobs/.*\.sql$"),
    "merged": ("os.rename", r"/completed_jobs/.*\.sql$"),
    "package loaded": ("os.rename", r"/load/loaded/[^/]+$"),
}


def die_at(moment, count, delay_seconds):
    """Kill this process at the `count`-th `moment`, or so many seconds after it."""
    event, path = MOMENTS[moment]
    left = [count]

    def watch(name, arguments):
        if name != event or not re.search(path, str(arguments[1 if event == "os.rename" else 0])):
            return
        left[0] -= 1
        if left[0] == 0 and delay_seconds:
            threading.Timer(delay_seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
        elif left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


if __name__ == "__main__":
    die_at(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
    main(sys.argv[4:])

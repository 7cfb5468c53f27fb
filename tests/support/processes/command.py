"""The product's own command in a process of its own, and a workspace that makes it last."""

import json
import os
import time

from simulator import SimulatorProcess
from tests.support.documents.documented import check_code
from tests.support.processes.launched import Launched

LOOK_SECONDS = 0.005  # a look costs a millisecond of two processes; without a rest they would take both cores


class Command:
    """Runs `intercom-elt` in a folder of its own; `settings` are environment variables."""

    def __init__(self, folder):
        self.folder = folder
        self.settings = {}

    def point_at(self, simulator):
        """Configure the simulator's address and token."""
        self.settings = {
            "SOURCES__INTERCOM__BASE_URL": simulator.url,
            "SOURCES__INTERCOM__ACCESS_TOKEN": simulator.token,
            "SOURCES__INTERCOM__EXPORT_POLL_SECONDS": "0.01",
            "SOURCES__INTERCOM__EXPORT_HOURS": "0",
            "SOURCES__INTERCOM__VISITOR_USER_IDS": json.dumps(
                [visitor["user_id"] for visitor in simulator.truth()["visitors"]]
            ),
        }

    def start(self, *arguments, **settings):
        """Start the command and return its process."""
        return Launched(
            "pipelines", *arguments, folder=self.folder, environment={**os.environ, **self.settings, **settings}
        )

    def run(self, *arguments, **settings):
        """Run the command to its end; return exit code, standard output and standard error."""
        process = self.start(*arguments, **settings)
        output, errors = process.communicate(timeout=120)
        check_code(errors, process.returncode)
        return process.returncode, output, errors


class SlowSimulator(SimulatorProcess):
    """A workspace whose rate limit makes a run last, so that a test can act in the middle of it."""

    def wait_for_requests(self, count):
        """Return once so many requests have come in."""
        while sum(self.counters()["operations"].values()) < count:
            time.sleep(LOOK_SECONDS)

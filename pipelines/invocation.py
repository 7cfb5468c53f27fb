"""The command line's name and commands, and how it was started: proposed ones can be pasted into the same shell."""

import os
import re
import shlex
from contextvars import ContextVar
from pathlib import Path

NAME = "intercom-elt"
STARTED_AS = "INTERCOM_ELT_STARTED_AS"  # set by ./run, which is then a part of the command
CONFIG: ContextVar[Path | None] = ContextVar("config", default=None)  # the folder that --config named

# The list of commands is shown without importing any command, which would take most of a second.
COMMANDS = {
    "demo": "See it all work without a token: a simulated Intercom is loaded, changes, and is loaded again.",
    "init": "Ask for token, region and destination, write token and region to `.dlt/`, and check that all work.",
    "sync": "Load what is new or changed, then build and check the models.",
    "sweep": "Find what is gone from Intercom, what came back, and what changed without saying so.",
    "transform": "Build the models and run the checks on what is loaded.",
    "audit": "Prove that what is loaded is what Intercom has; load again what differs.",
    "export-dbt": "Write the models as an ordinary dbt project.",
    "report": "Write one HTML page with the marts as charts; it opens without a network.",
    "status": "Show the last runs, how fresh each resource is, and how many rows each table holds.",
    "query": "Run SQL on the database and print the rows.",
    "doctor": "Check token, permissions, rate limit and destination; say what to do about each failure.",
    "forget": "Erase a person's rows and texts from every table, and keep them from being loaded again.",
    "simulator": "Serve a simulated Intercom on this machine.",
}

_PROPOSED = re.compile(rf"\b{NAME} (?=({'|'.join([*COMMANDS, '--help'])})\b)")


def started_as() -> str:
    """Return how the command was called on the terminal.

    With `--config`, as another folder of settings is another workspace.
    """
    config = CONFIG.get()
    return os.environ.get(STARTED_AS, NAME) + (f" --config {shlex.quote(str(config))}" if config else "")


def as_started(message: str) -> str:
    """Return a message whose proposed commands are written as this one was called."""
    return _PROPOSED.sub(lambda _: f"{started_as()} ", message)

"""The command line's name and commands, and how it was started: proposed ones can be pasted into the same shell."""

import os
import re
import shlex
from contextvars import ContextVar
from itertools import pairwise
from pathlib import Path

NAME = "intercom-elt"
STARTED_AS = "INTERCOM_ELT_STARTED_AS"  # set by ./run, which is then a part of the command
CONFIG: ContextVar[Path | None] = ContextVar("config", default=None)  # the folder that --config named
# The options with which it was told where the tables are, each after a blank.
OPTIONS: ContextVar[str] = ContextVar("options", default="")
OF_TARGET = ("--destination", "--database", "--dataset")

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

_WITHOUT_TARGET = {"demo", "init", "simulator"}  # which lead to no tables of before
# `own`: there if the message itself says where the command leads, before another clause begins, or it leads nowhere.
_PROPOSED = re.compile(
    rf"\b{NAME} (?P<command>{'|'.join([*COMMANDS, '--help'])})\b"
    rf"(?=(?P<own> --help|(?:(?!\. )[^\n;])*(?:{'|'.join(OF_TARGET)})\b)?)"
)


def started_as() -> str:
    """Return how the command was called on the terminal.

    With `--config`, as another folder of settings is another workspace.
    """
    config = CONFIG.get()
    return os.environ.get(STARTED_AS, NAME) + (f" --config {shlex.quote(str(config))}" if config else "")


def options_of_target(given: list[str]) -> str:
    """Return those options of a command line that say where the tables are, each after a blank."""
    options = given[: given.index("--")] if "--" in given else given
    found = [f"{name}={value}" for name, value in pairwise(options) if name in OF_TARGET]
    found += [word for word in options if word.startswith(tuple(f"{name}=" for name in OF_TARGET))]
    parts = (word.partition("=") for word in found)
    return "".join(f" {name} {shlex.quote(value)}" for name, _, value in parts)


def as_started(message: str) -> str:
    """Return a message whose proposed commands are written as this one was called, and lead to the same tables."""
    return _PROPOSED.sub(_as_started, message)


def _as_started(proposed: re.Match[str]) -> str:
    command = proposed["command"]
    is_complete = proposed["own"] or command in _WITHOUT_TARGET or command not in COMMANDS
    return f"{started_as()} {command}{'' if is_complete else OPTIONS.get()}"

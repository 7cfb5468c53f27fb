"""Readers of Intercom that nobody here wrote, unmodified: what they read of a simulated workspace, and in what time.

They have no setting for the API's address: `redirect/sitecustomize.py` is put in their way, from outside. Links in
answers have to name the real host then (`link_base_url`), as real ones do.
"""

import json
import os
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TAP = "tap-intercom==2.2.5"
AIRBYTE = "airbyte-source-intercom==0.8.3"
REAL_ADDRESS = "https://api.intercom.io"
START_AT = "2010-01-01T00:00:00Z"
REDIRECT = Path(__file__).parent / "redirect"


@dataclass(frozen=True)
class Reading:
    """What a connector read: its records by stream, and the seconds of the command that read them."""

    records: dict[str, list[dict]]
    seconds: float


def read_with_tap(programs, simulator, folder):
    """Read everything with tap-intercom, of whose every stream every field is selected.

    It ends at an admin whose avatar is a text: the simulator's `admin_avatar` has to be "object".
    """
    settings = {"access_token": simulator.token, "start_date": START_AT, "user_agent": "benchmark"}
    config = _written(folder / "tap.json", settings)
    catalog = json.loads(_said_by(simulator, folder, programs / "tap-intercom", "--config", config, "--discover"))
    for stream in catalog["streams"]:
        stream["schema"]["selected"] = True
        for each in stream["metadata"]:
            each["metadata"]["selected"] = True
    asked = _written(folder / "tap_catalog.json", catalog)
    began = time.monotonic()
    said = _said_by(simulator, folder, programs / "tap-intercom", "--config", config, "--catalog", asked)
    return Reading(_records(said, lambda message: (message["stream"], message["record"])), _since(began))


def read_with_airbyte(programs, simulator, folder):
    """Read everything with Airbyte's connector, every stream whole."""
    config = _written(folder / "airbyte.json", {"access_token": simulator.token, "start_date": START_AT})
    program = programs / "source-intercom"
    found = _said_by(simulator, folder, program, "discover", "--config", config)
    [catalog] = [message["catalog"] for message in _messages(found) if message["type"] == "CATALOG"]
    modes = {"sync_mode": "full_refresh", "destination_sync_mode": "append"}
    asked = {"streams": [{"stream": stream, **modes} for stream in catalog["streams"]]}
    catalog = _written(folder / "airbyte_catalog.json", asked)
    began = time.monotonic()
    said = _said_by(simulator, folder, program, "read", "--config", config, "--catalog", catalog)
    records = _records(said, lambda message: (message["record"]["stream"], message["record"]["data"]))
    return Reading(records, _since(began))


def _said_by(simulator, folder, *command):
    environment = os.environ | {"PYTHONPATH": str(REDIRECT), "SIMULATED_INTERCOM": simulator.url}
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    ).stdout


def _messages(said):
    """Return the messages of a connector, one a line; texts may hold other breaks of lines."""
    return [json.loads(line) for line in said.split(b"\n") if line.startswith(b"{")]


def _records(said, parts):
    records = defaultdict(list)
    for message in _messages(said):
        if message["type"] == "RECORD":
            stream, record = parts(message)
            records[stream].append(record)
    return dict(records)


def _written(path, value):
    path.write_text(json.dumps(value))
    return path


def _since(began):
    return round(time.monotonic() - began, 2)


READERS = {TAP: read_with_tap, AIRBYTE: read_with_airbyte}

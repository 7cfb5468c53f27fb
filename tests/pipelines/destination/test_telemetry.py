"""dlt's telemetry: nothing is sent from any folder, unless a person wishes it."""

import os
import subprocess
import sys

import pytest

from tests.support.network.loopback import Loopback

pytestmark = pytest.mark.end_to_end

SCRIPT = """
from pathlib import Path
from pipelines.destination.target import Target

Target(database=Path("loaded.duckdb")).pipeline().run([{"a": 1}], table_name="t")
"""
NAME = "RUNTIME__DLTHUB_TELEMETRY"


@pytest.mark.parametrize(("wished", "is_sent"), [(None, False), ("true", True)])
def test_events_are_sent_only_when_wished(tmp_path, wished, is_sent):
    with Loopback(lambda request: {}) as server:
        usual = {name: value for name, value in os.environ.items() if name != NAME}
        environment = usual | {f"{NAME}_ENDPOINT": f"{server.url}/track"} | ({NAME: wished} if wished else {})
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert bool(server.requests) == is_sent

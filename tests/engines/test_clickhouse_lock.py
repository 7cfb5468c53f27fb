"""The lock in a table keeps its promises on ClickHouse (chdb, the engine as a library): `./run pytest -m engines`."""

import json
import subprocess

import pytest

from tests.engines.programs import PROGRAMS
from tests.support.databases.lock_story import play
from tests.support.processes.own_environment import programs_of

PROGRAM = PROGRAMS / "clickhouse_shell.py"


@pytest.mark.engines
def test_on_clickhouse(tmp_path):
    python = programs_of(tmp_path / "chdb", "chdb==4.4.0") / "python"
    with subprocess.Popen([python, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:

        def run(sql):
            shell.stdin.write(json.dumps(sql) + "\n")
            shell.stdin.flush()
            return json.loads(shell.stdout.readline())

        play(run, "locks.raw___run_locks", "clickhouse")
        shell.stdin.close()

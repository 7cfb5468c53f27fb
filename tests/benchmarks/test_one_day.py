"""A day on which every contact changed: contact search knows only days, so one search has to bring them all."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from simulator import SimulatorProcess
from tests.support.workspace import rows

CONTACTS = 200_000
CHUNK_RECORDS = 20_000
PER_PAGE = 150
PAGES = -(-CONTACTS // PER_PAGE)
DAY_STARTS_AT = 1_772_236_800
KILLED_AFTER = (0.3, 0.7)  # of the pages
ROOT = Path(__file__).resolve().parent.parent.parent


def write_contacts(folder):
    """An import touched them all within minutes, many in the same second."""
    dice = random.Random(1)
    with (folder / "contacts.ndjson").open("wb") as lines:
        for number in range(CONTACTS):
            contact = {
                "type": "contact",
                "id": f"{number:024x}",
                "role": "user",
                "email": f"person{number}@example.com",
                "created_at": DAY_STARTS_AT - 86_400,
                "updated_at": DAY_STARTS_AT + dice.randrange(600),
            }
            lines.write(orjson.dumps(contact) + b"\n")


def searches(simulator):
    return simulator.counters()["operations"].get("SearchContacts", 0)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_a_day_with_200_000_contacts_is_read_once_though_the_run_is_killed(tmp_path, capsys):
    write_contacts(tmp_path)
    database = tmp_path / "day.duckdb"
    with SimulatorProcess(fill_from=str(tmp_path), now="2026-03-01T12:00:00Z", rate_limit=0) as simulator:
        command = [sys.executable, "-m", "pipelines", "sync", "contacts", "--no-transform", "--quiet"]
        settings = {
            "PYTHONPATH": str(ROOT),
            "SOURCES__INTERCOM__BASE_URL": simulator.url,
            "SOURCES__INTERCOM__ACCESS_TOKEN": simulator.token,
        }
        started = time.monotonic()
        for share in KILLED_AFTER:
            killed = subprocess.Popen([*command, "--database", database], cwd=tmp_path, env={**os.environ, **settings})
            while killed.poll() is None and searches(simulator) < share * PAGES:
                time.sleep(0.1)
            killed.kill()
            assert killed.wait() == -signal.SIGKILL
        subprocess.run([*command, "--database", database], cwd=tmp_path, env={**os.environ, **settings}, check=True)
        seconds = time.monotonic() - started
        calls = searches(simulator)
    loaded = "SELECT count(*), count(DISTINCT id), max(updated_at) FROM intercom_raw.contacts"
    assert rows(database, loaded) == [(CONTACTS, CONTACTS, DAY_STARTS_AT + 599)]
    with capsys.disabled():
        print(f"\n{PAGES:,} pages, {calls:,} searches with two kills, {seconds:.0f} s", end="")  # noqa: T201 - to be read
    # A kill costs the chunk in flight, and what was asked for ahead of it.
    assert calls - PAGES <= len(KILLED_AFTER) * (CHUNK_RECORDS // PER_PAGE + 5)

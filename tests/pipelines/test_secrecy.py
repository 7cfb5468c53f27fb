"""The access token is written nowhere, and what people wrote or are called stands in tables only."""

import os
from pathlib import Path

import pytest

SCROLL_SECONDS = 60  # for which a dead run's scroll keeps everybody out


@pytest.fixture
def runs(command, slow_simulator):
    """Syncs that go well, fail, are killed, are talkative, and find no destination; return what they said."""
    command.point_at(slow_simulator)
    command.settings["DLT_DATA_DIR"] = str(command.folder / "dlt")
    killed = command.start("sync", "--verbose", "--no-transform")
    slow_simulator.wait_for_requests(60)
    killed.kill()
    slow_simulator.knobs(rate_limit=0)
    said, codes = [*killed.communicate()], []
    slow_simulator.clock(advance=SCROLL_SECONDS)

    def sync(*arguments, **settings):
        code, *told = command.run("sync", *arguments, "--verbose", **settings)
        codes.append(code)
        said.extend(told)

    slow_simulator.faults({"kind": "error", "operation": "listTags", "status": 403, "times": 0})
    sync("--log-format", "json", "--no-transform")
    slow_simulator.faults()
    sync()
    nowhere = {"DESTINATION__POSTGRES__CREDENTIALS": "postgresql://tester:trusted@127.0.0.1:9/postgres"}
    sync("tags", "--destination", "postgres", **nowhere)
    assert codes == [1, 0, 1], "each of them went as far as it should"
    return "".join(said)


def files_under(folder):
    return [Path(parent) / name for parent, _, names in os.walk(folder) for name in names]


def test_no_run_writes_the_token_or_shows_what_people_wrote(runs, command, slow_simulator):
    token = slow_simulator.token
    assert token not in runs
    assert "tester:trusted" not in runs, "nor the destination's password"
    files = files_under(command.folder)
    assert {file.suffix for file in files} >= {".duckdb", ".lock"}
    assert [file for file in files if token.encode() in file.read_bytes()] == []
    truth = slow_simulator.truth()
    addresses = {person["email"] for person in (*truth["contacts"], *truth["admins"]) if person.get("email")}
    parts = [part for one in truth["conversations"] for part in one["conversation_parts"]["conversation_parts"]]
    bodies = {item["body"] for item in (*parts, *(one["source"] for one in truth["conversations"])) if item.get("body")}
    assert len(addresses) > 20
    assert len(bodies) > 20
    assert [text for text in addresses | bodies if text in runs] == []

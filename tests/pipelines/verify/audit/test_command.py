"""The command as a person types it: a table and a sentence, facts for machines, an exit code, and a line in status."""

import json
import signal

import pytest

from simulator import SimulatorProcess
from tests.support.processes.command import Command, SlowSimulator

ENTITIES = ("companies", "contacts", "conversations", "tickets")
SIZES = {"seed": 51, "contacts": 25, "companies": 6, "conversations": 20, "tickets": 6, "rate_limit": 0}


def test_an_audit_from_the_command_line(tmp_path):
    with SimulatorProcess(**SIZES) as simulator:
        command = Command(tmp_path)
        command.point_at(simulator)
        code, _, errors = command.run("audit")
        assert code == 64
        assert "intercom-elt sync" in errors
        assert command.run("sync", *ENTITIES)[0] == 0

        code, output, errors = command.run("audit", "--seed", "4")
        assert code == 0, errors
        assert "seed 4" in errors
        words = " ".join(output.split())
        count = len(simulator.truth()["conversations"])
        assert f"{count} conversations," in words
        assert ", complete" in words
        assert "first_admin_reply_at" in words

        code, _, errors = command.run("audit", "--sample", "1", "--log-format", "json")
        facts = json.loads(errors.splitlines()[-1])
        assert facts["event"] == "run ended"
        assert (code, facts["exit_code"], facts["status"], facts["differences"]) == (0, 0, "complete", [])
        assert set() != {proof["result"] for proof in facts["proofs"]} <= {"proven", "explained"}
        assert facts["calls"] > 0

        assert command.run("audit", "--sample", "1", "--quiet")[1] == ""
        assert "last audit" in command.run("status")[1]


@pytest.mark.usefixtures("empty_tables")
def test_an_interrupted_audit_says_so_and_leaves_the_tables_right(tmp_path):
    with SlowSimulator(**{**SIZES, "rate_limit": 0}) as simulator:
        command = Command(tmp_path)
        command.point_at(simulator)
        assert command.run("sync", *ENTITIES, "--no-transform")[0] == 0
        simulator.knobs(rate_limit=600)
        simulator.clear_requests()
        process = command.start("audit")
        simulator.wait_for_requests(15)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "interrupted" in output
        kept = "SELECT DISTINCT result, remark FROM audit_results WHERE subject = 'audit'"
        assert command.run("query", kept, "--format", "csv")[1].splitlines()[1:] == ["failed,interrupted"]
        simulator.knobs(rate_limit=0)
        assert command.run("audit")[0] == 0

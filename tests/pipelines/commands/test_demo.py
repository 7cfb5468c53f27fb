"""`demo` as somebody meets it who has no token: it ends with answers, a report, and commands that work as they are."""

import json
import shlex
import shutil
import signal
import time

import duckdb
import pytest

from pipelines.commands.demo import ANSWERS, COUNT_CHANGES
from pipelines.destination.duckdb.demo_file import remove_demo
from pipelines.destination.locks.lock import only_run
from pipelines.destination.target import Target
from pipelines.run.comments import COMMENTED
from pipelines.stop import Stop
from tests.support.processes.command import LOOK_SECONDS, Command

pytestmark = pytest.mark.end_to_end  # half a minute of CPU, once

STARTED_AS = "./run intercom-elt"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Run it once, without any settings, in a folder whose database has a name that a shell takes apart."""
    command = Command(tmp_path_factory.mktemp("demo"))
    database = command.folder / "a demo's.duckdb"
    code, output, errors = command.run("demo", "--database", database.name, INTERCOM_ELT_STARTED_AS=STARTED_AS)
    return command, database, code, output, errors


def proposed(output):
    """Return the commands at the end, as words of a shell."""
    lines = [line.strip() for line in output.splitlines() if line.startswith(f"  {STARTED_AS} ")]
    return [shlex.split(line)[len(STARTED_AS.split()) :] for line in lines]


def test_it_loads_twice_and_answers(demo):
    _, database, code, output, _ = demo
    assert code == 0, output
    assert output.count("Complete. ") == 2
    assert f"{COUNT_CHANGES} changes later" in output
    assert [question for question in ANSWERS if question not in output] == []
    with duckdb.connect(str(database), read_only=True) as connection:
        runs = connection.execute("SELECT status FROM intercom_raw.sync_runs ORDER BY started_at").fetchall()
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM intercom.fct_conversations), (SELECT count(*) FROM intercom_raw.data_events)"
        ).fetchone()
    assert runs == [("complete",), ("complete",)]
    assert all(counts), "also what costs one call per contact"


def test_what_it_writes_is_its_owners_alone(demo):
    command, database, _, _, _ = demo
    report = database.with_name("a demo's_report.html")
    written = {file.name for file in command.folder.iterdir()}
    assert {database.name, report.name} <= written <= {database.name, f"{database.name}.lock", report.name}
    assert {file.stat().st_mode & 0o777 for file in command.folder.iterdir()} == {0o600}


def test_the_file_of_a_run_that_is_going_on_is_not_deleted(demo):
    command, database, _, _, _ = demo
    with only_run(Target(database=database)):
        code, _, errors = command.run("demo", "--database", database.name)
    assert (code, database.exists()) == (1, True)
    assert "Another run is going on" in errors


def test_each_command_that_it_proposes_works_as_it_is(demo):
    command, database, _, output, _ = demo
    commands = {words[0]: words for words in proposed(output) if words[1:] != ["--database", database.name]}
    assert set(commands) == {"query", "report", "export-dbt"}, "and those without further arguments below"
    code, answer, errors = command.run(*commands["query"])
    assert (code, len(answer.splitlines())) == (0, 6), errors
    assert answer.startswith("contact_name"), "a table, not upright"
    report = database.with_name("a demo's_report.html")
    report.unlink()
    assert command.run(*commands["report"])[0] == 0
    assert "<html" in report.read_text(encoding="utf-8")[:200]
    assert command.run(*commands["export-dbt"])[0] == 0
    assert (command.folder / "dbt_project" / "dbt_project.yml").exists()
    assert ["status", "--database", database.name] in proposed(output)
    code, status, errors = command.run("status", "--database", database.name, "--format", "json")
    assert (code, len(json.loads(status)["runs"])) == (0, 2), errors
    assert ["query", "--database", database.name] in proposed(output)
    assert "no terminal to ask for it" in command.run("query", "--database", database.name)[2], "a prompt needs one"


@pytest.mark.parametrize(
    "dataset", ["main", "intercom", "intercom_staging", "intercom_fivetran", "intercom_raw", "intercom_raw_staging"]
)
def test_what_somebody_has_added_to_a_demo_is_not_deleted(demo, tmp_path, dataset):
    database = shutil.copy(demo[1], tmp_path / "noted.duckdb")
    with duckdb.connect(str(database)) as connection:
        (id_code,) = connection.execute("SELECT id_code FROM intercom_raw.workspace").fetchone()
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {dataset}")
        connection.execute(f"CREATE VIEW {dataset}.my_notes AS SELECT 'remember' AS note")
    with pytest.raises(Stop, match=f"holds {dataset}.my_notes, and demo would delete it"):
        remove_demo(Target(database=database), id_code, COMMENTED)
    assert database.exists()


def test_an_interrupted_demo_ends_after_the_sync_that_was_interrupted_and_quietly(tmp_path):
    command = Command(tmp_path)
    process = command.start("demo", "--quiet")
    database = tmp_path / "intercom_demo.duckdb"
    while not database.exists():
        time.sleep(LOOK_SECONDS)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 1, errors
    assert "Traceback" not in errors + output
    assert output == ""
    with duckdb.connect(str(database)) as connection:
        begun = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'sync_runs'").fetchall()
        runs = connection.execute("SELECT status FROM intercom_raw.sync_runs").fetchall() if begun else []
    assert runs in ([], [("interrupted",)])


def test_a_demo_that_was_killed_in_its_first_build_is_replaced(demo, tmp_path):
    """What was built is recorded at the end of a build."""
    database = shutil.copy(demo[1], tmp_path / "killed.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("DROP TABLE intercom_staging.built_models")
        connection.execute("CREATE TABLE intercom.fct_csat__building AS SELECT 1 AS one")
        (id_code,) = connection.execute("SELECT id_code FROM intercom_raw.workspace").fetchone()
    remove_demo(Target(database=database), id_code, COMMENTED)
    assert not database.exists()

"""What the documentation shows runs: shell, SQL, Python, the notebook, and files of settings."""

import json
import os
import subprocess
import sys
import tomllib

import psycopg2
import pytest
import yaml

from pipelines.destination.target import Target
from pipelines.query.opening import run_query
from simulator import SimulatorProcess
from tests.support.databases.postgres import running_postgres
from tests.support.documents.pages import PAGES, ROOT, Page, whole_lines
from tests.support.processes.command import Command
from tests.support.processes.launched import shell_script
from tests.support.processes.own_environment import programs_of

pytestmark = pytest.mark.end_to_end

BY_NAME = {path.relative_to(ROOT).as_posix(): Page(path) for path in PAGES}
DATABASES = ("intercom_data.duckdb", "intercom_demo.duckdb")  # as the pages name them
FOR_POSTGRES = "docs/operating.md"
HEAVY = ("ibis-framework[duckdb]", "marimo", "altair", "duckdb==1.5.*", "pyarrow")


def blocks(*languages):
    """The blocks that are run, each with its page, and each only once."""
    found = [(name, block) for name, page in BY_NAME.items() for block in page.blocks if block.language in languages]
    return [
        pytest.param(name, block.text, id=f"{name}-{number}")
        for number, (name, block) in enumerate(found)
        if block.is_run and block.text not in [other.text for _, other in found[:number]]
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder like that of a reader: a database under both names, a token, and the command on the PATH."""
    made = tmp_path_factory.mktemp("reader")
    with SimulatorProcess(seed=11, contacts=30, companies=8, conversations=40, tickets=8, rate_limit=0) as simulator:
        command = Command(made)
        command.point_at(simulator)
        code, _, errors = command.run("sync", "--all", "--database", DATABASES[0], "--quiet")
        assert code == 0, errors
        (made / DATABASES[1]).write_bytes((made / DATABASES[0]).read_bytes())
        for place in (made / "bin" / "intercom-elt", made / "run"):
            place.parent.mkdir(exist_ok=True)
            place.write_text(shell_script(leaves_out=int(place.name == "run")))
            place.chmod(0o755)
        settings = {**command.settings, "TOKEN": simulator.token, "PYTHONPATH": str(ROOT)}
        models = [block.text for block in BY_NAME["docs/analysis.md"].blocks if block.language == "sql"]
        (made / "models" / "checks").mkdir(parents=True)
        (made / "models" / "fct_channels.sql").write_text(models[0])
        (made / "models" / "checks" / "every_channel_has_a_conversation.sql").write_text(models[1])
        yield made, {**os.environ, **settings, "PATH": f"{made / 'bin'}:{os.environ['PATH']}"}


def ran(folder, *arguments):
    place, environment = folder
    done = subprocess.run(
        arguments, cwd=place, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize(("name", "text"), blocks("sh"))
def test_every_shell_line_ends_well(folder, name, text):
    for line in whole_lines(text):
        ran(folder, "sh", "-c", line)


QUESTIONS = [
    each for each in blocks("sql") if each.values[0] != FOR_POSTGRES and not each.values[1].startswith("-- error")
]


@pytest.mark.parametrize(("name", "text"), QUESTIONS)
def test_every_question_is_answered(folder, name, text):
    columns, _ = run_query(Target(database=folder[0] / DATABASES[0]), text)
    assert columns


def test_every_statement_for_administrators_is_one_of_postgres():
    page = BY_NAME[FOR_POSTGRES]
    statements = [block.text for block in page.blocks if block.language == "sql" and block.is_run]
    assert len(statements) > 2
    with running_postgres() as url, psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE ROLE loader; CREATE ROLE analyst; CREATE SCHEMA intercom")
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(("name", "text"), blocks("python"))
def test_every_script_runs(folder, name, text):
    if name != "docs/analysis.md":
        compile(text, name, "exec")  # a part of a file
        return
    assert ran(folder, sys.executable, "-c", text)


@pytest.fixture(scope="module")
def heavy(tmp_path_factory):
    """The Python of an environment with what notebooks need."""
    return programs_of(tmp_path_factory.mktemp("notebooks"), *HEAVY) / "python"


@pytest.mark.parametrize(("name", "text"), blocks("python ibis"))
def test_every_question_put_together_is_answered(folder, heavy, name, text):
    answer = ran(folder, heavy, "-c", text)
    sql = "select channel, count(*) as n from fct_conversations where direction = 'inbound' group by 1 order by 2 desc"
    _, ((channel, count), *_) = run_query(Target(database=folder[0] / DATABASES[0]), sql)
    assert f"'conversations': {count}" in answer
    assert channel is None or "'channel'" in answer


def test_the_notebook_counts_what_the_models_say(folder, heavy, tmp_path):
    notebook = ROOT / "docs" / "notebooks" / "support.py"
    database = tmp_path / "intercom.duckdb"  # its catalog is called as the schema is
    database.symlink_to(folder[0] / DATABASES[0])
    answer = ran(folder, heavy, notebook, "--database", str(database))
    sql = "select count(*) from fct_conversations where direction = 'inbound'"
    _, ((count,),) = run_query(Target(database=folder[0] / DATABASES[0]), sql)
    assert answer.startswith(f"{count} inbound conversations in ")


@pytest.mark.parametrize(("name", "text"), blocks("toml"))
def test_every_file_of_settings_that_is_shown_can_be_read(name, text):
    assert tomllib.loads(text)


@pytest.mark.parametrize(("name", "text"), blocks("yaml"))
def test_every_file_for_a_scheduler_that_is_shown_can_be_read(name, text):
    assert isinstance(yaml.safe_load(text), dict)


@pytest.mark.parametrize(("name", "text"), blocks("json"))
def test_every_json_that_is_shown_can_be_read(name, text):
    assert json.loads(text)

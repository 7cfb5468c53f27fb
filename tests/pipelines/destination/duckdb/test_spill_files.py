"""What a killed process has written beside a DuckDB file is gone with the next run, and nothing else is."""

import subprocess
import sys
import time

import duckdb
import pytest

from pipelines.destination.duckdb.spill_files import FOLDER
from pipelines.destination.target import Target
from pipelines.stop import Stop
from tests.support.databases.byte_search import found

ADDRESS = "ada.lovelace@example.com"
BUILD = f"""
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("SET memory_limit = '60MB'; SET threads = 1; SET preserve_insertion_order = false")
connection.execute(
    "CREATE TABLE large AS SELECT '{ADDRESS}' || i AS e, md5(i::text) || md5((i + 1)::text) AS x "
    "FROM range(9_000_000) t(i) ORDER BY x"
)
"""


@pytest.fixture
def target(tmp_path):
    """Return a database beside which a build was killed that did not fit into memory."""
    target = Target(database=tmp_path / "people.duckdb")
    folder = tmp_path / f"people.duckdb{FOLDER}"
    process = subprocess.Popen([sys.executable, "-c", BUILD, target.database])
    while not found([ADDRESS], *([folder] if folder.is_dir() else ())):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    return target


def test_what_a_killed_build_has_left_is_gone_with_the_next_run(target):
    target.make_ready()
    assert [file.name for file in target.database.parent.iterdir() if FOLDER in file.name] == []
    with duckdb.connect(str(target.database)) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def test_what_somebody_else_uses_or_has_put_there_stays(target):
    folder = target.database.with_name(target.database.name + FOLDER)
    reader = "import duckdb, sys; _ = duckdb.connect(sys.argv[1], read_only=True); print(flush=True); sys.stdin.read()"
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", reader, target.database], **streams) as reading:
        reading.stdout.readline()
        before = sorted(folder.iterdir())
        with pytest.raises(Stop, match="in use by"):
            target.make_ready()
        assert sorted(folder.iterdir()) == before != []
    (folder / "notes.txt").write_text("mine")
    target.make_ready()
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]

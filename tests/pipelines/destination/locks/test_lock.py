"""One run at a time on one database, wherever it was started; a lock whose holder is gone is free."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from pipelines.destination.duckdb.opening import connect
from pipelines.destination.locks.file_lock import LocalLock
from pipelines.destination.locks.holder import Occupied
from pipelines.destination.locks.lock import only_run
from pipelines.destination.locks.row_lock import RowLock
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

pytestmark = pytest.mark.end_to_end
CREDENTIALS = "DESTINATION__POSTGRES__CREDENTIALS"
BUSY = """
import sys
from pathlib import Path
import duckdb
from pipelines.destination.locks.file_lock import LocalLock
file = Path(sys.argv[1])
with LocalLock(file).held() if sys.argv[2] == "run" else duckdb.connect(), duckdb.connect(str(file)):
    print("open", flush=True)
    sys.stdin.read()
"""
HOLD = """
import sys
from pathlib import Path
from pipelines.destination.locks.lock import only_run
from pipelines.destination.target import Target
with only_run(Target(sys.argv[1], Path(sys.argv[2]), sys.argv[3])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["duckdb", "postgres"])
def target(request, tmp_path, monkeypatch):
    """Return the same target in both kinds of place."""
    if request.param == "postgres":
        monkeypatch.setenv(CREDENTIALS, request.getfixturevalue("postgres"))
    return Target(request.param, tmp_path / "held.duckdb", "locked")


@pytest.fixture
def elsewhere(target, tmp_path):
    """Hold the lock in a process that shares nothing with this one but the data: neither home nor working folder."""
    other = tmp_path / "another home"
    other.mkdir()
    link = other / "link.duckdb"  # the same file under another name, as in another container
    link.symlink_to(target.database)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, target.destination, link, target.dataset],
        cwd=other,
        env={**os.environ, "PYTHONPATH": os.getcwd(), "DLT_DATA_DIR": str(other), "HOME": str(other)},  # noqa: PTH109
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_run_elsewhere_is_named_and_keeps_others_away(target, elsewhere):
    with pytest.raises(Stop) as stopped, only_run(target):
        pass
    assert stopped.value.code is ExitCode.FAILED
    said = str(stopped.value)
    assert f"process {elsewhere.pid} of " in said
    assert f" on {socket.gethostname()}, since 20" in said
    with only_run(Target(target.destination, target.database.with_name("other.duckdb"), "other")):
        pass  # another database, or another dataset of the same one, is free


def test_the_lock_of_a_killed_run_is_free(target, elsewhere):
    elsewhere.kill()
    elsewhere.communicate()
    _until_free(target)


def _until_free(target):
    """PostgreSQL notices a moment later that the connection has ended."""
    for _ in range(100):
        try:
            with only_run(target) as lock:
                return lock.confirm()
        except Stop:
            time.sleep(0.05)
    raise AssertionError("the lock is never free")


def test_a_run_whose_connection_was_cut_off_notices(postgres, monkeypatch):
    monkeypatch.setenv(CREDENTIALS, postgres)
    target = Target("postgres", dataset="cut_off")
    with only_run(target) as lock:
        lock.confirm()
        with target.opened() as client:
            client.execute_sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        with pytest.raises(Stop, match="cut off"):
            lock.confirm()
        with only_run(target):
            pass  # it is really free


@pytest.mark.parametrize("destination", ["duckdb", "postgres"])
def test_a_row_with_a_heartbeat_keeps_others_away_until_it_is_old(destination, tmp_path, monkeypatch, request):
    if destination == "postgres":
        monkeypatch.setenv(CREDENTIALS, request.getfixturevalue("postgres"))
    target = Target(destination, tmp_path / "beating.duckdb", "beating")
    with target.opened() as first, target.opened() as second:
        row = first.make_qualified_table_name("run_locks")
        last_beat = f"SELECT max(beat_at), count(*) FROM {row}"
        with RowLock(first, destination, beat_seconds=0.02).held() as lock:
            with (
                pytest.raises(Occupied, match=f"process {os.getpid()} of"),
                RowLock(second, destination).held(),
            ):
                pass
            while second.execute_sql(last_beat)[0][1] < 3:
                pass  # beats of the holder
            lock.confirm()
        assert second.execute_sql(f"SELECT * FROM {row}") == []
        with RowLock(first, destination, beat_seconds=60).held() as lock:  # as a run that was killed: no beat comes
            second.execute_sql(f"UPDATE {row} SET beat_at = beat_at - 301")
            with RowLock(second, destination).held(), pytest.raises(Stop, match="Another run has begun"):
                lock.confirm()


class ForeignError(Exception):
    """An error that dlt does not know, as clients of some warehouses raise for a connection that is gone."""


class Wavering:
    """Passes on to a client of a database, unless that is away."""

    def __init__(self, client):
        self._client = client
        self.is_away = False
        self.count_refused = 0

    def __getattr__(self, name):
        return getattr(self._client, name)

    def execute_sql(self, *args):
        if self.is_away:
            self.count_refused += 1
            raise ForeignError
        return self._client.execute_sql(*args)


def test_a_warehouse_that_is_away_for_a_moment_ends_no_heartbeat_and_no_run(tmp_path):
    with Target(database=tmp_path / "away.duckdb", dataset="beating").opened() as client:
        wavering, beats = Wavering(client), f"SELECT count(*) FROM {client.make_qualified_table_name('run_locks')}"
        with RowLock(wavering, "duckdb", beat_seconds=0.01).held() as lock:
            wavering.is_away = True
            while wavering.count_refused < 3:
                time.sleep(0.01)
            with pytest.raises(Stop, match="ForeignError") as stopped:
                lock.confirm()
            assert stopped.value.code is ExitCode.FAILED
            wavering.is_away = False
            lock.confirm()
            with lock._alone:
                before = client.execute_sql(beats)
            while True:
                with lock._alone:
                    if client.execute_sql(beats) > before:
                        break
                time.sleep(0.01)
            wavering.is_away = True  # when the lock is released, too: what the run has done is done


def test_whoever_may_write_a_shared_file_may_lock_it(tmp_path):
    target = Target(database=tmp_path / "shared.duckdb")
    with only_run(target):
        assert (tmp_path / "shared.duckdb.lock").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.lock")), "no lock is left of a database that was never made"
    with only_run(target):  # the first run, which makes the lock before the data
        target.database.touch(mode=0o600)
    shared = next((group for group in (*os.getgroups(), 4_321) if group != os.getegid()), os.getegid())
    with suppress(PermissionError):
        os.chown(target.database, -1, shared)
    target.database.chmod(0o660)
    with only_run(target):
        lock, data = (tmp_path / "shared.duckdb.lock").stat(), target.database.stat()
        assert (lock.st_mode & 0o777, lock.st_uid, lock.st_gid) == (0o660, data.st_uid, data.st_gid)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users")
def test_a_lock_that_a_member_of_the_group_makes_first_does_not_keep_the_owner_out():
    """Its file was moved without its lock; the folder has no setgid bit either, so that the member has to share it."""
    owner, member, group = 4_001, 4_002, 4_003

    def locks(user, groups):
        """Lock the data as a user of these groups, in a process of its own; the lock stays where it is."""
        if (child := os.fork()) == 0:
            try:
                os.setgroups(groups)
                os.setgid(user)
                os.setuid(user)
                LocalLock(data).held().__enter__()
                os._exit(0)
            finally:
                os._exit(1)
        return os.waitpid(child, 0)[1] == 0

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        data = Path(folder) / "shared.duckdb"
        data.touch()
        os.chown(folder, owner, group)
        Path(folder).chmod(0o770)
        os.chown(data, owner, group)
        data.chmod(0o660)
        assert locks(member, [group])
        assert locks(owner, [group])
        assert not locks(4_004, [])


def test_nothing_of_a_run_stays_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    killed = tmp_path / "dlt" / "intercom-elt" / "0123456789abcdef-4711-89abcdef"
    killed.mkdir(parents=True)
    (killed / "package.parquet").write_text("rows of people")
    killed.with_name(killed.name + ".lock").touch()
    target = Target(database=tmp_path / "some.duckdb")
    with only_run(target):
        target.pipeline()
        assert not killed.exists(), "what a killed run left behind goes with the next one"
        assert target.folder.stat().st_mode & 0o777 == 0o700
        assert target.folder.parent.stat().st_mode & 0o777 == 0o700
        assert list(target.folder.iterdir())
    assert list((tmp_path / "dlt" / "intercom-elt").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(("audit",), 1), (("sync", "--plan", "tags"), 1), (("export-dbt", "dbt"), 1), (("doctor",), 0)],
)
def test_no_command_opens_the_file_of_a_run_that_is_going_on(invoke, tmp_path, monkeypatch, arguments, expected):
    """Nothing is wrong with it, as the doctor says."""
    monkeypatch.chdir(tmp_path)
    database = tmp_path / "intercom_data.duckdb"
    database.write_text("Opening this would fail.")
    with only_run(Target(database=database)):
        code, output, errors = invoke(*arguments)
    assert code == expected, output + errors
    assert "Another run is going on" in " ".join((output + errors).split())


@pytest.mark.parametrize(
    ("who", "said"),
    [("run", ["Another run is going on", " of ", "Wait until it has ended"]), ("others", ["is in use by", "close it"])],
)
def test_who_reads_is_told_to_wait_for_a_run_and_to_close_what_is_none(tmp_path, who, said):
    """An earlier run has left the file of its lock, in which another process is named."""
    file = tmp_path / "some.duckdb"
    duckdb.connect(str(file)).close()
    with LocalLock(file).held():
        pass
    given = [sys.executable, "-c", BUSY, str(file), who]
    busy = subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert busy.stdout.readline() == "open\n"
    with pytest.raises(Stop) as stopped:
        connect(file, read_only=True)
    busy.communicate("")
    assert stopped.value.code is ExitCode.FAILED
    assert all(words in str(stopped.value) for words in (str(file), str(busy.pid), *said)), stopped.value


@pytest.mark.parametrize(
    ("in_the_way", "advice"), [(False, "Choose a --database beside which files can be written"), (True, "Remove it")]
)
def test_a_lock_that_cannot_be_written_is_removed_only_where_it_is(tmp_path, in_the_way, advice):
    data = tmp_path / ("x" * (240 if in_the_way else 252))  # with the ending of a lock too long for a file
    if in_the_way:
        data.with_name(f"{data.name}.lock").mkdir()
    with pytest.raises(Stop, match=advice), LocalLock(data).held():
        pass

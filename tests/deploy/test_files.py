"""Every file of deploy/: read by the rules of what will read it, and calling commands and options that exist."""

import ast
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipelines.cli import loaded
from pipelines.exit_code import ExitCode

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = sorted(file for file in DEPLOY.rglob("*") if file.is_file() and file.suffix != ".pyc")
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
SERVICE = DEPLOY / "systemd" / "intercom-elt@.service"


def text(name):
    return (DEPLOY / name).read_text()


def documents(name):
    return list(yaml.safe_load_all(text(name)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_opens_with_what_it_is_and_how_to_use_it(file):
    first, *rest = file.read_text().splitlines()
    assert first.startswith(("# ", '"""'))
    assert first.endswith(".")
    assert next(line for line in rest if line.strip()).removeprefix("# ").startswith("Use")


def of_crontab():
    for line in text("crontab").splitlines():
        if line[:1].isdigit():
            *times, command = line.split(maxsplit=5)
            assert all(re.fullmatch(r"\*|[\d,-]+", time) for time in times), line
            yield from re.findall(r"\./run intercom-elt ([^;]*)", command)


def of_systemd():
    (start,) = re.findall(r"^ExecStart=\S+/intercom-elt (.*)$", SERVICE.read_text(), re.MULTILINE)
    for timer in TIMERS:
        (unit,) = re.findall(r"^Unit=intercom-elt@(\w+)\.service$", timer.read_text(), re.MULTILINE)
        yield start.replace("%i", unit)


def of_github_actions():
    (workflow,) = documents("github-actions.yaml")
    for step in workflow["jobs"]["sync"]["steps"]:
        if "run" in step:
            yield step["run"].removeprefix("$INTERCOM ")


def of_compose():
    return [shlex.join(service["command"]) for service in documents("compose.yaml")[0]["services"].values()]


def cron_jobs():
    return [document for document in documents("kubernetes.yaml") if document["kind"] == "CronJob"]


def pod(job):
    return job["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def of_kubernetes():
    return [shlex.join(pod(job)["containers"][0]["args"]) for job in cron_jobs()]


def of_python(name):
    """The words of every call of `intercom_elt(...)`, also as a task of Airflow; what is no literal is not seen."""
    for node in ast.walk(ast.parse(text(name))):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if re.fullmatch(r"intercom_elt(\.override\(.*\))?", called):
            yield shlex.join(word.value for word in node.args if isinstance(word, ast.Constant))


CALLS = {
    "crontab": of_crontab(),
    "systemd": of_systemd(),
    "github-actions.yaml": of_github_actions(),
    "compose.yaml": of_compose(),
    "kubernetes.yaml": of_kubernetes(),
    "airflow_dag.py": of_python("airflow_dag.py"),
    "dagster_assets.py": of_python("dagster_assets.py"),
}


@pytest.mark.parametrize("called", [list(calls) for calls in CALLS.values()], ids=list(CALLS))
def test_what_is_called_exists(called):
    names = [shlex.split(call)[0] for call in called]
    assert {"sync", "sweep", "audit"} <= set(names)
    for call in called:
        name, *arguments = shlex.split(call)
        # Reads the arguments as the command would, and raises where one of them is unknown.
        loaded(name).make_context(name, arguments)


def test_units_hold_before_systemd(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd here")
    for file in (SERVICE, *TIMERS):
        unit = file.read_text().replace("/srv/intercom-elt/.venv/bin/intercom-elt", sys.executable)
        (tmp_path / file.name).write_text(unit)
    started = [tmp_path / f"intercom-elt@{timer.stem.rpartition('-')[2]}.service" for timer in TIMERS]
    done = subprocess.run(
        [analyze, "verify", "--man=no", *started, *tmp_path.glob("*.timer")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_same_codes_are_tried_again_everywhere():
    (prevented,) = re.findall(r"^RestartPreventExitStatus=(.*)$", SERVICE.read_text(), re.MULTILINE)
    assert prevented.split() == ["2", "64"]
    for job in cron_jobs():
        (rule,) = job["spec"]["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
        assert (rule["action"], rule["onExitCodes"]["values"]) == ("FailJob", [2, 64])


def test_runs_do_not_overlap():
    assert {job["spec"]["concurrencyPolicy"] for job in cron_jobs()} == {"Forbid"}
    assert documents("github-actions.yaml")[0]["concurrency"] == {"group": "intercom-elt", "cancel-in-progress": False}
    assert text("airflow_dag.py").count("max_active_runs=1") == text("airflow_dag.py").count("@dag(")


def due(lines):
    """Return when lines of cron are due: pairs of day of the week and hour, in the order of the lines."""
    for line in lines:
        _, hours, _, _, days = line.split()[:5]
        for day in numbers(days, 7):
            for hour in numbers(hours, 24):
                yield day, hour


def numbers(field, count):
    for part in field.replace("*", f"0-{count - 1}").split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def test_a_sweep_meets_no_sync_where_nothing_tries_it_again():
    """Cron does not, and GitHub drops what waits."""
    lines = [line for line in text("crontab").splitlines() if line[:1].isdigit()]
    schedule = documents("github-actions.yaml")[0][True]["schedule"]  # YAML takes `on` for a truth
    for syncs, sweeps in (
        ([line for line in lines if " sync " in line], [line for line in lines if " sweep " in line]),
        ([each["cron"] for each in schedule[:-1]], [each["cron"] for each in schedule[-1:]]),
    ):
        (day, hour) = next(due(sweeps))
        missing = {(of, at) for of in range(7) for at in range(24)} - set(due(syncs))
        assert missing == {(day, at) for at in range(hour, hour + 7)}
    assert re.search(r" sweep .*; .* audit ", next(line for line in lines if " sweep " in line))


def test_a_failed_audit_repeats_no_sweep_in_dagster():
    functions = [node for node in ast.parse(text("dagster_assets.py")).body if isinstance(node, ast.FunctionDef)]
    called = {node.name: re.findall(r"intercom_elt\(context, '(\w+)'\)", ast.unparse(node)) for node in functions}
    assert (called["sweep"], called["audit"]) == (["sweep"], ["audit"])


def test_the_jobs_of_kubernetes_differ_in_command_and_time_alone():
    sync, *others = cron_jobs()
    for job in (sync, *others):
        del job["metadata"]["name"], job["spec"]["schedule"]
        del pod(job)["containers"][0]["args"][0]
    assert others == [sync, sync]


def copied():
    """What the image takes from the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.*) \S+$", text("Dockerfile"), re.MULTILINE)
    return [word for line in lines for word in line.split()]


@pytest.mark.parametrize("name", ["airflow_dag.py", "dagster_assets.py"])
def test_what_was_killed_is_tried_again(name):
    (codes,) = re.findall(r"^WOULD_FAIL_AGAIN = (\(.*?\))", text(name), re.MULTILINE)
    assert ast.literal_eval(codes) == (ExitCode.CHECK_FAILED, ExitCode.WRONG_USE)
    assert re.findall(r"returncode .*", text(name))[0].count("in WOULD_FAIL_AGAIN") == 1
    assert "returncode == " not in text(name)


def test_a_container_is_given_no_empty_setting():
    """An empty variable counts more than the same setting in a file."""
    for service in documents("compose.yaml")[0]["services"].values():
        assert [value for value in service["environment"].values() if (value or "").endswith((":-}", "-}"))] == []


def test_the_image_is_shown_what_it_copies_and_nothing_else():
    shown = [line[1:] for line in text("Dockerfile.dockerignore").splitlines() if line.startswith("!")]
    assert sorted(shown) == sorted(copied())
    assert all((ROOT / name).exists() for name in shown)
    assert "*" in text("Dockerfile.dockerignore").splitlines()


def test_the_image_runs_as_the_user_that_owns_its_volume():
    dockerfile = text("Dockerfile")
    (uid,) = re.findall(r"useradd --uid (\d+)", dockerfile)
    assert f"USER {uid}:{uid}" in dockerfile
    assert f"--owner={uid} --group={uid} /data" in dockerfile
    for job in cron_jobs():
        user = pod(job)["securityContext"]
        assert (user["runAsNonRoot"], {str(user[name]) for name in ("runAsUser", "runAsGroup", "fsGroup")}) == (
            True,
            {uid},
        )
    assert all(service["volumes"] == ["data:/data"] for service in documents("compose.yaml")[0]["services"].values())


def test_a_container_writes_its_database_to_its_volume():
    for call in (*of_compose(), *of_kubernetes()):
        words = shlex.split(call)
        assert words[words.index("--database") + 1].startswith("/data/")


@pytest.mark.parametrize(
    ("extras", "options"),
    [("", ""), ("postgres", "--extra postgres"), ("lake postgres", "--extra lake --extra postgres")],
)
def test_the_image_is_built_with_any_number_of_destinations(extras, options):
    lines = re.findall(r"^RUN uv sync (.*)$", text("Dockerfile"), re.MULTILINE)
    for line in lines:
        said = subprocess.run(
            ["/bin/sh", "-c", f"echo {line}"], env={"EXTRAS": extras}, capture_output=True, check=True
        )
        words = said.stdout.decode().split()
        assert [
            word for word in words if word not in ("--frozen", "--no-dev", "--no-install-project", "--no-editable")
        ] == (options.split())
    assert len(lines) == 2


@pytest.mark.parametrize("name", [file.name for file in DEPLOY.glob("*.py")])
def test_what_is_imported_of_ours_is_there(name):
    for node in ast.walk(ast.parse(text(name))):
        if isinstance(node, ast.ImportFrom) and (ROOT / str(node.module).partition(".")[0]).is_dir():
            module = importlib.import_module(node.module)
            assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


@pytest.mark.slow
def test_what_the_image_installs_runs_and_holds_no_development_tools(tmp_path):
    """The image's own `uv sync` lines, in a folder with nothing but what the image copies."""
    uv = os.environ.get("UV") or shutil.which("uv")
    for name in copied():
        place = tmp_path / "app" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place)
    lines = re.findall(r"^RUN (uv sync .*)$", text("Dockerfile"), re.MULTILINE)
    assert len(lines) == 2
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    for line in lines:
        subprocess.run(
            ["/bin/sh", "-c", line.replace("uv sync", f"{uv} sync --offline --python {sys.executable}")],
            cwd=tmp_path / "app",
            env=environment | {"EXTRAS": "postgres"},
            check=True,
        )
    programs = {file.name for file in (tmp_path / "app" / ".venv" / "bin").iterdir()}
    assert "intercom-elt" in programs
    assert not programs & {"pytest", "ruff", "mypy", "hypothesis"}
    for package in copied():
        if (ROOT / package).is_dir():
            shutil.rmtree(tmp_path / "app" / package)  # the image's second stage has the environment only
    done = subprocess.run(
        [tmp_path / "app" / ".venv" / "bin" / "intercom-elt", "query", "--database", "/nowhere/x.duckdb", "SELECT 1"],
        cwd=tmp_path / "app",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 64, done.stderr
    assert "There is no database" in done.stderr

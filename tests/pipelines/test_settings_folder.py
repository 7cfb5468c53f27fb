"""What dlt begins with in a command: its log as it is configured, and nothing that no command needs."""

import json
import os
import subprocess
import sys

import pytest

LOADED = "import sys; print('requests' in sys.modules, 'pluggy' in sys.modules)"
BEGINNINGS = """
import json, os, sys
from pathlib import Path
from pipelines.settings_folder import use_settings
for line in sys.stdin:
    one = json.loads(line)
    if not os.fork():
        os.chdir(one["at"])
        os.environ |= one["settings"]
        for stream, name in enumerate(("out", "err"), start=1):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        use_settings(one["folder"] and Path(one["folder"]))
        exec(one["then"])
        sys.stdout.flush()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""


@pytest.fixture(scope="module")
def process():
    """A process with what a command imports before it begins dlt, which forks for each beginning."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith("RUNTIME__")}
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", BEGINNINGS], env=usual, **piped) as running:
        yield running
        running.stdin.close()


@pytest.fixture
def begun(process, tmp_path):
    """Begin dlt as a command does in a process of its own; return what it printed, and its log."""

    def begin(then, folder=None, **settings):
        settings = {f"RUNTIME__{name}": value for name, value in settings.items()}
        one = {"at": str(tmp_path), "folder": folder and str(folder), "then": then, "settings": settings}
        process.stdin.write(json.dumps(one) + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "0\n"
        return (tmp_path / "out").read_text().strip(), (tmp_path / "err").read_text()

    return begin


@pytest.mark.parametrize("is_named", [False, True])
def test_the_library_for_http_of_dlt_is_loaded_only_for_what_is_reported_to_others(begun, tmp_path, is_named):
    (tmp_path / ".dlt").mkdir()
    folder = tmp_path / ".dlt" if is_named else None
    assert begun(LOADED, folder)[0] == "False True"
    if not is_named:
        return  # what is begun is the same, wherever the settings are
    endpoint = {"DLTHUB_TELEMETRY_ENDPOINT": "http://127.0.0.1:9/track"}
    assert begun(LOADED, folder, DLTHUB_TELEMETRY="true", **endpoint)[0] == "True True"


@pytest.mark.parametrize(
    ("settings", "is_said"),
    [
        ({"LOG_LEVEL": "INFO"}, True),
        ({"LOG_LEVEL": "INFO", "LOG_FORMAT": "JSON"}, True),
        ({"LOG_LEVEL": "ERROR"}, False),
    ],
)
def test_dlt_logs_as_it_is_configured(begun, settings, is_said):
    log = begun("from dlt.common import logger; logger.info('heard')", **settings)[1]
    assert ("heard" in log) == is_said
    assert log.startswith("{") == ("LOG_FORMAT" in settings)

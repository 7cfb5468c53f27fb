"""What dlt begins with in a command: its log as it is configured, and nothing that no command needs."""

import os
import subprocess
import sys

import pytest

LOADED = "import sys; print('requests' in sys.modules, 'pluggy' in sys.modules)"
BEGINNING = (
    "from pathlib import Path; from pipelines.settings_folder import use_settings; use_settings({folder}); {then}"
)


def begun(tmp_path, then, folder=None, **settings):
    """Begin dlt as a command does in a process of its own; return what it printed, and its log."""
    named = "None" if folder is None else f"Path({str(folder)!r})"
    usual = {name: value for name, value in os.environ.items() if not name.startswith("RUNTIME__")}
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING.format(folder=named, then=then)],
        cwd=tmp_path,
        env=usual | {f"RUNTIME__{name}": value for name, value in settings.items()},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip(), done.stderr


@pytest.mark.parametrize("is_named", [False, True])
def test_the_library_for_http_of_dlt_is_loaded_only_for_what_is_reported_to_others(tmp_path, is_named):
    (tmp_path / ".dlt").mkdir()
    folder = tmp_path / ".dlt" if is_named else None
    assert begun(tmp_path, LOADED, folder)[0] == "False True"
    if not is_named:
        return  # what is begun is the same, wherever the settings are
    endpoint = {"DLTHUB_TELEMETRY_ENDPOINT": "http://127.0.0.1:9/track"}
    assert begun(tmp_path, LOADED, folder, DLTHUB_TELEMETRY="true", **endpoint)[0] == "True True"


@pytest.mark.parametrize(
    ("settings", "is_said"),
    [
        ({"LOG_LEVEL": "INFO"}, True),
        ({"LOG_LEVEL": "INFO", "LOG_FORMAT": "JSON"}, True),
        ({"LOG_LEVEL": "ERROR"}, False),
    ],
)
def test_dlt_logs_as_it_is_configured(tmp_path, settings, is_said):
    log = begun(tmp_path, "from dlt.common import logger; logger.info('heard')", **settings)[1]
    assert ("heard" in log) == is_said
    assert log.startswith("{") == ("LOG_FORMAT" in settings)

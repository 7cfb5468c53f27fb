"""`init`: what it writes works, belongs to its owner, and leaves every other setting as it was."""

import io
import json
import os
import pty
import select
import sys
import tomllib
from contextlib import suppress

import pytest

PATIENCE_SECONDS = 60
ROOT = {"PYTHONPATH": os.getcwd()}  # noqa: PTH109 - the checkout

WRITTEN = """
[sources.intercom]
access_token = "old"
"""


def test_what_the_environment_says_otherwise_is_named_and_nothing_written(invoke, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCES__INTERCOM__ACCESS_TOKEN", "dG9rOmFub3RoZXI=")
    monkeypatch.setattr(sys, "stdin", io.StringIO("dG9rOm9uZQ==\n"))
    code, output, errors = invoke("init", "--yes")
    assert (code, "SOURCES__INTERCOM__ACCESS_TOKEN is set in the environment" in errors) == (64, True), output + errors
    assert not (tmp_path / ".dlt").exists()


def test_init_writes_what_doctor_then_reads(invoke, tmp_path, simulator, monkeypatch):
    monkeypatch.delenv("SOURCES__INTERCOM__ACCESS_TOKEN")
    monkeypatch.setattr("sys.stdin", io.StringIO(simulator.token + "\n"))
    code, output, errors = invoke("init", "--region", "eu", "--yes", "--dataset", "support")
    assert (code, errors) == (0, ""), output
    assert output.endswith(
        "Next: intercom-elt sync --dataset support\nWhat it would cost: intercom-elt sync --plan --dataset support\n"
    )
    assert simulator.token not in output
    folder = tmp_path / ".dlt"
    assert (
        tomllib.loads((folder / "secrets.toml").read_text())["sources"]["intercom"]["access_token"] == simulator.token
    )
    assert {file.stat().st_mode & 0o777 for file in folder.glob("*.toml")} == {0o600}


def test_a_program_that_runs_init_reads_lines_of_json(invoke, simulator, monkeypatch):
    monkeypatch.delenv("SOURCES__INTERCOM__ACCESS_TOKEN")
    monkeypatch.setattr("sys.stdin", io.StringIO(simulator.token + "\n"))
    code, output, errors = invoke("init", "--yes", "--log-format", "json")
    assert (code, output) == (0, "")
    assert {json.loads(line)["event"] for line in errors.splitlines()} == {"examined"}


def test_a_new_token_leaves_the_region_as_it_is_configured_and_the_next_commands_read_the_same_folder(
    invoke, tmp_path, simulator, monkeypatch
):
    (tmp_path / "my settings").mkdir()
    config = tmp_path / "my settings" / "config.toml"
    config.write_text("[sources.intercom]\nregion = 'eu'\n")
    monkeypatch.delenv("SOURCES__INTERCOM__ACCESS_TOKEN")
    monkeypatch.setattr("sys.stdin", io.StringIO(simulator.token + "\n"))
    code, output, errors = invoke("init", "--yes", "--config", "my settings")
    assert (code, errors) == (0, ""), output
    assert tomllib.loads(config.read_text())["sources"]["intercom"]["region"] == "eu"
    called = "intercom-elt --config 'my settings'"
    assert output.endswith(f"Next: {called} sync\nWhat it would cost: {called} sync --plan\n")


def test_a_value_that_wins_over_what_was_written_is_named(invoke, tmp_path, simulator, monkeypatch):
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "secrets.toml").write_text("[sources.intercom]\nregion = 'us'\n")
    monkeypatch.delenv("SOURCES__INTERCOM__ACCESS_TOKEN")
    monkeypatch.setattr("sys.stdin", io.StringIO(simulator.token + "\n"))
    code, output, errors = invoke("init", "--region", "eu", "--yes")
    assert (code, "region under [sources.intercom] was written to config.toml" in errors) == (64, True), output + errors


def test_nothing_is_written_of_a_wrong_region(invoke, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("token\n"))
    code, _, errors = invoke("init", "--region", "mars", "--yes")
    assert code == 64
    assert "us, eu, au" in errors
    assert not (tmp_path / ".dlt").exists()


def test_without_a_terminal_the_token_comes_from_standard_input(invoke, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    code, _, errors = invoke("init", "--region", "us", "--yes")
    assert (code, "intercom-elt init < token.txt" in errors) == (64, True)
    assert not (tmp_path / ".dlt").exists()


@pytest.mark.parametrize(
    ("written", "said"),
    [("token".encode("utf-16"), "save its file as UTF-8"), (b"\xef\xbb\xbf\r\n", "init found no access token")],
)
def test_a_token_in_a_file_of_windows_is_read_or_refused_in_a_line(invoke, tmp_path, monkeypatch, written, said):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(written), encoding="utf-8"))
    code, _, errors = invoke("init", "--region", "us", "--yes")
    assert (code, errors.count("\n"), said in errors) == (64, 1, True), errors
    assert not (tmp_path / ".dlt").exists()


@pytest.mark.parametrize(("former", "region"), [("old", "eu"), (None, "eu"), ("old", "us")])
def test_where_nobody_can_be_asked_no_earlier_setting_is_written_over(invoke, tmp_path, monkeypatch, former, region):
    """Not one of two, either: a new token beside the region of another workspace is in none."""
    folder = tmp_path / ".dlt"
    folder.mkdir()
    if former:
        (folder / "secrets.toml").write_text(WRITTEN)
    (folder / "config.toml").write_text(f"[sources.intercom]\nregion = '{region}'\n")
    before = {file.name: file.read_text() for file in folder.iterdir()}
    monkeypatch.delenv("SOURCES__INTERCOM__ACCESS_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("dG9rOmNvbXBsZXRlbHk=\n"))
    code, output, errors = invoke("init", "--region", "us")
    assert (code, output, errors.count("\n")) == (64, "", 1)
    assert (f"access_token in {folder}" in errors, f"region in {folder}" in errors) == (former == "old", region == "eu")
    assert "add --yes" in errors
    assert "dG9rOmNvbXBsZXRlbHk=" not in errors
    assert {file.name: file.read_text() for file in folder.iterdir()} == before


def answered(command, arguments, answers):
    """Run the command on a terminal of its own, answer each question when it comes, and return code and output."""
    process, terminal = pty.fork()
    if not process:
        os.chdir(command.folder)
        os.execve(sys.executable, [sys.executable, "-m", "pipelines", *arguments], os.environ | command.settings | ROOT)  # noqa: S606 - needs none
    shown = b""
    waiting = list(answers)
    with suppress(OSError):  # how Linux says that the other side has closed
        while select.select([terminal], [], [], PATIENCE_SECONDS)[0] and (chunk := os.read(terminal, 4096)):
            shown += chunk
            while waiting and waiting[0][0].encode() in shown:
                os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
    os.close(terminal)  # whoever still asks is ended by it
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), shown.decode()


@pytest.mark.end_to_end
def test_on_a_terminal_it_asks_for_everything_and_shows_no_secret(command, simulator, postgres):
    del command.settings["SOURCES__INTERCOM__ACCESS_TOKEN"]
    address = postgres.replace("tester@", "tester:not-shown@")
    # A question is whole with its last blank: what is typed before is thrown away where nothing may be shown.
    questions = [
        ("[us]: ", ""),
        ("Access token (is not shown): ", simulator.token),
        ("[duckdb]: ", "postgres"),
        ("as configured): ", address),
        ("would cost? [Y/n]: ", ""),
    ]
    code, shown = answered(command, ["init", "--config", "settings"], questions)
    assert code == 0, shown
    assert "--destination postgres" in shown.splitlines()[-1]
    assert "A first sync into" in shown
    assert simulator.token not in shown
    assert "not-shown" not in shown
    secrets = tomllib.loads((command.folder / "settings" / "secrets.toml").read_text())
    assert secrets["destination"]["postgres"]["credentials"] == address
    assert not (command.folder / ".dlt").exists()


@pytest.mark.end_to_end
def test_whoever_does_not_want_a_setting_overwritten_keeps_all(command):
    folder = command.folder / ".dlt"
    folder.mkdir(exist_ok=True)
    (folder / "secrets.toml").write_text(WRITTEN)
    (folder / "config.toml").write_text("[sources.intercom]\nregion = 'eu'\n")
    before = {file.name: file.read_text() for file in folder.iterdir()}
    del command.settings["SOURCES__INTERCOM__ACCESS_TOKEN"]
    questions = [("[eu]: ", "us"), ("Access token (is not shown): ", "new"), ("[duckdb]: ", ""), ("? [y/N]: ", "n")]
    code, shown = answered(command, ["init"], questions)
    assert (code, "another access_token in" in shown, "and region in" in shown) == (1, True, True), shown
    assert {file.name: file.read_text() for file in folder.iterdir()} == before


def test_the_folder_of_settings_may_be_named_before_and_after_the_command(invoke, tmp_path):
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "config.toml").write_text("[sources.intercom.privacy]\nleave_out = ['contacts.phone']\n")
    for arguments in (["--config", "settings", "doctor"], ["doctor", "--config=settings"]):
        code, output, _ = invoke(*arguments)
        assert code == 0
        assert "1 rules" in output
        assert f"settings of {folder} (config.toml)" in " ".join(output.split())
    code, output, _ = invoke("doctor")
    assert "every column is loaded as it is" in output
    assert "no config.toml, no secrets.toml" in " ".join(output.split())


def test_what_the_folder_of_the_user_adds_is_named_and_never_taken_for_missing(invoke, tmp_path, monkeypatch):
    (tmp_path / "settings").mkdir()
    of_user = tmp_path / "of the user"
    of_user.mkdir()
    monkeypatch.setattr("dlt.common.runtime.run_context.global_dir", lambda: str(of_user))  # of root it is fixed
    (of_user / "config.toml").write_text("[sources.intercom.privacy]\nleave_out = ['contacts.phone']\n")
    code, output, _ = invoke("doctor", "--config", "settings")
    said = " ".join(output.split())
    assert (code, "1 rules" in said) == (0, True)
    assert f"settings of {tmp_path}/settings (no config.toml, no secrets.toml), {of_user} (config.toml) and" in said
    (of_user / "config.toml").unlink()
    (of_user / "config.toml").symlink_to("nowhere")
    for command in ("doctor", "sync"):
        code, *said = invoke(command, "--config", "settings")
        assert (code, f"{of_user}/config.toml cannot be used" in " ".join(" ".join(said).split())) == (64, True)


def test_a_folder_of_settings_that_is_not_there_is_no_empty_one(invoke):
    code, _, errors = invoke("status", "--config", "nowhere")
    assert (code, errors) == (64, "intercom-elt: --config nowhere: there is no such folder.\n")


def test_settings_of_the_models_are_those_of_the_folder(invoke, tmp_path):
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "models.toml").write_text("[schedules.default]\nmonday = ['nine']\n")
    code, _, errors = invoke("transform", "--config", "settings")
    assert code == 64
    assert errors.count("settings/models.toml") == 1


def test_settings_of_the_models_that_are_a_link_to_nothing_are_not_the_default(invoke, tmp_path):
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "models.toml").symlink_to("unmounted.toml")
    code, _, errors = invoke("transform", "--config", "settings")
    assert code == 64
    assert "settings/models.toml cannot be used" in errors


def test_a_folder_of_settings_that_cannot_be_looked_into_is_no_empty_one(invoke, tmp_path):
    (tmp_path / ".dlt").symlink_to(".dlt")  # of another user's folder, root may see everything
    code, _, errors = invoke("transform")
    assert code == 64
    assert ".dlt/models.toml cannot be used" in errors

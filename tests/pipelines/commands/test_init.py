"""`init`: what it writes works, belongs to its owner, and leaves every other setting as it was."""

import io
import tomllib

import pytest

from pipelines.commands.init import put
from pipelines.stop import Stop

WRITTEN = """# ours
[destination.postgres.credentials]
password = "p"   # of the warehouse

[sources.intercom]
access_token = "old"
[sources.intercom.privacy]
hash_key = "k"
"""


def test_other_settings_and_comments_stay(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text(WRITTEN)
    put(file, "access_token", 'n"ew', is_agreed=True)
    assert file.read_text() == WRITTEN.replace('"old"', '"n\\"ew"')
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "before", ["", "[sources.intercom]\n", "[sources]\n", "[runtime]\nlog_level = 'INFO'\n", WRITTEN]
)
def test_the_setting_is_where_dlt_reads_it(tmp_path, before):
    file = tmp_path / "new" / "secrets.toml"
    file.parent.mkdir()
    file.write_text(before)
    put(file, "start_date", "2026-01-31", is_agreed=True)
    after = tomllib.loads(file.read_text())
    assert after["sources"]["intercom"]["start_date"] == "2026-01-31"
    assert after.keys() >= tomllib.loads(before).keys()


def test_what_is_no_toml_is_left_as_it_is(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text("token: x")
    with pytest.raises(Stop, match="no TOML"):
        put(file, "access_token", "t", is_agreed=True)
    assert file.read_text() == "token: x"


def test_init_writes_what_doctor_then_reads(invoke, tmp_path, simulator, monkeypatch):
    monkeypatch.delenv("SOURCES__INTERCOM__ACCESS_TOKEN")
    monkeypatch.setattr("sys.stdin", io.StringIO(simulator.token + "\n"))
    code, output, errors = invoke("init", "--region", "eu", "--yes", "--dataset", "support")
    assert (code, errors) == (0, ""), output
    assert output.rstrip().endswith("Next: intercom-elt sync --dataset support")
    assert simulator.token not in output
    folder = tmp_path / ".dlt"
    assert (
        tomllib.loads((folder / "secrets.toml").read_text())["sources"]["intercom"]["access_token"] == simulator.token
    )
    assert {file.stat().st_mode & 0o777 for file in folder.glob("*.toml")} == {0o600}


def test_nothing_is_written_of_a_wrong_region(invoke, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("token\n"))
    code, _, errors = invoke("init", "--region", "mars", "--yes")
    assert code == 64
    assert "us, eu, au" in errors
    assert not (tmp_path / ".dlt").exists()


def test_an_earlier_token_is_not_written_over_unasked_and_none_is_shown(invoke, tmp_path, monkeypatch):
    file = tmp_path / ".dlt" / "secrets.toml"
    file.parent.mkdir()
    file.write_text(WRITTEN)
    monkeypatch.setattr("sys.stdin", io.StringIO("dG9rOmNvbXBsZXRlbHk=\n"))
    code, output, errors = invoke("init")
    assert code == 1
    assert "another access_token" in output + errors
    assert "dG9rOmNvbXBsZXRlbHk=" not in output + errors
    assert file.read_text() == WRITTEN

"""Settings are written where dlt reads them, and every other line of a person's file stays."""

import tomllib

import pytest

from pipelines.settings_file import SettingsFile
from pipelines.stop import Stop

WRITTEN = """# ours
[destination.postgres.credentials]
password = "p"   # of the warehouse

[sources.intercom]
access_token = "old"
[sources.intercom.privacy]
hash_key = "k"
"""


def put(file, setting, value):
    """Write one setting into the file."""
    settings = SettingsFile(file)
    settings.put(("sources", "intercom"), setting, value)
    settings.write()


def test_other_settings_and_comments_stay(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text(WRITTEN)
    put(file, "access_token", 'n"ew')
    assert file.read_text() == WRITTEN.replace('"old"', '"n\\"ew"')
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_line_ends_of_windows_stay(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_bytes(b"# ours\r\n[sources.intercom]\r\naccess_token = 'old'\r\n")
    put(file, "access_token", "new")
    assert file.read_bytes() == b'# ours\r\n[sources.intercom]\r\naccess_token = "new"\r\n'


@pytest.mark.parametrize(
    "before", ["", "[sources.intercom]\n", "[sources]\n", "[runtime]\nlog_level = 'INFO'\n", WRITTEN]
)
def test_the_setting_is_where_dlt_reads_it(tmp_path, before):
    file = tmp_path / "new" / "secrets.toml"
    file.parent.mkdir()
    file.write_text(before)
    put(file, "start_date", "2026-01-31")
    after = tomllib.loads(file.read_text())
    assert after["sources"]["intercom"]["start_date"] == "2026-01-31"
    assert after.keys() >= tomllib.loads(before).keys()


def test_what_is_no_toml_is_left_as_it_is(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text("token: x")
    with pytest.raises(Stop, match="not valid TOML"):
        put(file, "access_token", "t")
    assert file.read_text() == "token: x"


@pytest.mark.parametrize("before", ['sources = "x"\n', "[sources]\nintercom = 1\n"])
def test_a_value_in_the_place_of_the_section_is_named(tmp_path, before):
    file = tmp_path / "secrets.toml"
    file.write_text(before)
    with pytest.raises(Stop, match=r"has a value where \[sources.intercom\] belongs"):
        put(file, "access_token", "t")
    assert file.read_text() == before


def test_only_another_value_is_said_to_be_replaced_and_nothing_is_written_before_it_is_to_be(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text(WRITTEN)
    settings = SettingsFile(file)
    section = ("sources", "intercom")
    assert not settings.put(section, "region", "eu")
    assert not settings.put(section, "access_token", "old")
    assert settings.put(section, "access_token", "new")
    assert file.read_text() == WRITTEN

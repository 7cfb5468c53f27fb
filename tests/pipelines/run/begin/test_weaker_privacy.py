"""A run with weaker privacy rules than those of the database stops, until it is told to go on."""

import pytest

RULES = {"SOURCES__INTERCOM__PRIVACY__LEAVE_OUT": '["contacts.name"]'}
SYNC = ("sync", "contacts", "--no-transform", "--quiet")
NAMES = ("query", "SELECT count(name) > 0 AS named FROM contacts", "--format", "csv")


@pytest.mark.usefixtures("empty_tables")
def test_rules_do_not_vanish_silently(invoke):
    assert invoke(*SYNC, **RULES)[0] == 0
    code, _, errors = invoke(*SYNC, "--full-refresh")
    assert code == 64
    assert "contacts.name (left out before)" in errors
    assert "--accept-weaker-privacy" in errors
    code, output, _ = invoke("doctor")
    assert (code, "FAILED destination" in (told := " ".join(output.split())), "(left out before)" in told) == (
        64,
        True,
        True,
    )
    assert invoke("doctor", **RULES)[0] == 0
    assert invoke(*NAMES)[1] == "named\nFalse\n"
    assert invoke("sweep", "contacts", "--no-transform")[0] == 64
    assert invoke("audit")[0] == 64
    code, output, errors = invoke(*SYNC, "--plan")
    assert (code, output, "contacts.name (left out before)" in errors) == (64, "", True), "of what would be refused"
    assert invoke(*SYNC, "--plan", "--accept-weaker-privacy")[0] == 0
    assert invoke(*SYNC, "--full-refresh", "--accept-weaker-privacy")[0] == 0
    assert invoke(*NAMES)[1] == "named\nTrue\n"
    assert invoke(*SYNC)[0] == 0, "what was accepted once is what the database knows now"


def test_a_misspelled_name_ends_before_anything_is_read(command, invoke, tmp_path):
    code, _, errors = invoke("sync", SOURCES__INTERCOM__PRIVCY__LEAVE_OUT='["contacts.name"]')
    assert code == 64
    assert "did you mean privacy" in errors
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "config.toml").write_text('[sources.intercm.privacy]\nleave_out = ["contacts.name"]\n')
    code, _, errors = command.run("sync")
    assert code == 64
    assert "[sources.intercm] is not read; did you mean [sources.intercom]?" in errors
    assert not list(tmp_path.glob("*.duckdb"))

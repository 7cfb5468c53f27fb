"""A bad value of any setting, ours or dlt's, from wherever it comes, ends with 64 and a line that names it."""

import io

import pytest

from pipelines.cli import loaded
from pipelines.invocation import COMMANDS
from simulator.__main__ import run as run_simulator
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.configuration.privacy_settings import PrivacyConfiguration

OURS = "SOURCES__INTERCOM__"
WRONG = {  # by the kind of setting
    int: ("x", "1.5", "-1", "99999999999999999999"),
    float: ("x", "nan", "-1", "inf"),
    list[str]: ("x", '{"a": 1}', "[[1]]", "[[]]", "[null]", "[true]", '[""]'),
    dict[str, str]: ("x", "[1]", '{"tags": 2.9}', '{"tagz": "2.9"}'),
}
OWN_WRONG = {
    "access_token": ("two words", "tökén"),
    "base_url": (
        *("x", "ftp://x", "https://ada@x", "https://x?y", "https://", "http://127.0.0.1:80a", "http://[::1"),
        *("http://xn--", "http://a b", "http://x\ny", "http://x:99999", "http://..", "http://:80"),
    ),
    "region": (),  # the tests have a base_url, which wins
    "start_date": ("x", "1", "2999-01-01", "10:00", "now", "10:00:00", "T10", "P1Y", "2026-01-01/2026-02-01"),
    "privacy": ('{"redact": ["contacts.phone"]}', "x"),  # a section
    "bodies": ("x",),
    "hash_key": (),  # any text
}
OTHERS = [(name, '{"region": "eu"}') for name in (OURS[:-2], f"{OURS}INTERCOM", "INTERCOM")]
OTHERS += [(f"{OURS}EXCLUDE", value) for value in ("[1]", '["tagz"]', '["workspace"]')]
OTHERS += [(f"{OURS}VERSIONS__TICKETS", "newest"), (f"{OURS}VERSIONS__TAGZ", "2.9")]
DLT = {
    "LOAD__WORKERS": ("x", "0", "-1", "2.5"),
    "EXTRACT__WORKERS": ("x", "0"),
    "NORMALIZE__WORKERS": ("x", "0"),
    "EXTRACT__MAX_PARALLEL_ITEMS": ("x",),
    "DATA_WRITER__BUFFER_MAX_ITEMS": ("x", "0"),
    "DATA_WRITER__DISABLE_COMPRESSION": ("x",),
    "DATA_WRITER__COMPRESSION": ("x",),
    "LOAD__TRUNCATE_STAGING_DATASET": ("x",),
    "LOAD__PARALLELISM_STRATEGY": ("x",),
    "LOAD__RAISE_ON_FAILED_JOBS": ("x", "false"),
    "NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID": ("x",),
    "SCHEMA__NAMING": ("x", "direct"),
    "RUNTIME__REQUEST_TIMEOUT": ("x", "-1"),
    "DEV_MODE": ("x", "true"),
    "REFRESH": ("x", "drop_sources"),
    "DATASET_NAME_LAYOUT": ("x", "mine_%s"),
    "DESTINATION__DUCKDB__CREATE_INDEXES": ("x",),
    "DESTINATION__DUCKDB__CREDENTIALS__PRAGMAS": ("x", '["nosuch"]'),
    "DESTINATION__DUCKDB__CREDENTIALS__READ_ONLY": ("true",),
    "DESTINATION__DUCKDB__CREDENTIALS__GLOBAL_CONFIG": ('{"nosuch": 1}',),
    "NOTIFICATIONS__URL": ("x", "ftp://x", "https://", "http://[::1", "http://x:99999/"),
    "NOTIFICATIONS__ON": ("x", "[1]", '["never"]'),
    "NOTIFICATIONS__UPON": ("x",),
    "NOTIFICATION__URL": ("https://x",),
}
POSTGRES = "DESTINATION__POSTGRES__CREDENTIALS"
ADDRESS = "postgresql://ada:secret-of-ada@127.0.0.1:9/x"
OF_POSTGRES = [
    {POSTGRES: "x"},
    {POSTGRES: ADDRESS.replace("9/", "y/")},
    {POSTGRES: ADDRESS.replace("9/", "99999/")},
    {POSTGRES: f"{ADDRESS}?sslmode=y"},
    {POSTGRES: f"{ADDRESS}?nosuch=1"},
    {POSTGRES: ADDRESS, f"{POSTGRES}__CONNECT_TIMEOUT": "x"},
    {POSTGRES: ADDRESS, "DESTINATION__POSTGRES__CREATE_INDEXES": "x"},
]
FILES = [
    "load = 3",
    "destination = 1",
    "notifications = 1",
    "[load]\nworkers = true",
    "[load]\nworkers = 2.5",
    "[notification]\non = ['failure']",
    "[schedules.default]\nmonday = ['09:00-17:00']",  # for models.toml
    "[[sla_targets]]\nfirst_response_seconds = 60",
    "[notifications]\nurl = 'https://x'",  # a secret, and this is config.toml
    "[notifications]\nurll = 'https://x'",
    "[notifications]\non = 'failure'",
    "[sources]\nintercom = 1",
    "[sources.intercom]\nconnections = true",
    "[sources.intercom]\nexclude = 'tags'",
    "[sources.intercom]\nexclude = ['tagz']",
    "[sources.intercom]\nstart_date = 1",
    "[sources.intercom]\nstart_date = 10:00:00",
    "[sources.intercom.versions]\ntags = 2.9",
    "[sources.intercom.versions]\ntags = 'newest'",
    "[sources.intercom.privacy]\nleave_out = 1",
]
LOGS = [
    {"RUNTIME__LOG_LEVEL": "CHATTY"},
    {"RUNTIME__LOG_FORMAT": "%(nosuch)s"},
    {"RUNTIME__DLTHUB_TELEMETRY": "perhaps"},
]
SIMULATOR = [
    *(["--port", "99999"], ["--port", "-5"], ["--port", "x"], ["--host", "300.1.1.1"], ["--contacts", "-1"]),
    *(["--timezone", "Mars"], ["--now", "soon"], ["--office-hours", "never"], ["--fill-from", "/no/such"]),
    *(["--token", ""], ["--scroll-page-size", "0"], ["--missing-scopes", "nosuch"], ["--restricted-areas", "x"]),
    *(["--churn-kinds", "nosuch"], ["--faults", "{"], ["--missing-scope-status", "500"], ["--nosuch"], ["extra"]),
]


def ours():
    """Yield variable and bad value of every setting under [sources.intercom]."""
    for spec, prefix in ((IntercomConfiguration, OURS), (PrivacyConfiguration, f"{OURS}PRIVACY__")):
        for name, hint in spec.get_resolvable_fields().items():
            for value in OWN_WRONG[name] if name in OWN_WRONG else WRONG[hint]:
                yield f"{prefix}{name.upper()}", value


def complaint(ended):
    """Return what is wrong with how a command ended; None where it is as it should be."""
    code, _, errors = ended
    is_right = code == 64 and errors.count("\n") == 1 and "run again with --verbose" not in errors
    return None if is_right else (code, errors)


@pytest.mark.parametrize("settings", [[*ours(), *OTHERS], [(name, value) for name in DLT for value in DLT[name]]])
def test_a_bad_value_in_the_environment_is_wrong_use(invoke, tmp_path, settings):
    ends = {one: complaint(invoke("sync", "tags", "--no-transform", **dict([one]))) for one in settings}
    assert {one: said for one, said in ends.items() if said} == {}
    assert not list(tmp_path.glob("*.duckdb")) or dict(settings).keys() & DLT.keys()


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        (f"{OURS}EXCLUDE", '["tagz"]', "tagz"),
        (f"{OURS}VERSIONS__TAGZ", "2.9", "tagz"),
        (f"{OURS}PRIVACY__BODIES", "x", "bodies"),
        ("LOAD__WORKERS", "0", "workers"),
        ("NOTIFICATIONS__ON", "x", "on under [notifications]"),
    ],
)
def test_what_a_sync_would_refuse_is_not_called_right_before_it(invoke, tmp_path, name, value, named):
    """A plan of a sync that cannot begin is none, and a sweep must not pass over a name that it does not know."""
    for arguments in (["sync", "--plan", "tags"], ["sweep"], ["audit"]):
        (tmp_path / "intercom_data.duckdb").touch()
        ended = invoke(*arguments, **{name: value})
        assert (complaint(ended), named in ended[2]) == (None, True), (arguments, ended)
    (tmp_path / "intercom_data.duckdb").unlink()
    code, output, _ = invoke("doctor", **{name: value})
    failed = [line for line in output.splitlines() if "FAILED" in line and named in line]
    assert (code, len(failed)) == (64, 1), output


@pytest.mark.parametrize("arguments", [["transform"], ["forget", "c1"], ["forget", "--undo", "c1"]])
def test_a_bad_value_is_wrong_use_where_nothing_is_read_from_intercom(invoke, tmp_path, arguments):
    (tmp_path / "intercom_data.duckdb").touch()
    ended = invoke(*arguments, LOAD__WORKERS="0")
    assert (complaint(ended), "workers" in ended[2]) == (None, True), ended


def test_a_bad_value_in_a_file_is_wrong_use(invoke, tmp_path):
    ends = {}
    for text in FILES:
        (tmp_path / "config.toml").write_text(text)
        ended = invoke("sync", "tags", "--no-transform", "--config", tmp_path)
        ends[text] = complaint(ended) or (ended if "***" in ended[2] else None)  # a word that was taken for a secret
    assert {text: said for text, said in ends.items() if said} == {}


@pytest.mark.parametrize("name", ["config.toml", "secrets.toml"])
def test_a_file_of_settings_that_cannot_be_read_is_not_taken_for_missing(invoke, tmp_path, name):
    """A volume that was not mounted, and what a container makes of it: privacy rules may be in the file."""
    (tmp_path / "settings").mkdir()
    for hide in (lambda file: file.symlink_to("unmounted.toml"), lambda file: (file.unlink(), file.mkdir())):
        hide(tmp_path / "settings" / name)
        for arguments in (["sync", "--no-transform"], ["sync", "--plan"], ["doctor"]):
            code, output, errors = invoke(*arguments, "--config", "settings")
            said = "".join((output + errors).split())  # doctor breaks lines
            assert (code, f"settings/{name}cannotbeused" in said) == (64, True), arguments
    assert list(tmp_path.glob("*.duckdb")) == []


@pytest.mark.parametrize("arguments", [["sync", "tags"], ["query", "SELECT 1"], ["status"], ["transform"], ["doctor"]])
def test_a_bad_value_of_a_warehouse_is_wrong_use_for_every_command(invoke, arguments):
    for settings in OF_POSTGRES:
        code, output, errors = invoke(*arguments, "--destination", "postgres", **settings)
        assert code == 64, (settings, output, errors)
        assert "secret-of-ada" not in output + errors


@pytest.mark.parametrize("settings", LOGS)
def test_a_log_of_dlt_that_cannot_be_written_is_wrong_use(command, settings):
    for arguments in (["sync", "tags"], ["status"], ["doctor"]):
        ended = command.run(*arguments, **settings)
        assert complaint(ended) is None, (arguments, ended)
        assert next(iter(settings)).partition("__")[2].lower() in ended[2]


def options():
    """Yield the commands, each with one of its options that take a value."""
    for name in COMMANDS:
        for option in loaded(name).params:
            if option.param_type_name == "option" and not option.is_flag:
                yield name, option.opts[0]


@pytest.mark.parametrize(("name", "option"), list(options()))
def test_a_bad_value_of_an_option_is_wrong_use(invoke, tmp_path, monkeypatch, name, option):
    """No option can have this: it is no number, no name and no date, and there is no such folder."""
    monkeypatch.setattr("sys.stdin", io.StringIO("simulator-token"))  # for init
    arguments = {"forget": ["ada", "--yes"], "query": ["SELECT 1"], "export-dbt": ["project"]}.get(name, [])
    ended = invoke(name, *arguments, option, "no such/value")
    is_told_with_others = name in {"doctor", "init"} and not ended[2]
    assert ended[0] == 64 if is_told_with_others else complaint(ended) is None, ended
    assert not [path for path in tmp_path.iterdir() if path.name != ".dlt"]


@pytest.mark.parametrize("arguments", SIMULATOR, ids=" ".join)
def test_a_bad_option_of_the_simulator_is_wrong_use(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        run_simulator([*arguments, *([] if "--port" in arguments else ["--port", "0"])], "intercom-elt simulator")
    errors = capsys.readouterr().err
    assert (ended.value.code, errors.count("\n")) == (64, 1), errors
    assert errors.endswith("Try: intercom-elt simulator --help\n")

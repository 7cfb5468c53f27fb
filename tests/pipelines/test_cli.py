"""The command line itself: what it lists, and how little it loads for that."""

import importlib
import inspect
import io
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from rich.console import Console

import pipelines.commands
from pipelines.cli import loaded, main
from pipelines.console import plain_table
from pipelines.invocation import COMMANDS

LOADED_BY = """
import sys
from pipelines.cli import main
try:
    main({arguments!r})
finally:
    print([name for name in {names!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []])
def test_the_list_of_commands_loads_neither_dlt_nor_duckdb(arguments):
    heavy = ["dlt", "duckdb", "pyarrow", "sqlglot", "httpx", "sources.intercom", "transforms", "simulator"]
    script = LOADED_BY.format(arguments=arguments, names=["typer", *heavy])
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.splitlines()) == (0, ["['typer']"])


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"intercom-elt {metadata.version('intercom-elt')}\n")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "simulator"])
def test_a_command_is_listed_with_the_first_line_of_its_help(name):
    assert loaded(name).help.splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", ["sync", "sweep", "audit"])  # whose options are the longest
def test_help_cuts_no_option(invoke, name):
    assert "…" not in [word[-1] for word in invoke(name, "--help", COLUMNS="80")[1].split() if word.startswith("--")]


def test_every_file_of_commands_is_listed():
    stems = {path.stem for path in Path(inspect.getfile(pipelines.commands)).parent.glob("*.py")}
    modules = {stem: importlib.import_module(f"pipelines.commands.{stem}") for stem in stems}
    commands = {stem.replace("_", "-") for stem, module in modules.items() if hasattr(module, "app")}
    assert commands == set(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["stats"], "No such command 'stats'. Did you mean 'status'? Try:"),
        (["--nonsense"], "No such option: --nonsense"),
    ],
)
def test_a_wrong_word_is_wrong_use(capsys, arguments, said):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    output = capsys.readouterr()
    assert (ended.value.code, output.out) == (64, "")
    assert said in output.err


@pytest.mark.parametrize("arguments", [["query", "SELECT '\udcff'"], ["sync", "--database", "b\udce4d.duckdb"]])
def test_bytes_that_are_no_text_are_wrong_use(invoke, arguments):
    code, _, errors = invoke(*arguments)
    assert (code, "cannot be read in the encoding of this shell" in errors) == (64, True)


def test_a_folder_whose_name_is_no_text_is_wrong_use(invoke, tmp_path, monkeypatch):
    folder = tmp_path / "b\udce4d"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert invoke("status")[0] == 64


@pytest.mark.parametrize("width", [10, 40, 80])
@pytest.mark.parametrize("headings", [("resource", "table", "error"), ()])
def test_a_narrow_terminal_cuts_nothing(width, headings):
    table = plain_table(show_header=bool(headings))
    for heading in headings:
        table.add_column(heading)
    words = ("contact_subscriptions", "subscription_types", "123456789012345678901234567890")
    table.add_row(*words)
    shown = io.StringIO()
    Console(file=shown, width=width).print(table)
    columns = shown.getvalue()
    assert "…" not in columns
    assert sorted("".join(columns.split())) == sorted("".join((*headings, *words)))


def test_a_command_that_is_proposed_can_be_pasted(invoke):
    _, _, errors = invoke("status", INTERCOM_ELT_STARTED_AS="./run intercom-elt")
    assert "load one with: ./run intercom-elt sync --database" in " ".join(errors.split())

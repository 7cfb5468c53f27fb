"""What the documentation names exists: pages, headings, commands, options, settings, messages."""

import re
from dataclasses import fields

import pytest

from pipelines.cli import loaded
from pipelines.exit_code import ExitCode
from pipelines.invocation import COMMANDS
from simulator.options import Options
from sources.intercom import RESOURCES, TABLES
from sources.intercom.configuration import IntercomConfiguration
from tests.support.documents.documented import documented_codes
from tests.support.documents.pages import PAGES, ROOT, Page
from transforms.runner.model_graph.graph import reached
from transforms.runner.model_graph.shipped_models import read_models

BY_NAME = {path.relative_to(ROOT).as_posix(): Page(path) for path in PAGES}
MEDIAN = re.compile(r"median\([^)]*first_response|first_response_\w+\.median", re.IGNORECASE)
EXAMPLES = (*(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.py"), *(ROOT / "pipelines").rglob("*.py"))
TAKING_MEDIANS = [file for file in EXAMPLES if MEDIAN.search(file.read_text(encoding="utf-8"))]
CODE = [*(ROOT / "pipelines").rglob("*.py"), *(ROOT / "sources").rglob("*.py")]


def options_of(command):
    if command == "simulator":  # has a command line of its own
        return {f"--{option.name.replace('_', '-')}" for option in fields(Options)} | {"--port", "--host", "--help"}
    return {name for parameter in loaded(command).params for name in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help",
        "--config",
    }


@pytest.mark.parametrize("name", BY_NAME)
def test_every_link_leads_somewhere(name):
    page = BY_NAME[name]
    for link in page.links:
        if re.match(r"\w+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (page.path.parent / target).resolve() if target else page.path
        assert file.exists(), link
        if anchor and file.suffix == ".md":
            assert anchor in Page(file).anchors, link


@pytest.mark.parametrize("name", BY_NAME)
def test_every_command_and_option_exists(name):
    for command, *arguments in BY_NAME[name].commands():
        if command.startswith("-"):
            assert command in ("--version", "--help")
            continue
        assert command in COMMANDS, command
        given = {word.partition("=")[0] for word in arguments if word.startswith("--")}
        assert given <= options_of(command), (command, arguments)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_module_that_is_to_be_run_exists(name):
    for module in re.findall(r"python -m ([\w.]+)", BY_NAME[name].text):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists() or (ROOT / module.replace(".", "/")).is_dir(), module


def test_every_command_is_in_the_readme_and_every_page_is_linked_from_it():
    readme = BY_NAME["README.md"]
    assert {re.match(r"[\w-]+", cell)[0] for cell in re.findall(r"^\| `([^`]+)` \|", readme.text, re.MULTILINE)} == {
        *COMMANDS
    }
    linked = {link.partition("#")[0] for link in readme.links}
    assert {name for name in BY_NAME if name != "README.md"} - linked == set()


def test_every_raw_table_has_its_place_among_the_areas():
    """The kinds of reaction are named together."""
    words = set(re.findall(r"`(\w+)`", BY_NAME["docs/concepts.md"].text))
    reactions = {table.name for table in RESOURCES["content_export"].tables} - {"message_receipts"}
    assert set(TABLES) - reactions - words == set()


def test_every_setting_is_explained_with_its_default():
    page = BY_NAME["docs/configuration.md"].text
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|([^|]*)\|", page, re.MULTILINE)
    explained = {name: default for names, defaults in rows for name, default in _pairs(names, defaults)}
    configuration = IntercomConfiguration()
    assert explained.keys() == {*configuration}
    del explained["privacy"]  # a section of its own
    for name, default in explained.items():
        value = configuration[name]
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        assert default == shown or (not default and not value), name


def _pairs(names, defaults):
    """Two settings in one row have their defaults in the same order."""
    names, defaults = ([word.strip(" `") for word in cell.split(",")] for cell in (names, defaults))
    return zip(names, defaults, strict=True)


def test_every_message_that_is_explained_is_one_of_ours():
    words = "".join(re.sub(r'"\s*f?"', "", path.read_text(encoding="utf-8")) for path in CODE)
    table = BY_NAME["docs/operating.md"].text.partition("| message contains |")[2].partition("\n\n")[0]
    messages = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert len(messages) > 10
    assert [message for message in messages if re.sub(r" \d+$", " {", message) not in words] == []


def test_every_message_has_a_code_that_exists():
    codes = documented_codes()
    assert len(codes) > 10
    assert set(codes.values()) <= {int(code) for code in ExitCode if code}


def test_the_models_beside_a_table_of_fivetran_are_made_of_its_rows():
    rows = re.findall(r"the same name \| `(\w+)` \| (.*?) ?\|$", BY_NAME["docs/migrating.md"].text, re.MULTILINE)
    reads = {model.name: model.references for model in read_models()}
    named = [(table, model) for table, models in rows for model in re.findall(r"`(\w+)`", models)]
    assert len(named) > 8
    assert [pair for pair in named if f"stg_{pair[0]}" not in reached(pair[1], reads)] == []


def test_the_example_of_a_resource_is_one():
    example = next(block.text for block in BY_NAME["docs/architecture.md"].blocks if block.language == "python")
    made = {}
    exec(example.replace("from ..", "from sources.intercom."), made)  # noqa: S102 - ours
    assert (made["THINGS"].name, made["THINGS"].operations) == ("things", ("GET /things",))
    assert made["THINGS"].tables == (made["THINGS_TABLE"],)


@pytest.mark.parametrize("file", TAKING_MEDIANS, ids=lambda file: file.name)
def test_a_median_of_first_responses_leaves_out_what_was_closed_before(file):
    """As the marts do: a reply that came after a close, months later perhaps, is no answer to the question."""
    assert "was_closed_before_first_reply" in file.read_text(encoding="utf-8")


def test_pictures_are_small():
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert len(pictures) == 4
    assert all(picture.stat().st_size < 300_000 for picture in pictures)

"""The wheel is whole: installed elsewhere it has the commands, the models, the examples and its types."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return the folder into which the wheel was installed; what it needs comes from the environment of the tests."""
    uv = os.environ.get("UV")
    if uv is None:
        pytest.skip("the wheel is not built: run the tests with ./run, which brings uv")
    folder = tmp_path_factory.mktemp("wheel")
    for command in (
        ["build", "--wheel", "--quiet", "--offline", "--out-dir", folder / "dist", ROOT],
        ["pip", "install", "--quiet", "--offline", "--no-deps", "--target", folder / "site", folder / "dist" / "NAME"],
    ):
        names = [path.name for path in (folder / "dist").glob("*.whl")]
        words = [str(word).replace("NAME", names[0]) if names else word for word in command]
        subprocess.run([uv, *words], check=True)
    return folder / "site"


def test_the_command_works_from_any_folder(installed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "--version"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("intercom-elt ")


def test_a_driver_that_is_missing_is_asked_for_without_the_command_of_a_checkout(installed, tmp_path):
    settings = {"DESTINATION__SNOWFLAKE__CREDENTIALS": "snowflake://loader:secret@account/support"}
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "transform", "--destination", "snowflake"],
        cwd=tmp_path,
        env={**os.environ, **settings, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "./run" in done.stderr) == (64, False), done.stderr
    assert f"uv pip install --python {sys.prefix} 'dlt[snowflake]'" in done.stderr


def test_it_brings_every_model_the_examples_and_the_types(installed):
    in_tree = {path.relative_to(ROOT) for path in (ROOT / "transforms").rglob("*.sql")}
    assert in_tree
    assert {path for path in in_tree if not (installed / path).is_file()} == set()
    for name in ("secrets", "models"):
        example = installed / "pipelines" / "examples" / f"example.{name}.toml"
        assert example.read_text() == (ROOT / ".dlt" / f"example.{name}.toml").read_text()
    assert (installed / "sources" / "intercom" / "py.typed").exists()

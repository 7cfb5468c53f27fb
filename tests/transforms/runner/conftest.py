"""Ten conversations of which one is not settled, built once: for tests of what the next build does."""

import functools
import shutil
from pathlib import Path

import pytest

from tests.support.workspace_story import DAY
from tests.transforms.conftest import NOW, duckdb_house, held_open
from transforms.runner.graph import reached
from transforms.runner.incremental import BUILT, after_changes
from transforms.runner.model import CHANGES, MODELS_FOLDER, read_models

TAMPERED = "intercom_staging.int_events", "conversation_id = '7'"


@pytest.fixture(scope="module")
def quiet_folder(tmp_path_factory):
    """The file of such a house, and its folder of models, for each test to have a copy of."""
    folder = tmp_path_factory.mktemp("quiet")
    house = duckdb_house(folder, "support")
    for number in range(10):
        story = house.raw.conversation(
            str(number), NOW - 30 * DAY, author=("user", f"u{number}"), state="open" if number == 1 else "closed"
        )
        if number != 1:
            story.closes(NOW - 20 * DAY)
    with held_open(folder / "support.duckdb"):
        assert house.build(folder=only_conversations(folder / "models")).failed_models == []
        house.execute("update {} set author_id = 'tampered' where {}".format(*TAMPERED))
    return folder


@pytest.fixture
def quiet(quiet_folder, tmp_path):
    """Ten conversations of ten contacts, closed long ago, save number 1; built, and one row made wrong by hand.

    Only a full build, or one of conversation 7, puts it right again.
    """
    file = Path(shutil.copy(quiet_folder / "support.duckdb", tmp_path))
    with held_open(file):
        house = duckdb_house(tmp_path, "support")
        house.is_loaded = True
        house.build = functools.partial(house.build, folder=quiet_folder / "models")
        yield house


def only_conversations(folder):
    """A folder with the incremental models and those that they need; all others are built in full."""
    keyed = (model.name for model in read_models(CHANGES) if model.key and model.kind in ("intermediate", "marts"))
    return only(folder, *keyed)


def only(folder, *names):
    """A folder with these models and checks, those that they need, and what a build remembers."""
    models = {model.name: model for model in after_changes(read_models(CHANGES))}
    reads = {name: model.references for name, model in models.items()}
    wanted = {*BUILT, *names, "int_custom_attributes"}  # the last is read by the marts of attributes
    for name in wanted.union(*(reached(name, reads) for name in wanted)):
        path = Path(models[name].kind) / f"{name}.sql"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(MODELS_FOLDER / path, folder / path)
    return folder

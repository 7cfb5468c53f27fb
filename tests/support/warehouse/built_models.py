"""Houses that are built once and copied for each test, with a folder of the models that they need."""

import functools
import shutil
from contextlib import contextmanager

from tests.support.made_once import made_once
from tests.support.warehouse.house import duckdb_house, held_open, house_again
from transforms.runner.incremental.build_memory import MEMORY_QUERIES
from transforms.runner.incremental.order import after_changes
from transforms.runner.model_graph.graph import reached
from transforms.runner.model_graph.model import CHANGES
from transforms.runner.model_graph.shipped_models import MODELS_FOLDER, read_models

TAMPERED = "intercom_staging.int_events", "conversation_id = '7'"


def built_once(name, tell, *statements, models=()):
    """The folder of a house and of its models, for tests to have a copy of: told, built, and then changed by hand.

    `models`: those that it has, with what they need. Without any: all that are incremental.
    """

    def make(folder):
        folder.mkdir()
        house = duckdb_house(folder, "support")
        tell(house.raw)
        wanted = only(folder / "models", *models) if models else only_conversations(folder / "models")
        with held_open(folder / "support.duckdb"):
            assert house.build(folder=wanted).failed_models == []
            for statement in statements:
                house.execute(statement)

    return made_once(name, make)


@contextmanager
def copied(known_house, folder):
    """Yield a copy of such a house."""
    with house_again(known_house, folder / "support.duckdb") as house:
        house.build = functools.partial(house.build, folder=folder / "models")
        yield house


def only_conversations(folder):
    """A folder with the incremental models and those that they need; all others are built in full."""
    keyed = (model.name for model in read_models(CHANGES) if model.key and model.kind in ("intermediate", "marts"))
    return only(folder, *keyed)


def only(folder, *names):
    """A folder with these models and checks, those that they need, and what a build remembers."""
    models = {model.name: model for model in after_changes(read_models(CHANGES))}
    reads = {name: model.references for name, model in models.items()}
    wanted = {*MEMORY_QUERIES, *names, "int_custom_attributes"}  # the last is read by the marts of attributes
    for name in wanted.union(*(reached(name, reads) for name in wanted)):
        [file] = (MODELS_FOLDER / models[name].kind).rglob(f"{name}.sql")
        there = folder / file.parent.relative_to(MODELS_FOLDER)
        there.mkdir(parents=True, exist_ok=True)
        is_in_parts = len(there.relative_to(folder).parts) > 1  # it stands with the ephemeral models that it reads
        for one in file.parent.glob("*.sql") if is_in_parts else [file]:
            shutil.copy(one, there)
    return folder

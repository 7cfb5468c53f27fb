"""The plan of a build: all models in their order, which of them are built and checked, and in which dataset each is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from transforms.runner.attributes.declared_attributes import Declared
from transforms.runner.attributes.marts import OBJECT_TABLES, attribute_models
from transforms.runner.build_report import RUNS_TABLE
from transforms.runner.incremental.build_memory import FAILING, MEMORY, MEMORY_QUERIES
from transforms.runner.incremental.changed_figures import CHANGED
from transforms.runner.incremental.order import after_changes
from transforms.runner.model_graph.graph import ordered, reached
from transforms.runner.model_graph.model import CHANGES, CHECKS, FIVETRAN, KINDS, Model
from transforms.runner.model_graph.own_models import read_own_models
from transforms.runner.model_graph.selection import checks_of, selected
from transforms.runner.model_graph.shipped_models import MODELS_FOLDER, names_of_kind, read_models
from transforms.runner.warehouse.datasets import Datasets
from transforms.runner.warehouse.inventory.built_models import BUILT_MODELS
from transforms.seeds.seed import SEED_NAMES

_TABLES_OF_THE_BUILD = (*SEED_NAMES, *MEMORY, RUNS_TABLE, BUILT_MODELS)  # all in the staging dataset
# Names that own models cannot have, in addition to those of our models.
OF_THE_BUILD = (*_TABLES_OF_THE_BUILD, CHANGED, *(table.mart for table in OBJECT_TABLES))


def names_by_dataset(datasets: Datasets) -> dict[str, set[str]]:
    """Return the names of tables and views that a build makes in each dataset, without Fivetran's and own models."""
    built = {datasets.staging: set(_TABLES_OF_THE_BUILD), datasets.marts: {table.mart for table in OBJECT_TABLES}}
    for kind in (*(kind for kind in KINDS if kind != CHECKS), CHANGES):
        built[datasets.of_kind(kind)] |= names_of_kind(kind, MODELS_FOLDER)
    return built


@dataclass(frozen=True)
class ModelFiles:
    """The model files that a build is planned from, by name; `memory` are the queries of what it remembers.

    `names` are those of all models, seeds and tables that a build with these files can make, or a later one.
    """

    models: dict[str, Model]
    memory: list[Model]
    names: set[str]

    @classmethod
    def read(cls, folder: Path, own_folder: Path | None, datasets: Datasets, *, fivetran: bool) -> Self:
        """Read our models and the user's own ones for the plan; raises ModelError for what is wrong in a file."""
        models = {model.name: model for model in read_models(CHANGES, *([FIVETRAN] if fivetran else []), folder=folder)}
        memory = [models.pop(name) for name in MEMORY_QUERIES if name in models]
        # Fivetran's names are reserved even in a build without its views: the next one may have them.
        taken = {*models, *OF_THE_BUILD, *names_of_kind(FIVETRAN, folder)}
        if own_folder:
            models |= {model.name: model for model in read_own_models(own_folder, datasets, taken)}
        return cls(models, memory, taken | models.keys())

    def without_memory(self) -> Self:
        """Return the files of a plan that builds all in full each time, as where a build can remember nothing."""
        models = {name: model for name, model in self.models.items() if model.kind != CHANGES}
        return replace(self, models=models, memory=[], names=self.names - (self.models.keys() - models.keys()))


@dataclass(frozen=True)
class Plan:
    """The plan of a build: `models` are all in their order, `chosen` the names of those to build.

    `datasets_of` says in which dataset each model, seed and table of the build itself is (name -> dataset).
    """

    models: list[Model]
    chosen: set[str]
    datasets_of: dict[str, str]

    @classmethod
    def of(cls, files: Iterable[Model], declared: Declared, datasets: Datasets, select: str | None) -> Self:
        """Return the build's plan for a selection, None for all; raises ModelError where it names no model."""
        files = list(files)
        attribute_marts = attribute_models(declared, {model.name for model in files})
        models = ordered(after_changes([*files, *attribute_marts]), (*SEED_NAMES, *MEMORY_QUERIES, FAILING))
        datasets_of = dict.fromkeys(_TABLES_OF_THE_BUILD, datasets.staging)
        datasets_of |= {model.name: datasets.of_kind(model.kind) for model in models if not model.is_check}
        return cls(models, selected(models, select), datasets_of)

    @property
    def to_build(self) -> list[Model]:
        """The models that are planned to be built, in their order."""
        return [model for model in self.models if model.name in self.chosen]

    @property
    def finding_changes(self) -> list[Model]:
        """The planned models that find changed conversations: queries of everything, each on all cores."""
        return [model for model in self.to_build if model.name in self._needed_for_changes]

    @property
    def of_changes(self) -> list[Model]:
        """The models planned after those that find changes: they are small, and many."""
        return [model for model in self.to_build if model.name not in self._needed_for_changes]

    @cached_property
    def _needed_for_changes(self) -> set[str]:
        return reached(CHANGED, {model.name: model.references for model in self.to_build}) | {CHANGED}

    @property
    def to_check(self) -> list[Model]:
        """The checks that are planned, those of the chosen models."""
        return checks_of(self.chosen, self.models)

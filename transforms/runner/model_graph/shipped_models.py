"""The models that come with the connector, read from their folder."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from transforms.runner.dialects.moments import bound_epochs
from transforms.runner.model_graph.ephemeral import without_ephemeral
from transforms.runner.model_graph.model import KINDS, SEE, STAGING, Model, parse_model

MODELS_FOLDER = Path(__file__).parents[2] / "models"


def read_models(*more_kinds: str, folder: Path = MODELS_FOLDER) -> list[Model]:
    """Read the models in the folder's sub-folders staging, intermediate, marts and checks, by kind and file.

    Those in the sub-folders fivetran and changes come only when they are asked for. Ephemeral models are in the queries
    of the others.
    """
    files = [(kind, path) for kind in (*KINDS, *more_kinds) for path in sorted((folder / kind).rglob("*.sql"))]
    return list(_models(tuple((kind, path.stem, path.read_text(encoding="utf-8")) for kind, path in files)))


def names_of_kind(kind: str, folder: Path) -> set[str]:
    """Return the names of the models in one sub-folder, without reading them."""
    return {path.stem for path in (folder / kind).rglob("*.sql")}


@lru_cache(maxsize=8)  # the same files are the same models, which keep what is made of them (`model_text`)
def _models(files: tuple[tuple[str, str, str], ...]) -> tuple[Model, ...]:
    return tuple(_with_meanings_of_others(without_ephemeral(_parse(*file) for file in files)))


@cache  # once: it changes the query
def _parse(kind: str, name: str, sql: str) -> Model:
    """Return a model; those of staging take unix seconds from raw tables, which may hold anything."""
    model = parse_model(kind, name, sql)
    if kind == STAGING:
        bound_epochs(model.query)
    return model


def _with_meanings_of_others(models: Sequence[Model]) -> list[Model]:
    """Return the models; where a comment says `see MODEL` or `see MODEL.COLUMN`, the meaning is what is said there."""
    said = {model.name: model.meanings for model in models}

    def meaning(column: str, text: str) -> str:
        found = SEE.fullmatch(text)
        return said.get(found[1], {}).get(found[2] or column, text) if found else text

    return [
        replace(model, meanings={column: meaning(column, text) for column, text in model.meanings.items()})
        for model in models
    ]

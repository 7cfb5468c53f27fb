"""Ephemeral models, as in dbt: they are not built, but become CTEs of the models that read them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from transforms.runner.model import Model, ModelError


def without_ephemeral(models: Iterable[Model]) -> list[Model]:
    """Return the models that are built or checked, each with the ephemeral ones that it reads in its own query.

    Raises ModelError when ephemeral models read each other in a circle.
    """
    models = list(models)
    ephemeral = {model.name: model for model in models if model.is_ephemeral}
    return [_with_ctes(model, _read_by(model, ephemeral)) for model in models if not model.is_ephemeral]


def _read_by(model: Model, ephemeral: Mapping[str, Model], path: tuple[str, ...] = ()) -> dict[str, Model]:
    """Return the ephemeral models that a model reads, also in one another, each after those it reads."""
    found: dict[str, Model] = {}
    for name in sorted(model.references & ephemeral.keys()):
        if name in path:
            raise ModelError(f"ephemeral models read each other in a circle: {' <- '.join([*path, name])}")
        found |= _read_by(ephemeral[name], ephemeral, (*path, name)) | {name: ephemeral[name]}
    return found


def _with_ctes(model: Model, read: Mapping[str, Model]) -> Model:
    if not read:
        return model
    query = model.query.copy()
    own = query.ctes
    for name, one in read.items():
        query.with_(name, as_=one.query, copy=False)
    query.args["with_"].set("expressions", [*query.ctes[len(own) :], *own])
    references = model.references.union(*(one.references for one in read.values())) - read.keys()
    return replace(model, query=query, references=references)

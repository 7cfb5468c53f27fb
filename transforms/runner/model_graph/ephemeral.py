"""Ephemeral models, as in dbt: they are not built, but become CTEs of the models that read them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlglot import exp

from transforms.runner.model_graph.model import RAW, Model, ModelError, tables_read


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
    query = _reading_ctes(model.query, read)
    ctes = [
        exp.CTE(this=_reading_ctes(_with_own_names(one), read), alias=exp.TableAlias(this=_cte(name)))
        for name, one in read.items()
    ]
    own = query.args.get("with_") or exp.With(expressions=[])
    own.set("expressions", [*ctes, *own.expressions])
    query.set("with_", own)
    references = model.references.union(*(one.references for one in read.values())) - read.keys()
    return replace(model, query=query, references=references)


def _with_own_names(model: Model) -> exp.Query:
    """Return a copy of an ephemeral model's query whose CTEs have names that no other has.

    Spark knows no WITH within a WITH: sqlglot makes one of all.
    """
    query = model.query.copy()
    ours = {id(table) for table in tables_read(query)}
    names = {cte.alias for cte in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        if table.name in names and not table.db and id(table) not in ours:
            _rename(table, exp.to_identifier(f"{model.name}__{table.name}"))
    for cte in query.find_all(exp.CTE):
        cte.args["alias"].set("this", exp.to_identifier(f"{model.name}__{cte.alias}"))
    return query


def _reading_ctes(query: exp.Query, read: Mapping[str, Model]) -> exp.Query:
    """Return a copy of the query that reads CTEs instead of these ephemeral models."""
    query = query.copy()
    for table in tables_read(query):
        if table.db != RAW and table.name in read:
            _rename(table, _cte(table.name))
    return query


def _rename(table: exp.Table, name: exp.Identifier) -> None:
    """Let a table of a query be another one, which has its former name there."""
    table.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name)))
    table.set("this", name)


def _cte(name: str) -> exp.Identifier:
    """Return the name of an ephemeral model's CTE: a CTE of the reader's own may have the model's name."""
    return exp.to_identifier(f"ephemeral__{name}")

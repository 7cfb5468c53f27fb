"""The graph of which models read which: the order in which they are built, and what is reached from a model."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from sqlglot import exp

from transforms.runner.model_graph.model import RAW, Model, ModelError, tables_read

Graph = Mapping[str, frozenset[str]]  # name -> the names it reads


def ordered(models: Iterable[Model], seeds: Iterable[str]) -> list[Model]:
    """Order the models so that each comes after all it reads; among equals the given order holds.

    Raises ModelError when a model reads a name that is neither a model nor a seed, or when models read in a circle.
    """
    by_name = {model.name: model for model in models}
    known = {*by_name, *seeds}
    for model in by_name.values():
        if missing := sorted(model.references - known):
            raise ModelError(
                f"{model.name}.sql reads {', '.join(missing)}: no such model or seed. "
                "Write raw.NAME for a raw table, SCHEMA.NAME for a table of another schema; of those that models are "
                "built in, only models and seeds can be read"
            )
    try:
        order = TopologicalSorter({name: model.references for name, model in by_name.items()}).static_order()
        return [by_name[name] for name in order if name in by_name]
    except CycleError as error:
        raise ModelError(f"models read each other in a circle: {' <- '.join(error.args[1])}") from error


def reached(start: str, edges: Graph) -> set[str]:
    """Return all names that the graph reaches from this one, without itself."""
    found: set[str] = set()
    todo = [start]
    while todo:
        for name in edges.get(todo.pop(), frozenset()):
            if name in edges and name not in found:
                found.add(name)
                todo.append(name)
    return found


def inlined(query: exp.Query, models: Iterable[Model]) -> exp.Query:
    """Return the query with these models' own queries instead of their names, down to the raw tables."""
    by_name = {model.name: model for model in models}
    query = query.copy()
    for table in tables_read(query):
        if table.db != RAW and table.name in by_name:
            table.replace(inlined(by_name[table.name].query, by_name.values()).subquery(table.alias_or_name))
    return query

"""The order in which models are built, and the part of it that a selection asks for: pure rules on names."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from sqlglot import exp

from transforms.runner.model import RAW, Model, ModelError, tables_read

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
                "Write raw.NAME for a raw table, SCHEMA.NAME for a table of another schema"
            )
    try:
        order = TopologicalSorter({name: model.references for name, model in by_name.items()}).static_order()
        return [by_name[name] for name in order if name in by_name]
    except CycleError as error:
        raise ModelError(f"models read each other in a circle: {' <- '.join(error.args[1])}") from error


def selected(models: Iterable[Model], select: str | None) -> set[str]:
    """Return the names that a selection asks for, with what their graph adds, checks left aside.

    Commas or spaces separate terms: `name`, `name+` (and all that read it), `+name` (and all it reads), `+name+`.
    None asks for all. Raises ModelError for a name that is not a model.
    """
    reads = {model.name: model.references for model in models if not model.is_check}
    if select is None:
        return set(reads)
    chosen: set[str] = set()
    terms = select.replace(",", " ").split()
    if not terms:
        raise ModelError("--select names no model")
    for term in terms:
        name = term.strip("+")
        if name not in reads:
            near = get_close_matches(name, reads, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ModelError(f"--select {term}: there is no model named {name!r}{hint}")
        chosen.add(name)
        if term.startswith("+"):
            chosen |= reached(name, reads)
        if term.endswith("+"):
            chosen |= reached(name, _readers(reads))
    return chosen


def checks_of(chosen: set[str], models: Iterable[Model]) -> list[Model]:
    """Return the checks of the chosen models by the graph of what reads what, in the given order.

    A check belongs to what it reads, except for what these read in turn: when only an earlier model is chosen, the
    later one that the check compares it with may not exist yet.
    """
    models = list(models)
    reads = {model.name: model.references for model in models if not model.is_check}
    checks = (model for model in models if model.is_check)
    return [check for check in checks if _latest(check.references & reads.keys(), reads) <= chosen]


def _latest(names: frozenset[str], reads: Graph) -> set[str]:
    return set(names) - {earlier for name in names for earlier in reached(name, reads)}


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


def _readers(reads: Graph) -> Graph:
    return {name: frozenset(reader for reader, read in reads.items() if name in read) for name in reads}

"""What a selection (`--select`) asks for: the models that are built, and the checks that run on them."""

from collections.abc import Iterable
from difflib import get_close_matches

from transforms.runner.model_graph.graph import Graph, reached
from transforms.runner.model_graph.model import Model, ModelError


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


def _readers(reads: Graph) -> Graph:
    return {name: frozenset(reader for reader, read in reads.items() if name in read) for name in reads}

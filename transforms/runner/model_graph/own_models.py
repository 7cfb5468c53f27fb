"""Models of the user's own: a folder of SQL files that are built with ours, read them, and are checked with them."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sqlglot import exp

from transforms.runner.model_graph.ephemeral import without_ephemeral
from transforms.runner.model_graph.model import (
    CHECKS,
    KINDS,
    LONGEST_NAME,
    MARTS,
    RAW,
    Model,
    ModelError,
    parse_model,
    references,
    tables_read,
)
from transforms.runner.warehouse.datasets import Datasets
from transforms.runner.warehouse.scratch import SCRATCH
from transforms.runner.warehouse.table_swap import BUILDING

LONGEST = LONGEST_NAME - len(BUILDING)
ENDINGS = (BUILDING, SCRATCH)
NAME = re.compile(r"[a-z_][a-z0-9_]*")


def read_own_models(folder: Path, datasets: Datasets, taken: Collection[str]) -> list[Model]:
    """Read the user's own models: marts in the folder, any kind in its sub-folders staging, …, checks.

    They are written as ours are: one SELECT in DuckDB's SQL, its first line a comment that says the grain (of a check,
    `error:` or `warn:` and its claim). They may name our datasets, or leave them out. Raises ModelError for a missing
    folder, a file that is no model, and a name that is taken.
    """
    if not folder.is_dir():
        raise ModelError(f"There is no folder {folder} for own models")
    found: dict[str, Path] = {}
    models = []
    for kind, path in _files(folder):
        if not NAME.fullmatch(path.stem):
            raise ModelError(f"{path}: a model is named with small letters, digits and _")
        if kind != CHECKS and path.stem.endswith(ENDINGS):
            raise ModelError(f"{path}: tables of a build's own end in {' or '.join(ENDINGS)}; choose another name")
        if path.stem in taken:
            raise ModelError(f"{path}: the name {path.stem} is taken by one of ours; choose another")
        if other := found.get(path.stem):
            raise ModelError(f"{path} has the name of {other}; one of them needs another")
        found[path.stem] = path
        models.append(_whole(_at_home(_parsed(kind, path), datasets)))
    return without_ephemeral(models)


def refuse_cut_names(models: Iterable[Model]) -> None:
    """Raise ModelError for an own model whose table PostgreSQL would give another name."""
    for model in models:
        if not model.is_check and len(model.name) > LONGEST:
            raise ModelError(
                f"{model.name}: on PostgreSQL a model's name has at most {LONGEST} letters; it keeps {LONGEST_NAME} of "
                f"a name, and a build adds {BUILDING}"
            )


def names_in(folder: Path) -> set[str]:
    """Return the names of own models in the folder, even of those that cannot be read."""
    return {path.stem for path in folder.rglob("*.sql")}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*.sql")):
        where = path.parent.relative_to(folder).parts
        if len(where) > 1 or (where and where[0] not in KINDS):
            known = ", ".join(KINDS)
            raise ModelError(f"{path}: own models are in {folder} itself or in its sub-folders {known}")
        yield where[0] if where else MARTS, path  # files in the folder itself are marts


def _parsed(kind: str, path: Path) -> Model:
    try:
        return parse_model(kind, path.stem, path.read_text(encoding="utf-8-sig"))  # Windows writes a mark first
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    except ModelError as error:
        raise ModelError(f"{path}: {str(error).partition(': ')[2] or error}") from error


def _whole(model: Model) -> Model:
    """Return an own model without a key of periods: it is unknown on which days a conversation shows in it.

    Ours show a conversation only on the days of `touched_days`.
    """
    return replace(model, key="") if model.is_of_periods else model


def _at_home(model: Model, datasets: Datasets) -> Model:
    """Return an own model without our datasets' names, so that its place in the order is known.

    Table names become lower case, because DuckDB ignores case.
    """
    query = model.query.copy()
    for table in query.find_all(exp.Table):
        if table.db.lower() in (datasets.raw, RAW):
            table.set("db", exp.to_identifier(RAW))
        elif table.db.lower() in (datasets.staging, datasets.marts):
            table.set("db", None)
    for table in tables_read(query):
        table.set("this", exp.to_identifier(table.name.lower()))
    return replace(model, query=query, references=references(query), is_own=True)

"""The conditions for loading a row; a row that violates them is left out and named, and blocks no other."""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from ..api.record import is_id
from .table import REMOVES, Row, Rows, Table

Item = TypeVar("Item")

# Errors of code that meets an unknown shape; none of them comes from a network or a database.
SHAPE_ERRORS = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError)
MOST_CHARACTERS = 200  # of what names a misfit
_NESTING = frozenset({dict, list})
FEW = 3  # fewer rows than this are quicker to check one by one


@dataclass(frozen=True)
class Misfit:
    """A row that validation finds unfit to load: its raw table, name, and the reason, which quotes nothing of it."""

    entity: str
    id: str
    reason: str


class Misshapen(ValueError):
    """The own row of a record fails validation and cannot be loaded; the message is the reason."""


def reason_of(error: BaseException) -> str:
    """Return why no valid rows could be made of a record, without the error's message, which may quote it."""
    if isinstance(error, Misshapen):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"another shape than is known ({type(error).__name__} in {frame.name})"


def fitting(rows_of_tables: Rows, own: Table | None = None, identity: str = "?") -> tuple[Rows, tuple[Misfit, ...]]:
    """Validate the rows of one record: return those that can be loaded, and the misfits.

    `identity` names the record in misfits whose key does not do so. Raises Misshapen if the record's `own` row is a
    misfit: its lists alone would belong to nothing.
    """
    fit: Rows = []
    misfits: list[Misfit] = []
    for table, rows in rows_of_tables:
        if len(rows) > FEW and _all_fit(table, rows):
            fit.append((table, rows))
            continue
        problems = [problem_in(table, row) for row in rows]
        if any(problems):
            for position, (row, problem) in enumerate(zip(rows, problems, strict=True), 1):
                if problem is not None:
                    misfits.append(Misfit(table.name, _name_of_row(table, row, position, identity), problem))
            if table is own:
                raise Misshapen(misfits[-1].reason)
            rows = _without_misfits(table, rows, problems)  # noqa: PLW2901
        fit.append((table, rows))
    return fit, tuple(misfits)


def _without_misfits(table: Table, rows: list[Row], problems: list[str | None]) -> list[Row]:
    """Return the rows without a problem; in the place of a parent's list that has none, the row that empties it.

    Without any row of this parent, those that an earlier version of the list has loaded would stay.
    """
    fit = [row for row, problem in zip(rows, problems, strict=True) if problem is None]
    if table.replaced == "parent":
        parents = dict.fromkeys(str(row[table.parent_key]) for row in rows if is_id(row.get(table.parent_key)))
        filled = {str(row.get(table.parent_key)) for row in fit}
        fit += [table.emptied(parent_id) for parent_id in parents if parent_id not in filled]
    return fit


def _all_fit(table: Table, rows: list[Row]) -> bool:
    """Return True if all rows are valid, in a fraction of the time that checking each would take."""
    for column in table.key:
        for row in rows:
            value = row.get(column)
            is_named = type(value) is int or (type(value) is str and value.strip())
            if not (is_named or REMOVES in row):
                return False
    nested = (value for row in rows for value in row.values() if type(value) in _NESTING)
    return not any(_is_nested_again(value) and is_too_deep(value) for value in nested)


def _is_nested_again(value: Any) -> bool:
    """Return True if a list or object to validate holds another one; looking costs a fraction of writing it."""
    return not _NESTING.isdisjoint(map(type, value.values() if type(value) is dict else value))


def merged(rows_of_records: Iterable[Rows]) -> Rows:
    """Return the validated rows of many records, each with the same tables in the same order, as those of one page."""
    tables: dict[str, tuple[Table, list[Row]]] = {}
    for rows_of_tables in rows_of_records:
        for table, rows in rows_of_tables:
            tables.setdefault(table.name, (table, []))[1].extend(rows)
    return list(tables.values())


def problem_in(table: Table, row: Row) -> str | None:
    """Validate a row: return why it cannot be loaded, or None, as for almost all."""
    if REMOVES not in row:
        for column in table.key:
            value = row.get(column)
            if type(value) is str and value.strip():  # almost always
                continue
            if not (is_id(value) or (value == "" and column in table.may_be_empty)):
                return f"{column} is {_kind(value)}"
    for column, value in row.items():
        if type(value) in _NESTING and _is_nested_again(value) and is_too_deep(value):
            return f"{column if column in table.columns else 'a field'} is nested too deep"
    return None


def is_too_deep(value: Any) -> bool:
    """Return True if JSON is invalid because it is nested deeper than can be written: 254 levels."""
    try:
        orjson.dumps(value)
    except (TypeError, RecursionError):
        return True
    return False


def _kind(value: Any) -> str:
    if value is None or isinstance(value, str):
        return "missing"
    return {dict: "an object", list: "a list", bool: "true or false", float: "a number with a fraction"}[type(value)]


def _name_of_row(table: Table, row: Row, position: int, identity: str) -> str:
    """Name an invalid row: by its key, else by the first part of that, or by the record's id, and a position.

    Rows of two records under one name would be one fact, which is about one of them alone.
    """
    parent, *others = (row.get(column) for column in table.key)
    if not all(map(is_id, (parent, *others))):
        return f"{parent if is_id(parent) else identity}, place {position}"[:MOST_CHARACTERS]
    return "/".join(str(value) for value in (parent, *others))[:MOST_CHARACTERS]

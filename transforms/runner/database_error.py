"""A database error in one line, without row values."""

import re
from collections.abc import Callable

from dlt.common.destination.exceptions import DestinationException
from dlt.destinations.exceptions import DatabaseException
from sqlglot.errors import SqlglotError

from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.postgres.lock_waiting import Blocked

# What makes a model, a check or a seed fail, and leaves the rest of a build as it is.
BUILD_ERRORS = (DestinationException, DatabaseException, SqlglotError, InTheWay, Blocked)
_OF_DUCKDB = "(?:Conversion|Invalid Input|Out of Range|Not implemented) Error: "
_BEFORE_VALUE = rf"{_OF_DUCKDB}(?:[^'\"\n]|(?<=\w)')*?"
_TYPE_AND_COLUMN = r"(?: to [A-Z][\w(),\[\] ]*?)?(?: when casting from source column \w+)?"
_OF_PATTERNS = "missing|no argument|unexpected|invalid|bad|duplicate"  # the beginning of RE2's messages
_NUMBER = re.compile(r"(?<![\w(,])\d[\d.,:-]*|(?<=\()\d+(?= [-+*])")
_QUOTED_VALUES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r'(duplicate key )".*"', re.DOTALL | re.IGNORECASE), r"\1"),
    # DuckDB repeats some values in further lines, up to an empty one.
    (
        re.compile(rf"({_BEFORE_VALUE})(?<!\w)['\"].*?({_TYPE_AND_COLUMN})(?=\n\s*\n|\Z)", re.DOTALL),
        r"\1…\2",
    ),
    # Of regular expressions: the pattern, in which a value may stand.
    (re.compile(rf"(Invalid Input Error: (?:{_OF_PATTERNS})[^:\n]*: ).*", re.DOTALL), r"\1…"),
    (re.compile(rf"{_OF_DUCKDB}[^'\"\n]*"), lambda match: _NUMBER.sub("…", match[0])),
    (re.compile(r"(invalid input syntax for type [\w ]+: ).*", re.DOTALL), r"\1…"),
    (re.compile(r'(field value out of range: )".*"', re.DOTALL), r"\1…"),
    (re.compile(r'(value )"[^\n]*"( is out of range for type| for ")'), r"\1…\2"),
    (re.compile(r"(Bad \w+ value: ).*"), r"\1…"),  # BigQuery
    (re.compile(r'(key ")[^"]*?: [^"]*(")'), r"\1…\2"),
)
_QUOTED = re.compile(r"(?<!\w)(['\"]).*\1", re.DOTALL)
_DATA, _RAISED = "22", "P0"  # PostgreSQL's classes of errors that are about values, or that say what a trigger says
# Of other databases: what is about tables and columns, whose names help.
_ABOUT_NAMES = re.compile(
    r"^[\w ]+ Error: |compilation error|syntax error|not found|does not exist|unresolved|"
    r"unknown (?:\w+ )?(?:expr|ident|table|col)",
    re.IGNORECASE,
)


def complaint(error: BaseException) -> str:
    """Return what a database's error says in its own words, in one line.

    Of PostgreSQL: the message, what it is about and the hint; its DETAIL may quote a row, unless it names dependent
    objects.
    """
    own = getattr(error, "dbapi_exception", error)
    diagnosis = getattr(own, "diag", None)
    if diagnosis is not None and diagnosis.message_primary:
        return _one_line(*_of_postgres(diagnosis))
    text = without_quoted_values(str(own))
    return _one_line(without_quotes(text) if may_quote_rows(error) else text)


def may_quote_rows(error: BaseException) -> bool:
    """Return True of an error of which nobody knows how its database quotes: neither DuckDB, PostgreSQL nor names."""
    own = getattr(error, "dbapi_exception", None)
    if own is None or getattr(getattr(own, "diag", None), "message_primary", None):
        return False
    return not _ABOUT_NAMES.search(_QUOTED.sub("", without_quoted_values(str(own))))


def without_quotes(text: str) -> str:
    """Return a database error's text without anything in quotation marks."""
    return _QUOTED.sub("…", text)


def without_quoted_values(text: str) -> str:
    """Return a database error's text without row values, in the places where databases are known to quote them."""
    for pattern, replacement in _QUOTED_VALUES:
        text = pattern.sub(replacement, text)
    return text


def _of_postgres(diagnosis: object) -> list[str]:
    said = {name: str(getattr(diagnosis, name, None) or "") for name in ("message_primary", "message_hint")}
    primary = without_quoted_values(said["message_primary"])
    state = str(getattr(diagnosis, "sqlstate", ""))
    if state[:2] in (_DATA, _RAISED):
        primary = _QUOTED.sub("…", primary)
    names = [str(getattr(diagnosis, name, None) or "") for name in ("schema_name", "table_name", "constraint_name")]
    table = ".".join(name for name in names[:2] if name)
    about = [f"(table {table})"] if table and table not in primary else []
    detail = str(getattr(diagnosis, "message_detail", None) or "")
    # Classes 2B and 0A say what depends on something, 55 what a table is not ready for: names, not rows.
    is_about_names = state in {"2BP01", "0A000", "42501", "55000"}
    return [primary, *about, *([detail] if is_about_names else []), said["message_hint"] if is_about_names else ""]


def _one_line(*parts: str) -> str:
    return " ".join(" ".join(parts).split())

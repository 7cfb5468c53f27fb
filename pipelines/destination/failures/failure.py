"""Why a destination failed, in one line that says what to do next."""

import errno
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
from dlt.common.configuration.exceptions import (
    ConfigFieldMissingException,
    ConfigurationException,
    ConfigValueCannotBeCoercedException,
)
from dlt.common.configuration.providers.toml import TomlProviderReadException
from dlt.common.destination.exceptions import DestinationException, SqlClientNotAvailable
from dlt.common.exceptions import MissingDependencyException
from dlt.destinations.exceptions import DatabaseException, DatabaseUndefinedRelation
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.destination.failures.quoted_values import LONGEST_REASON
from pipelines.destination.failures.rules import CONSTRAINT_CLASS, RULES, Rule
from pipelines.destination.failures.settings_failure import broken_file, missing_settings
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom.configuration.setting_kinds import kind
from sources.intercom.secrecy.safe_text import safe_line
from transforms.runner.database_error import complaint, may_quote_rows, without_quoted_values, without_quotes
from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.postgres.lock_waiting import Blocked

DESTINATION_ERRORS = (
    *(PipelineStepFailed, DestinationException, DatabaseException, duckdb.Error, OSError),
    *(ConfigurationException, MissingDependencyException),
    *(InTheWay, Blocked),
)
# What dlt asks for, and the extra of this project that brings it; for other destinations there is none.
EXTRAS = {f"dlt[{name}]": name for name in ("postgres", "snowflake", "bigquery")} | {"dlt[ducklake]": "lake"}
RUN = Path(__file__).parents[3] / "run"  # in a checkout; what was installed in another way has none
Explained = tuple[ExitCode, str] | None
_OF_PLACES = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG),
    *(errno.ELOOP, errno.EEXIST, errno.EINVAL),
}
INSUFFICIENT_PRIVILEGE = "42501"  # as PostgreSQL's "Error Codes" has it
OF_STATEMENTS = "42"  # an unknown name, another type, a syntax error
OF_VALUES = ("22", CONSTRAINT_CLASS, "P0")
_OF_ROWS = re.compile(r"\s*(DETAIL|CONTEXT|LINE \d+|QUERY|STATEMENT):")


def is_of_path(error: OSError) -> bool:
    """Return True if a failure is of the path itself (missing, forbidden, read-only): only another path helps."""
    return error.errno in _OF_PLACES


def explained(error: BaseException) -> tuple[ExitCode, str]:
    """Return the exit code of a destination's failure, and in one line the cause and what to do about it."""
    if isinstance(error, (InTheWay, Blocked)):  # our message says more than the database's own
        return ExitCode.FAILED, safe_line(str(error).rstrip("."))
    own_words = _own_words(error)
    for cause in _behind(error):
        found = _by_its_kind(cause) or _by_its_words(cause, RULES, own_words) or _nowhere(cause)
        if found:
            code, text = found
            return code, safe_line(text)
    return ExitCode.FAILED, safe_line(_reason(error))


def unavailable(error: BaseException) -> Explained:
    """Explain a failure that is not the statement's fault, such as a lost connection; None for any other."""
    of_server = [rule for rule in RULES if rule.is_of_server]
    own_words = _own_words(error)
    found = (_by_its_words(cause, of_server, own_words) for cause in _behind(error))
    return next(((one[0], safe_line(one[1])) for one in found if one), None)


def forbidden(error: BaseException) -> str | None:
    """Return what PostgreSQL says that the role may not do; None for any other failure."""
    cause = next((cause for cause in _behind(error) if _state(cause) == INSUFFICIENT_PRIVILEGE), None)
    return None if cause is None else _cut(complaint(getattr(cause, "dbapi_exception", cause)))


def misfits(error: BaseException) -> bool:
    """Return True for the failure of a statement that names what does not exist, or takes it for another type.

    Of warehouses other than DuckDB and PostgreSQL only those are known that name no table.
    """
    kinds = (duckdb.CatalogException, duckdb.BinderException, DatabaseUndefinedRelation)
    return any(isinstance(cause, kinds) or _state(cause).startswith(OF_STATEMENTS) for cause in _behind(error))


def _by_its_words(error: BaseException, rules: Iterable[Rule], own_words: Callable[[str], str]) -> Explained:
    message, state = own_words(str(error)), _state(error)
    for rule in rules:
        if (groups := rule.found_in(message, state)) is not None:
            return rule.code, rule.said.format(reason=_reason(error), **groups)
    return None


def _by_its_kind(error: BaseException) -> Explained:
    if isinstance(error, Stop):
        return error.code, str(error).rstrip(".")
    if isinstance(error, MissingDependencyException):
        return ExitCode.WRONG_USE, _without_driver(error)
    return _misconfigured(error)


def _misconfigured(error: BaseException) -> Explained:
    if isinstance(error, ConfigFieldMissingException):
        return (
            ExitCode.WRONG_USE,
            f"Settings of the destination are missing: {missing_settings(str(error), error.fields)}",
        )
    if isinstance(error, TomlProviderReadException):
        return ExitCode.WRONG_USE, f"{broken_file(str(error)) or _whole(error)}"
    if isinstance(error, SqlClientNotAvailable):
        return ExitCode.WRONG_USE, f"{_whole(error)}. Choose a destination that can be asked in SQL"
    if isinstance(error, ConfigValueCannotBeCoercedException):
        return ExitCode.WRONG_USE, f"{error.field_name} of the destination must be {kind(error.hint)}"
    if isinstance(error, ConfigurationException):
        return ExitCode.WRONG_USE, f"The configuration of the destination cannot be used: {_whole(error)}"
    return None


def _without_driver(error: MissingDependencyException) -> str:
    needed = ", ".join(error.dependencies)
    if RUN.exists() and (extra := EXTRAS.get(needed)):
        how = f"Run it with: ./run --extra {extra} intercom-elt …"
    else:
        quoted = " ".join(shlex.quote(name) for name in error.dependencies)
        how = f"Install it, with: uv pip install --python {shlex.quote(sys.prefix)} {quoted}"
    return f"The driver of this destination is not installed ({needed}). {how}"


def _nowhere(error: BaseException) -> Explained:
    """Explain a failure at a path that the user has chosen."""
    if not isinstance(error, OSError) or not is_of_path(error):
        return None
    what = f"{error.strerror}: {error.filename}" if error.filename else f"{error.strerror} (the folder of the run?)"
    if error.filename and isinstance(error, PermissionError):
        return ExitCode.WRONG_USE, f"{what}. Let this user use it, or choose another path"
    return ExitCode.WRONG_USE, f"{what}. Choose a path that exists and that this user may use"


def _state(error: BaseException) -> str:
    """Return PostgreSQL's code of a failure; those of connecting have none: empty."""
    return str(getattr(getattr(error, "dbapi_exception", error), "pgcode", None) or "")


def _own_words(error: BaseException) -> Callable[[str], str]:
    """Return what leaves a database's own words of a text about this failure: support talks of such failures in rows.

    Where PostgreSQL's code says that a value was at fault, the message and its details quote it.
    """
    if any(_state(cause).startswith(OF_VALUES) for cause in _behind(error)):
        return lambda _: ""
    is_quoted_anyhow = any(map(may_quote_rows, _behind(error)))
    return lambda text: (without_quotes if is_quoted_anyhow else str)(without_quoted_values(text))


def _behind(error: BaseException) -> Iterator[BaseException]:
    """Yield a failure and its causes, the innermost first: a failed clean-up hides the real reason."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.insert(0, following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    yield from found


def _reason(error: BaseException) -> str:
    """Return what the failing database itself said, or else what the innermost error says."""
    for cause in _behind(error):
        own = getattr(cause, "dbapi_exception", cause)
        if own is not cause or hasattr(own, "pgcode") or isinstance(own, duckdb.Error):
            said = complaint(cause)
            return f"{type(own).__name__}: {_cut(said)}" if said else type(own).__name__
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return f"{type(error).__name__}: {_whole(error)}"


def _whole(error: BaseException) -> str:
    """Return all lines of a destination's failure in one, but for those that may quote rows."""
    lines = [line for line in str(error).strip().splitlines() if not _OF_ROWS.match(line)]
    said = " ".join(" ".join(lines).split())
    # dlt puts its own context before the database's message.
    return _cut(said.rpartition(" with message: ")[2] or "no details")


def _cut(text: str) -> str:
    return text.rstrip(".: ") if len(text) <= LONGEST_REASON else text[:LONGEST_REASON].rpartition(" ")[0] + " …"

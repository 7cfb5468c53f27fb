"""Why a destination failed, in one line that says what to do next."""

import errno
import re
import shlex
import sys
from collections.abc import Iterator

import duckdb
from dlt.common.configuration.exceptions import (
    ConfigFieldMissingException,
    ConfigurationException,
    ConfigValueCannotBeCoercedException,
)
from dlt.common.configuration.providers.toml import TomlProviderReadException
from dlt.common.destination.exceptions import DestinationException, SqlClientNotAvailable
from dlt.common.exceptions import MissingDependencyException
from dlt.destinations.exceptions import DatabaseException
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.destination.failures.settings_failure import broken_file, missing_settings
from pipelines.stop import ExitCode, Stop
from sources.intercom.configuration.setting_kinds import kind
from sources.intercom.secrecy.safe_text import safe_line
from transforms.runner.database_error import complaint
from transforms.runner.warehouse.lock_waiting import Blocked, is_lock_timeout
from transforms.runner.warehouse.relations import InTheWay

DESTINATION_ERRORS = (
    *(PipelineStepFailed, DestinationException, DatabaseException, duckdb.Error, OSError),
    *(ConfigurationException, MissingDependencyException),
    *(InTheWay, Blocked),
)
# What dlt asks for, and the extra of this project that brings it; for other destinations there is none.
EXTRAS = {f"dlt[{name}]": name for name in ("postgres", "snowflake", "bigquery")} | {"dlt[ducklake]": "lake"}
LONGEST_REASON = 600  # characters
_LOCKED = re.compile(r'lock on file "(?P<file>[^"]+)": Conflicting lock is held in (?P<holder>[^.]*\S+ \(PID \d+\))')
# The ways in which databases quote values. Addresses hold passwords.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)=\([^()]*\)|\S+@\S+")
_FULL = ("no space left", "file too large", "disk full", "disk quota", "could not extend file", "out of disk")
_CROWDED = ("too many connections", "too many clients", "remaining connection slots are reserved")
_OF_TIME = {  # how PostgreSQL says it, and the setting that is meant
    "due to statement timeout": "statement_timeout",
    "due to transaction timeout": "transaction_timeout",
    "idle-in-transaction timeout": "idle_in_transaction_session_timeout",
}
TOO_MANY_CONNECTIONS, READ_ONLY = "53300", "25006"
CONNECTIONS = 25  # dlt's 20 workers, the lock, and who looks at the tables
_GONE = (
    *("connection refused", "server closed the connection", "connection already closed", "terminating connection"),
    *("could not connect", "connection to server", "timeout expired", "could not translate host name"),
    *("shutting down", "starting up", "ssl connection has been closed", "connection timed out"),
    "accepting connections",
)
_OF_PLACES = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG),
    *(errno.ELOOP, errno.EEXIST, errno.EINVAL),
}
_REFUSED = (
    *("password authentication failed", "no password supplied", "no pg_hba.conf entry"),
    *("is not permitted to log in", "incorrect username or password", "does not support ssl"),
    "permission denied for database",
    *("invalid dsn", "invalid connection option", "invalid port number", "invalid uri", "invalid percent-encoded"),
    *("unrecognized configuration parameter", "pragma function with name", "unknown timezone"),
    *("in read-only mode", "different configuration than existing connections", "does not exist on the server"),
)
_INVALID = re.compile(r"invalid \w+ value|invalid integer value|invalid value for parameter", re.IGNORECASE)
_EXTENSION = re.compile(r'(?:download|install|load) (?:the required )?extension [\'"](\w+)')
_NO_SUCH = re.compile(r'(role|database) "[^"]*" does not exist')
_OF_ROWS = re.compile(r"\s*(DETAIL|CONTEXT|LINE \d+|QUERY|STATEMENT):")


def is_of_path(error: OSError) -> bool:
    """Return True if a failure is of the path itself (missing, forbidden, read-only): only another path helps."""
    return error.errno in _OF_PLACES


def without_values(text: str) -> str:
    """Return a failure's text in one printable line, without quoted values of rows and addresses with passwords."""
    line = "".join(sign if sign.isprintable() else " " for sign in _QUOTED.sub("…", text)).strip()
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def destination_failure(error: BaseException) -> str:
    """Return why the destination failed, in one line, without rows that it may quote, and what to do about it."""
    return explained(error)[1]


def explained(error: BaseException) -> tuple[ExitCode, str]:
    """Return the exit code of a destination's failure, and in one line the cause and what to do about it."""
    if isinstance(error, (InTheWay, Blocked)):  # our message says more than the database's own
        return ExitCode.FAILED, safe_line(str(error).rstrip("."))
    for cause in _behind(error):
        for rule in RULES:
            if found := rule(cause):
                code, text = found
                return code, safe_line(text)
    return ExitCode.FAILED, safe_line(_reason(error))


Explained = tuple[ExitCode, str] | None


def _stopped(error: BaseException) -> Explained:
    return (error.code, str(error).rstrip(".")) if isinstance(error, Stop) else None


def _misconfigured(error: BaseException) -> Explained:
    if isinstance(error, ConfigFieldMissingException):
        return (
            ExitCode.WRONG_USE,
            f"Settings of the destination are missing: {missing_settings(str(error), error.fields)}",
        )
    if isinstance(error, TomlProviderReadException):
        return ExitCode.WRONG_USE, f"{broken_file(str(error)) or _whole(error)}. Correct the file"
    if isinstance(error, SqlClientNotAvailable):
        return ExitCode.WRONG_USE, f"{_whole(error)}. Choose a destination that can be asked in SQL"
    if isinstance(error, ConfigValueCannotBeCoercedException):
        return ExitCode.WRONG_USE, f"{error.field_name} of the destination must be {kind(error.hint)}. Correct it"
    if isinstance(error, ConfigurationException):
        return ExitCode.WRONG_USE, f"The configuration of the destination cannot be used: {_whole(error)}. Correct it"
    return None


def _without_extension(error: BaseException) -> Explained:
    found = _EXTENSION.search(str(error)) if isinstance(error, duckdb.Error) else None
    if not found:
        return None
    how = "Let this machine reach extensions.duckdb.org once, or bring ~/.duckdb/extensions from one that did"
    return ExitCode.WRONG_USE, f"DuckDB needs its extension {found[1]}, which is not here and could not be had. {how}"


def _without_driver(error: BaseException) -> Explained:
    if not isinstance(error, MissingDependencyException):
        return None
    needed = ", ".join(error.dependencies)
    if extra := EXTRAS.get(needed):
        how = f"Run it with: ./run --extra {extra} intercom-elt …"
    else:
        quoted = " ".join(shlex.quote(name) for name in error.dependencies)
        how = f"Install it, with: uv pip install --python {shlex.quote(sys.prefix)} {quoted}"
    return ExitCode.WRONG_USE, f"The driver of this destination is not installed ({needed}). {how}"


def _in_use(error: BaseException) -> Explained:
    found = _LOCKED.search(str(error))
    return (ExitCode.FAILED, f"{found['file']} is in use by {found['holder']}. Close it there") if found else None


def _refused(error: BaseException) -> Explained:
    text = str(error)
    if any(words in text.lower() for words in _REFUSED) or _NO_SUCH.search(text) or _INVALID.search(text):
        where = "Check the settings of the destination in .dlt/secrets.toml or the environment"
        return ExitCode.WRONG_USE, f"{_reason(error)}. {where}"
    return None


def _nowhere(error: BaseException) -> Explained:
    """Explain a failure at a path that the user has chosen."""
    if not isinstance(error, OSError) or not is_of_path(error):
        return None
    what = f"{error.strerror}: {error.filename}" if error.filename else f"{error.strerror} (the folder of the run?)"
    return ExitCode.WRONG_USE, f"{what}. Choose a path that exists and that this user may use"


def _full(error: BaseException) -> Explained:
    if any(words in str(error).lower() for words in _FULL):
        return (
            ExitCode.FAILED,
            f"{_reason(error)}. Free space on the disk of the destination and of dlt's working folder",
        )
    return None


def _gone(error: BaseException) -> Explained:
    if any(words in str(error).lower() for words in _GONE):
        return ExitCode.FAILED, f"{_reason(error)}. Check that the destination is running and can be reached from here"
    return None


def _crowded(error: BaseException) -> Explained:
    if _code(error) != TOO_MANY_CONNECTIONS and not any(words in str(error).lower() for words in _CROWDED):
        return None
    advice = f"Close connections that nobody needs, or let the role have more of them; a run has up to {CONNECTIONS}"
    return ExitCode.FAILED, f"{_reason(error)}. {advice}"


def _cut_off(error: BaseException) -> Explained:
    said = str(error).lower()
    limit = next((limit for words, limit in _OF_TIME.items() if words in said), None)
    if limit is None:
        return None
    advice = "A large load or build takes longer: let the role have more time, such as ALTER ROLE … SET"
    return ExitCode.FAILED, f"{_reason(error)}. {advice} {limit} = 0"


def _read_only(error: BaseException) -> Explained:
    if _code(error) != READ_ONLY:
        return None
    return ExitCode.WRONG_USE, f"{_reason(error)}. intercom-elt doctor says who has to change what"


def _blocked(error: BaseException) -> Explained:
    if not is_lock_timeout(error):
        return None
    who = "SELECT pid, usename, application_name, state FROM pg_stat_activity WHERE state LIKE 'idle in%'"
    return ExitCode.FAILED, f"Somebody else holds a lock on a raw table ({_reason(error)}). Find and end it ({who})"


def _in_the_way(error: BaseException) -> Explained:
    code = _code(error)
    if code == "42501":
        return ExitCode.WRONG_USE, f"{_reason(error)}. intercom-elt doctor says what an administrator has to grant"
    is_constraint = code.startswith("23") or isinstance(error, duckdb.ConstraintException)
    if is_constraint or code == "P0001":  # a trigger's own error
        advice = "This constraint or trigger was added to the table by somebody else and rejects its rows: drop it"
        return ExitCode.FAILED, f"{_reason(error)}. {advice}"
    return None


RULES = (
    *(_stopped, _without_driver, _without_extension, _misconfigured, _in_use, _refused, _full, _crowded, _blocked),
    *(_cut_off, _read_only, _in_the_way, _gone, _nowhere),
)


def unavailable(error: BaseException) -> Explained:
    """Explain a failure that is not the statement's fault, such as a lost connection; None for any other."""
    found = (rule(cause) for cause in _behind(error) for rule in (_full, _crowded, _blocked, _cut_off, _gone))
    return next(((one[0], safe_line(one[1])) for one in found if one), None)


def _code(error: BaseException) -> str:
    """Return PostgreSQL's code of a failure; those of connecting have none: empty."""
    return str(getattr(getattr(error, "dbapi_exception", error), "pgcode", None) or "")


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
        if hasattr(own, "pgcode") or isinstance(own, duckdb.Error):
            said = complaint(own)
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

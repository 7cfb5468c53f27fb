"""The errors that are known by their words or by PostgreSQL's code: what each is called, and what helps."""

import re
from dataclasses import dataclass

from pipelines.exit_code import ExitCode
from transforms.runner.warehouse.postgres.lock_waiting import LOCK_NOT_AVAILABLE

TOO_MANY_CONNECTIONS, READ_ONLY = "53300", "25006"
NOT_ALLOWED, CONSTRAINT_CLASS, RAISED_BY_TRIGGER = "42501", "23", "P0001"
CONNECTIONS = 25  # dlt's 20 workers, the lock, and who looks at the tables
SETTINGS = "Check the settings of the destination in .dlt/secrets.toml or the environment"
HOLDERS = "SELECT pid, usename, application_name, state, xact_start FROM pg_stat_activity WHERE xact_start IS NOT NULL"
EXTENSIONS = "Let this machine reach extensions.duckdb.org once, or bring ~/.duckdb/extensions from one that did"
TIME = "A large load or build takes longer: let the role have more time, such as ALTER ROLE … SET"


@dataclass(frozen=True)
class Rule:
    """A rule for errors with any of these words (patterns; no case), or with a code that begins as one of `states`.

    `said` is what a person reads: `{reason}` is the database's message, other names are groups of the words. Nothing in
    it is quoted, because a chat shows nothing that stands between quotation marks. An error that `is_of_server` can end
    any statement, and none is at fault.
    """

    code: ExitCode
    said: str
    words: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    is_of_server: bool = False

    def found_in(self, message: str, state: str) -> dict[str, str] | None:
        """Return the groups of the words if the rule is one for this error, else None."""
        if self.words and (found := re.search("|".join(self.words), message, re.IGNORECASE)):
            return found.groupdict()
        return {} if state.startswith(self.states) else None


RULES = (  # the first that fits
    Rule(
        ExitCode.WRONG_USE,
        f"DuckDB needs its extension {{extension}}, which is not here and could not be had. {EXTENSIONS}",
        (r'(?:download|install|load) (?:the required )?extension [\'"](?P<extension>\w+)',),
    ),
    Rule(
        ExitCode.FAILED,
        "{file} is in use by {holder}. Close it there",
        (r'lock on file "(?P<file>[^"]+)": Conflicting lock is held in (?P<holder>[^.]*\S+ \(PID \d+\))',),
    ),
    Rule(
        ExitCode.WRONG_USE,
        f"{{reason}}. {SETTINGS}",
        (
            *("password authentication failed", "no password supplied", "no pg_hba.conf entry"),
            *("is not permitted to log in", "incorrect username or password", "does not support ssl"),
            *("permission denied for database", '(?:role|database) "[^"]*" does not exist'),
            *("invalid dsn", "invalid connection option", "invalid port number", "invalid uri"),
            *("invalid percent-encoded", r"invalid \w+ value", "invalid value for parameter"),
            *("unrecognized configuration parameter", "pragma function with name", "unknown timezone"),
            *(
                "cannot execute statement of type",
                "different configuration than existing connections",
                "does not exist on the server",
            ),
        ),
    ),
    Rule(
        ExitCode.WRONG_USE,
        "{reason}. This is the answer of a pooler, which passes no settings on: let the credentials lead to PostgreSQL "
        "itself",
        ("unsupported startup parameter",),
    ),
    Rule(
        ExitCode.FAILED,
        "{reason}. Free space on the disk of the destination and of dlt's working folder",
        ("no space left", "file too large", "disk full", "disk quota", "could not extend file", "out of disk"),
        is_of_server=True,
    ),
    Rule(
        ExitCode.FAILED,
        "{reason}. Close connections that nobody needs, or let the role have more of them; "
        f"a run has up to {CONNECTIONS}",
        ("too many connections", "too many clients", "remaining connection slots are reserved"),
        (TOO_MANY_CONNECTIONS,),
        is_of_server=True,
    ),
    Rule(
        ExitCode.FAILED,
        f"Somebody else holds a lock on a raw table ({{reason}}). Find and end it ({HOLDERS})",
        states=(LOCK_NOT_AVAILABLE,),
        is_of_server=True,
    ),
    Rule(
        ExitCode.FAILED,
        f"{{reason}}. {TIME} {{what}}_timeout = 0",
        ("due to (?P<what>statement|transaction) timeout",),
        is_of_server=True,
    ),
    Rule(
        ExitCode.FAILED,
        f"{{reason}}. {TIME} idle_in_transaction_session_timeout = 0",
        ("idle-in-transaction timeout",),
        is_of_server=True,
    ),
    Rule(
        ExitCode.WRONG_USE,
        "{reason}. intercom-elt doctor says who has to change what",
        states=(READ_ONLY,),
    ),
    Rule(
        ExitCode.WRONG_USE,
        "{reason}. Somebody publishes the table: intercom-elt doctor says what its owner has to run",
        ("does not have a replica identity",),
    ),
    Rule(
        ExitCode.WRONG_USE,
        "{reason}. intercom-elt doctor says what an administrator has to grant",
        states=(NOT_ALLOWED,),
    ),
    Rule(
        ExitCode.FAILED,
        "{reason}. This constraint or trigger was added to the table by somebody else and rejects its rows: drop it",
        ("^Constraint Error:",),  # DuckDB's
        (CONSTRAINT_CLASS, RAISED_BY_TRIGGER),
    ),
    Rule(
        ExitCode.FAILED,
        "{reason}. Check that the destination is running and can be reached from here",
        (
            *("connection refused", "server closed the connection", "connection already closed"),
            *("terminating connection", "could not connect", "connection to server", "timeout expired"),
            *("could not translate host name", "shutting down", "starting up", "accepting connections"),
            *("ssl connection has been closed", "connection timed out"),
        ),
        is_of_server=True,
    ),
)

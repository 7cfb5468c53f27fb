"""The statements that `query` allows: one at a time, and only one that reads."""

import re
from collections.abc import Sequence
from functools import partial

import duckdb
import sqlglot
from duckdb import StatementType
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

_COMMENT = r"(\s|--[^\n]*\n|/\*((?!\*/).)*\*/)*"
# A SELECT may call them. Into files; into a lake or its catalog, which is not opened to read: any but those that read.
_WRITING_IN_DUCKDB = re.compile(
    r"\b(?P<function>enable_logging|enable_profiling|write_log)\b"
    r"|\b(?P<called>ducklake_(?!(current_snapshot|last_committed_snapshot|list_files|options|scan|settings|snapshots"
    r'|table_changes|table_deletions|table_info|table_insertions)\b)\w+|(postgres|mysql|bigquery)_execute)"?'
    rf"{_COMMENT}\(",
    re.IGNORECASE | re.DOTALL,
)
# What a transaction that only reads lets pass: into files, other servers and the server itself.
_WRITING_IN_POSTGRES = re.compile(
    r"\b(?P<called>lo_export|dblink\w*|pg_(file_\w+|stat_(force|reset)\w*|(copy|create|drop|sync)_\w+"
    r"|logical_(emit|slot_get)_\w+|replication_(origin|slot)_\w+|backup_\w+|notify|promote"
    rf'|reload_conf|rotate_logfile\w*|switch_wal|wal_replay_(pause|resume)))"?{_COMMENT}\(',
    re.IGNORECASE | re.DOTALL,
)
EXPLAIN = re.compile(rf"^{_COMMENT}explain(\s+analyze)?(\s*\([^)]*\))?\s", re.IGNORECASE | re.DOTALL)
_CREATE = re.compile(r"\bcreate\b", re.IGNORECASE)
WRITES = "query only reads; this statement does not."
ONE_AT_A_TIME = "query takes one statement at a time."
UNKNOWN = "query only reads, and cannot tell whether this statement does: it does not understand it."
QUERY_WORDS = {"select", "with", "values", "table"}
READING_WORDS = {*QUERY_WORDS, "explain", "show"}
READING = (exp.Query, exp.Values, exp.Describe, exp.Show)
# Inside a query: SELECT … INTO makes a table, WITH … may hold a DELETE, and what sqlglot does not know is a Command.
WRITING = (exp.Into, exp.DML, exp.DDL, exp.Command)


def check_one_question(sql: str, dialect: str) -> None:
    """Raise Stop unless the query is one statement; a second one could end the read-only transaction.

    In it PostgreSQL refuses to write tables, but not files, so COPY is refused here. Elsewhere the statement has to be
    one that is known to read.
    """
    if dialect == "postgres":
        _refuse_calls(_WRITING_IN_POSTGRES, sql)
    try:
        statements = _statements(sql, dialect)
    except SqlglotError as error:
        raise Stop(
            "The query cannot be taken apart into words: is a quote or a comment not closed?", ExitCode.WRONG_USE
        ) from error
    if not statements:
        raise Stop("There is no statement in the query.", ExitCode.WRONG_USE)
    if len(statements) > 1:
        raise Stop(ONE_AT_A_TIME, ExitCode.WRONG_USE)
    if not (
        _first_word(sql, dialect) in READING_WORDS if dialect == "postgres" else _reads_alone(statements[0], dialect)
    ):
        raise Stop(WRITES, ExitCode.WRONG_USE)


def check_reads_only(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise Stop for a statement that does more than read.

    DuckDB's read-only mode protects no other files, and MotherDuck and lakes have none.
    """
    statements = connection.extract_statements(sql)
    if not statements:
        raise Stop("There is no statement in the query.", ExitCode.WRONG_USE)
    _refuse_calls(_WRITING_IN_DUCKDB, sql)
    if not all(map(partial(_reads, connection), statements)):
        raise Stop(WRITES, ExitCode.WRONG_USE)
    if sum(not _is_of_a_pivot(statement) for statement in statements) > 1:
        raise Stop(ONE_AT_A_TIME, ExitCode.WRONG_USE)


def _refuse_calls(functions: re.Pattern[str], sql: str) -> None:
    if found := functions.search(sql):
        name = next(filter(None, found.groupdict().values()))
        raise Stop(f"query only reads, and {name} may write.", ExitCode.WRONG_USE)


def _reads(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> bool:
    if statement.type == StatementType.EXPLAIN:  # ANALYZE runs what it explains
        explained = EXPLAIN.sub("", statement.query, count=1)
        return explained != statement.query and all(
            map(partial(_reads, connection), connection.extract_statements(explained))
        )
    return statement.type == StatementType.SELECT or _is_of_a_pivot(statement)


def _is_of_a_pivot(statement: duckdb.Statement) -> bool:
    """Return True for a statement's type that DuckDB makes of a PIVOT: it takes that apart, and a SELECT follows."""
    return statement.type == StatementType.CREATE and not _CREATE.search(statement.query)


def _statements(sql: str, dialect: str) -> Sequence[object]:
    try:
        return [statement for statement in sqlglot.parse(sql, read=dialect) if statement is not None]
    except SqlglotError:
        return _split(sql, dialect)  # the database may understand what sqlglot does not


def _reads_alone(statement: object, dialect: str) -> bool:
    """Return True for a statement that only reads. EXPLAIN reads as what it explains does: ANALYZE runs that.

    Raises Stop for one that sqlglot cannot read, of which there are only words.
    """
    if isinstance(statement, list):
        raise Stop(UNKNOWN, ExitCode.WRONG_USE)
    if isinstance(statement, exp.Command):
        word, rest = statement.name.upper(), statement.text("expression").strip()
        if word == "EXPLAIN":
            explained = _statements(EXPLAIN.sub("", f"EXPLAIN {rest}", count=1), dialect)
            return bool(explained) and _reads_alone(explained[0], dialect)
        return word == "SHOW"
    return isinstance(statement, READING) and statement.find(*WRITING) is None


def gives_rows(sql: str) -> bool:
    """Return True for a query of PostgreSQL that one can have a cursor for; not for EXPLAIN and SHOW."""
    return _first_word(sql, "postgres") in QUERY_WORDS


def _first_word(sql: str, dialect: str) -> str:
    words = (token.text.lower() for token in sqlglot.tokenize(sql, read=dialect))
    return next((word for word in words if word not in {"(", ";"}), "")


def _split(sql: str, dialect: str) -> list[list[str]]:
    """Return the query's statements as lists of words."""
    found: list[list[str]] = [[]]
    for token in sqlglot.tokenize(sql, read=dialect):
        if token.token_type.name == "SEMICOLON":
            found.append([])
        else:
            found[-1].append(token.text)
    return [words for words in found if words]

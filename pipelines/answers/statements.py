"""What a person may ask: one statement, and one that reads."""

from collections.abc import Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pipelines.stop import ExitCode, Stop

READING = (exp.Query, exp.Describe, exp.Show)


def check_one_question(sql: str, dialect: str) -> None:
    """Raise Stop for what is not one statement; a second one could end the transaction that only reads.

    PostgreSQL itself refuses to write then; elsewhere the statement has to be one that reads.
    """
    statements: Sequence[object]
    try:
        statements = [statement for statement in sqlglot.parse(sql, read=dialect) if statement is not None]
    except SqlglotError:
        statements = _split(sql, dialect)  # what sqlglot does not understand, the database may
    if not statements:
        raise Stop("There is no statement in the query.", ExitCode.WRONG_USE)
    if len(statements) > 1:
        raise Stop("query takes one statement at a time.", ExitCode.WRONG_USE)
    if dialect != "postgres" and not isinstance(statements[0], READING):
        raise Stop("query only reads; this statement does not.", ExitCode.WRONG_USE)


def _split(sql: str, dialect: str) -> list[list[str]]:
    """Return the statements as lists of words."""
    found: list[list[str]] = [[]]
    for token in sqlglot.tokenize(sql, read=dialect):
        if token.token_type.name == "SEMICOLON":
            found.append([])
        else:
            found[-1].append(token.text)
    return [words for words in found if words]

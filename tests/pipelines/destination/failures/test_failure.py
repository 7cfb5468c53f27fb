"""Why a destination failed is told by its own words, and not by those of a row that it quotes."""

import duckdb
import psycopg2
import pytest
from dlt.destinations.exceptions import DatabaseTerminalException

from pipelines.destination.failures.failure import explained, misfits, unavailable
from pipelines.exit_code import ExitCode

# What support is asked about, and databases say, too.
TEXTS = (
    "connection refused",
    "it says: timeout expired\nand then: no space left on device",
    "password authentication failed for user ann",
    "Why 'too many connections'?",
)


def raised(execute, sql, parameters):
    """Return the error of a statement as it comes out of dlt, in which its text stands once more."""
    with pytest.raises((duckdb.Error, psycopg2.Error)) as raised:
        execute(sql, parameters)
    error = DatabaseTerminalException(raised.value)
    error.__cause__ = raised.value
    return error


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_duckdb_cannot_cast_is_no_lost_connection(text):
    with duckdb.connect() as connection:
        error = raised(connection.execute, "SELECT CAST(? AS INT)", [text])
        connection.execute("CREATE TABLE t (name TEXT UNIQUE)")
        connection.execute("INSERT INTO t VALUES (?)", [text])
        taken = raised(connection.execute, "INSERT INTO t VALUES (?)", [text])
    assert unavailable(error) is None
    assert unavailable(taken) is None
    assert "drop it" in explained(taken)[1]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_postgresql_cannot_cast_or_take_is_no_lost_connection(postgres, text):
    connection = psycopg2.connect(postgres)
    connection.autocommit = True
    with connection.cursor() as cursor:
        error = raised(cursor.execute, "SELECT CAST(%s AS INT)", [text])
        cursor.execute("CREATE TABLE t (name TEXT UNIQUE, CHECK (name = ''))")
        rejected = raised(cursor.execute, "INSERT INTO t VALUES (%s)", [text])
    connection.close()
    assert unavailable(error) is None
    assert explained(error)[0] is ExitCode.FAILED
    assert explained(rejected)[1].endswith("was added to the table by somebody else and rejects its rows: drop it")


def test_a_file_that_is_opened_for_reading_alone_is_named_as_such(tmp_path):
    file = str(tmp_path / "read.duckdb")
    duckdb.connect(file).close()
    with duckdb.connect(file, read_only=True) as connection:
        error = raised(connection.execute, "CREATE TABLE t (n INT)", None)
    code, said = explained(error)
    assert code is ExitCode.WRONG_USE
    assert "Check the settings of the destination" in said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("100038 (22018): Numeric value 'Ada Lovelace' is not recognized", "Numeric value … is not recognized"),
        ("Code: 6. Cannot parse string 'Ada Lovelace' as UInt8", "Cannot parse string … as UInt8"),
    ],
)
def test_what_other_databases_quote_of_a_row_is_not_shown(said, shown):
    """As their drivers raise it and dlt wraps it: only DuckDB and PostgreSQL can be asked here."""
    _, text = explained(DatabaseTerminalException(ValueError(said)))
    assert shown in text
    assert "Ada" not in text


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("said", ["100038 (22018): Numeric value '{}' is not recognized", 'Bad input "{}" (code 7)'])
def test_a_text_that_another_database_quotes_is_no_lost_connection(said, text):
    error = RuntimeError(said.format(text))
    error.__cause__ = DatabaseTerminalException(ValueError(said.format(text)))
    assert unavailable(error) is None
    assert explained(error)[0] is ExitCode.FAILED


@pytest.mark.parametrize(
    ("sql", "is_misfit"),
    [
        ("SELECT 1 FROM nowhere", True),
        ("SELECT nothing FROM (SELECT 1 AS n) AS t", True),
        ("SELECT ARRAY[1] > DATE '2024-01-01'", True),
        ("SELECT 1 / (SELECT 0)", False),
        ("DO $$ BEGIN RAISE EXCEPTION 'out of memory' USING ERRCODE = '53200'; END $$", False),
        (
            "DO $$ BEGIN RAISE 'canceling statement due to recovery' USING ERRCODE = '40001'; END $$",
            False,
        ),
    ],
)
def test_only_what_a_statement_names_and_is_not_there_makes_it_a_misfit(postgres, sql, is_misfit):
    with psycopg2.connect(postgres) as connection, connection.cursor() as cursor:
        assert misfits(raised(cursor.execute, sql, None)) is is_misfit
    if "DO" not in sql:
        with duckdb.connect() as connection:
            sql = sql.replace("1 / (SELECT 0)", "error('Out of Memory Error')")
            assert misfits(raised(connection.execute, sql, None)) is is_misfit

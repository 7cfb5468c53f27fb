"""An error says what is wrong and where, and nothing of the row that it was found in."""

from contextlib import closing

import duckdb
import psycopg2
import pytest

from transforms.runner.database_error import complaint, without_quoted_values

NAME = "Ada 'the' \"O'Neil\" Lovelace\n1815-12-10 of 555123"
FAILING = {  # SQL on a text `x` -> what is still said
    "cast(x as date)": "invalid date field format",
    "cast(x as time)": "time field value out of range",
    "cast(x as timestamptz)": "invalid timestamp field format",
    "cast(x as decimal(3, 1))": "Could not convert string … to DECIMAL(3,1)",
    "cast(x as int)": "when casting from source column x",
    "cast(x as uuid)": "Could not convert string … to INT128",
    "cast(x as int[])": "Type VARCHAR with value …",
    "cast(x as json)": "Malformed JSON",
    "json_extract(x, '$.a')": "Malformed JSON",
    "strptime(x, '%Y-%m-%d')": "Could not parse string",
    "timestamp '2020-01-01' at time zone x": "Unknown TimeZone",
    "cast(n as int)": "out of range for the destination type INT32",
    "n * n": "Overflow in multiplication of INT64",
    "regexp_matches('a', '(' || x)": "missing ): …",
    "regexp_matches('a', '[' || x)": "",
    "make_date(n, n, n)": "",
}
FAILING_ON_POSTGRES = {
    "cast(x as date)": "invalid input syntax for type date",
    "to_date(x, 'YYYY-MM-DD')": "invalid value",
    "cast(x as int[])": "",
    "cast(x as json)": "invalid input syntax for type json",
    "now() at time zone x": "time zone … not recognized",
    "cast(n as int)": "out of range",
    "cast(n::text as int)": "value … is out of range for type integer",
    "cast('1815-13-10' || left(x, 0) as date)": "date/time field value out of range",
}


class Wrapped(Exception):
    """Carries a database's own error, as dlt's does."""

    def __init__(self, own):
        super().__init__(str(own))
        self.dbapi_exception = own


def assert_silent(said, expected):
    assert expected in said
    quoted = ("Ada", "Neil", "Lovelace", "1815", "555123", "5551234567890")
    assert not any(value in said for value in quoted), said


@pytest.mark.parametrize("sql", FAILING)
def test_duckdb_quotes_no_row(sql):
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT ?::varchar AS x, 5551234567890::bigint AS n", [NAME])
        with pytest.raises(duckdb.Error) as failed:
            connection.execute(f"CREATE TABLE made AS SELECT {sql} FROM t")
    assert_silent(complaint(Wrapped(failed.value)), FAILING[sql])
    assert_silent(
        without_quoted_values(f'Traceback\n  File "x.py"\nduckdb.Error: {failed.value}\n\nDuring'), "Traceback"
    )


def test_postgres_quotes_no_row(postgres):
    with closing(psycopg2.connect(postgres)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE TABLE t AS SELECT %s::text AS x, 5551234567890::bigint AS n", [NAME])
        for sql, expected in FAILING_ON_POSTGRES.items():
            with pytest.raises(psycopg2.Error) as failed:
                cursor.execute(f"SELECT {sql} FROM t")
            assert_silent(complaint(Wrapped(failed.value)), expected)


@pytest.mark.parametrize("sql", ["SELECT emial FROM t", "SELECT 1 FROM nowhere", "SELEC x FROM t"])
def test_names_in_a_statement_are_said(sql):
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT 'Ada' AS email")
        with pytest.raises(duckdb.Error) as failed:
            connection.execute(sql)
    said = complaint(Wrapped(failed.value))
    assert said == " ".join(str(failed.value).split())


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("Numeric value 'Ada' is not recognized", "Numeric value … is not recognized"),
        ("400 Bad int64 value: Ada Lovelace", "400 Bad int64 value: …"),
        ("SQL compilation error: Object 'CRM.PEOPLE' does not exist", None),
        ("[CAST_INVALID_INPUT] The value 'Ada not found' of the type", "[CAST_INVALID_INPUT] The value … of the type"),
    ],
)
def test_other_warehouses_say_names_alone(own, said):
    assert complaint(Wrapped(ValueError(own))) == (said or own)

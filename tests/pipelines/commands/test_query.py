"""`query` as people and programs use it: rows shown so that they can be read, written so that nothing is lost."""

import csv
import datetime
import io
import json
import os
import pty
import signal
import subprocess
import sys
from decimal import Decimal

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.query.formats import write_rows

WIDE = "SELECT " + ", ".join(f"'value {number}' AS a_long_name_{number}" for number in range(82))


def test_a_database_called_like_its_dataset_is_asked_by_dataset_and_table(invoke, tmp_path):
    with duckdb.connect(str(tmp_path / "Intercom.duckdb")) as connection:
        connection.execute("CREATE SCHEMA Intercom.intercom")
        connection.execute("CREATE TABLE Intercom.intercom.fct_csat AS SELECT 5 AS rating")
    with_all = (
        'WITH a AS (FROM intercom.fct_csat) SELECT intercom.fct_csat.rating FROM "intercom".fct_csat, a '
        "WHERE 'ä' <> 'intercom.fct_csat'"
    )
    for sql in (with_all, "FROM intercom.fct_csat", "FROM Intercom.intercom.fct_csat", "FROM fct_csat"):
        code, output, errors = invoke("query", sql, "--database", "Intercom.duckdb", "--format", "csv")
        assert (code, output) == (0, "rating\n5\n"), errors
    code, _, errors = invoke("query", "EXPLAIN ANALYZE FROM intercom.fct_csat", "--database", "Intercom.duckdb")
    assert code == 0, errors


ODD_VALUES = """
SELECT 'infinity'::timestamp AS t, '-infinity'::date AS d, timestamptz 'infinity' AS z, '\\x00'::blob AS b,
    interval '1 day' AS i, timestamp_ns '2026-01-01 00:00:00.123456789' AS ns, ['a', NULL] AS texts,
    {'at': [date 'infinity'], 'n "1"': 1} AS s, map {'k': interval '1 day'} AS m, timestamp '2026-01-01' AS at,
    NULL::date AS t; -- all
"""


def test_values_are_written_as_the_database_says_them(invoke, database):
    said = ["infinity", "-infinity", "infinity", "\\x00", "1 day", "2026-01-01 00:00:00.123456789"]
    nested = ["[a, NULL]", "{'at': [infinity], 'n \"1\"': 1}", "{k=1 day}", "2026-01-01 00:00:00", ""]
    names = ["t", "d", "z", "b", "i", "ns", "texts", "s", "m", "at"]
    _, output, _ = invoke("query", ODD_VALUES, "--format", "csv")
    assert [*csv.reader(io.StringIO(output))] == [[*names, "t"], [*said, *nested]]
    _, output, _ = invoke("query", ODD_VALUES, "--format", "vertical")
    assert all(value in output for value in [*said, *nested])
    _, output, _ = invoke("query", ODD_VALUES, "--format", "json")
    of_json = [["a", None], {"at": ["infinity"], 'n "1"': 1}, {"k": "1 day"}, "2026-01-01T00:00:00"]
    assert json.loads(output) == dict(zip(names, [*said, *of_json], strict=True)) | {"t_1": None}


@pytest.mark.parametrize(
    "sql",
    [
        "-- one\nSELECT 1 AS n",
        "--one\n-- a second; of it\nSELECT 1 AS n",
        "--\nSELECT 1 AS n",
        "/* one */ SELECT 1 AS n -- line",
    ],
)
def test_sql_may_begin_with_a_comment_as_files_do(invoke, database, sql):
    for arguments in ((sql, "--format", "csv"), ("--format", "csv", sql), ("--format", "csv", "--", sql)):
        assert invoke("query", *arguments) == (0, "n\n1\n", "")
    code, output, errors = invoke("query", sql.replace("SELECT", "EXPLAIN SELECT"))
    assert (code, bool(output)) == (0, True), errors


def test_rows_too_wide_for_the_terminal_are_shown_upright(invoke, database):
    code, output, _ = invoke("query", WIDE)
    assert code == 0
    assert ["a_long_name_81", "value", "81"] in [line.split() for line in output.splitlines()]


def test_a_long_text_is_cut_in_a_table_and_nowhere_else(invoke, database):
    sql = "SELECT 7 AS n, repeat('abc', 200) AS body"
    table, upright = (invoke("query", sql, "--format", name)[1] for name in ("table", "vertical"))
    assert "…" in table
    assert max(map(len, table.splitlines())) <= 120
    assert "abc" * 200 in "".join(upright.split())


def test_markdown_keeps_its_columns_whatever_a_text_holds(invoke, database):
    _, output, _ = invoke("query", r"SELECT 'a|b' || chr(10) || 'c\' AS x, NULL AS y", "--format", "markdown")
    assert output == "| x | y |\n| --- | --- |\n| a\\|b<br>c\\\\ |  |\n"


@pytest.mark.parametrize("file", ["rows.parquet", "rows.csv", "rows.json"])
def test_a_file_has_the_format_of_its_ending_and_the_values_of_the_query(invoke, database, tmp_path, file):
    sql = "SELECT 1 AS id, 'ä,\n\"x\"' AS id, DATE '2026-01-31' AS day"
    code, output, errors = invoke("query", sql, "--output", file)
    assert (code, output) == (0, ""), errors
    written = tmp_path / file
    if file.endswith("parquet"):
        rows = pq.read_table(written).to_pylist()
        assert (rows[0]["id"], rows[0]["id_1"], str(rows[0]["day"])) == (1, 'ä,\n"x"', "2026-01-31")
        code, _, errors = invoke("query", "SELECT INTERVAL '1 month'", "--output", file)
        assert (code, "Ask for it as text" in errors) == (64, True), errors
        assert pq.read_table(written).to_pylist() == rows, "the file of an earlier query stays"
    elif file.endswith("csv"):
        assert list(csv.reader(io.StringIO(written.read_text())))[1] == ["1", 'ä,\n"x"', "2026-01-31"]
    else:
        assert json.loads(written.read_text()) == {"id": 1, "id_1": 'ä,\n"x"', "day": "2026-01-31"}


@pytest.mark.parametrize("output", ["csv", "parquet"])
def test_what_standard_output_leads_to_is_written_on(invoke, database, tmp_path, output):
    """As by `>> rows.csv`."""
    (tmp_path / "rows").write_text("of an earlier query\n")
    with (tmp_path / "rows").open("ab") as opened:
        place = f"/dev/fd/{opened.fileno()}"
        code, _, errors = invoke("query", "SELECT 1 AS n", "--format", output, "--output", place)
    assert code == 0, errors
    assert (
        (tmp_path / "rows")
        .read_bytes()
        .startswith(b"of an earlier query\n" + (b"n\n1\n" if output == "csv" else b"PAR1"))
    )


def test_a_file_is_replaced_by_all_rows_or_by_none(invoke, database, tmp_path):
    (tmp_path / "rows.csv").write_text("of an earlier query")
    sql = "SELECT CASE WHEN range < 90000 THEN range ELSE error('no more') END FROM range(100000)"
    code, _, errors = invoke("query", sql, "--output", "rows.csv")
    assert (code, "no more" in errors) == (64, True), errors
    assert (tmp_path / "rows.csv").read_text() == "of an earlier query"
    assert [path.name for path in tmp_path.glob("rows*")] == ["rows.csv"]


def test_a_value_that_few_programs_hold_spoils_no_row_of_json():
    written, noon = io.StringIO(), datetime.time(12, tzinfo=datetime.UTC)
    write_rows(
        ["sum", "sum", "at", "of", "no"], [(2**70, 1.5, noon, [2**70], None), (1, 2, None, [], True)], "json", written
    )
    assert [json.loads(line) for line in written.getvalue().splitlines()] == [
        {"sum": 2**70, "sum_1": 1.5, "at": str(noon), "of": [2**70], "no": None},
        {"sum": 1, "sum_1": 2, "at": None, "of": [], "no": True},
    ]


def test_a_struct_without_names_is_a_text_in_json(invoke, database):
    _, output, errors = invoke("query", "SELECT row(1, DATE '2024-01-01') AS r", "--format", "json")
    assert json.loads(output) == {"r": "(1, 2024-01-01)"}, errors


JSON_VALUES = """
SELECT '{"a": [1, null],
    "n": 12345678901234567890.125}'::json AS j,
    ['"x"'::json, NULL] AS l, {'k': ['1'::json], 'd': date '2026-01-02'} AS s,
    map {'a': 'null'::json} AS m, NULL::json AS none, 'NaN'::json AS odd, '{"a": 1}' AS text, '1'::json AS j
"""


def test_json_is_json_as_on_postgres(invoke, database):
    code, output, errors = invoke("query", JSON_VALUES, "--format", "json")
    assert code == 0, errors
    assert output.count("\n") == 1, "one line a row"
    assert json.loads(output, parse_float=Decimal) == {
        "j": {"a": [1, None], "n": Decimal("12345678901234567890.125")},
        "l": ["x", None],
        "s": {"k": [1], "d": "2026-01-02"},
        "m": {"a": None},
        "none": None,
        "odd": "NaN",
        "text": '{"a": 1}',
        "j_1": 1,
    }
    _, output, _ = invoke(
        "query", "SELECT {'j': '{\"a\": 1}'::json, 'n': 1180591620717411303424::hugeint} AS s", "--format", "json"
    )
    assert json.loads(output) == {"s": {"j": {"a": 1}, "n": 2**70}}


def test_every_digit_beside_what_json_has_not(invoke, database):
    number, decimal = "1180591620717411303424::hugeint", "0.123456789012345678901::decimal(38, 21)"
    nested = f"{{'n': {number}, 'j': '{{\"x\": 0.12345678901234567890}}'::json, 'd': {decimal}}}"
    _, output, errors = invoke("query", f"SELECT {nested} AS s, 'inf'::double AS i", "--format", "json")
    found = json.loads(output, parse_float=Decimal)
    digits = {"j": {"x": Decimal("0.12345678901234567890")}, "d": Decimal("0.123456789012345678901")}
    assert found == {"s": {"n": 2**70, **digits}, "i": "Infinity"}, errors


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["SELECT 1", "--format", "parquet"], "--output FILE"),
        (["SELECT 1", "--output", "no/such/rows.csv"], "create it first"),
        (["SELECT 1", "--output", "rows.tsv"], "names no format"),
        (["SELECT 1", "--output", "rows.csv.gz"], "names no format"),
        (["SELECT 1", "--output", "rows"], "names no format"),
        ([], "no terminal"),
        (["SELECT 1", "--format", "xml"], "--help"),
    ],
)
def test_what_cannot_be_answered_is_said_before_anything_is_read(invoke, arguments, advice):
    code, output, errors = invoke("query", *arguments)
    assert (code, output) == (64, "")
    assert advice in errors


MANY = "SELECT i AS id, 'x' AS body FROM range(25000) AS r (i)"


@pytest.mark.parametrize(
    ("output", "lines"), [("table", 10_001), ("csv", 25_001), ("json", 25_000), ("markdown", 25_002)]
)
def test_only_what_people_look_through_is_bounded_and_that_is_said(invoke, database, output, lines):
    code, written, errors = invoke("query", MANY, "--format", output)
    assert (code, written.count("\n")) == (0, lines)
    assert errors.startswith("These are the first 10,000 rows.") == (output == "table")


def test_rows_shown_upright_are_bounded_too(invoke, database):
    code, written, errors = invoke("query", MANY, "--format", "vertical")
    assert (code, written.count("row ")) == (0, 1_000)
    assert "--output FILE.parquet" in errors


@pytest.mark.parametrize(
    ("arguments", "ends"),
    [
        (["query", MANY, "--format", "csv"], -signal.SIGPIPE),
        (["query", MANY, "--format", "json"], -signal.SIGPIPE),
        (["query", MANY], -signal.SIGPIPE),
        (["query", "--help"], -signal.SIGPIPE),
        (["doctor", "--permissions"], 0),
    ],
)
def test_a_reader_that_has_had_enough_is_no_failure(command, database, arguments, ends):
    process = command.start(*arguments)
    process.stdout.close()
    assert (process.wait(60), process.stderr.read()) == (ends, "")


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&-"])
def test_streams_that_are_closed_are_no_failure(command, database, closed):
    ended = _in_shell(command.folder, f"query 'SELECT 1' --format csv {closed}")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_an_input_that_is_closed_is_no_terminal(command, database):
    ended = _in_shell(command.folder, "query <&-")
    assert (ended.returncode, b"no terminal to ask for it" in ended.stderr) == (64, True)


def _in_shell(folder, arguments):
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}  # noqa: PTH109 - the checkout
    shell = ["/bin/sh", "-c", f"exec {sys.executable} -m pipelines {arguments}"]
    return subprocess.run(shell, cwd=folder, env=environment, capture_output=True, check=False)


def test_rows_for_programs_are_utf_8_whatever_the_terminal_speaks(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1"))
    write_rows(["x"], [("ü日本",)], "csv")
    sys.stdout.flush()
    assert written.getvalue().decode() == "x\nü日本\n"


@pytest.mark.parametrize(
    ("sql", "nearest"),
    [
        ("FROM conversatoins", "conversations"),
        ("SELECT * FROM contcts", "contacts"),
        ("SELECT emial FROM contacts", "email"),
        ("SELECT c.created FROM conversations c", "created_at"),
    ],
)
def test_a_name_that_is_not_there_is_answered_with_the_nearest(invoke, database, sql, nearest):
    code, _, errors = invoke("query", sql)
    assert code == 64
    assert f": {nearest}" in errors.splitlines()[-1]


def test_the_prompt_answers_explains_and_remembers(command, database, tmp_path):
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "DLT_DATA_DIR": str(tmp_path / "state"), "TERM": "dumb"}  # noqa: PTH109
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "query"],
        cwd=tmp_path,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, b"SELECT 6 * 7 AS\nanswer;\nFROM contactz;\nexit\n")
    said = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not read:
            break
        said += read
    os.close(ours)
    assert process.wait() == 0, said
    assert b"42" in said
    assert b"Nearest to table contactz: contacts" in said
    history = next((tmp_path / "state").rglob("query_history"))
    assert "FROM contactz;" in history.read_text()
    assert history.stat().st_mode & 0o777 == 0o600


def test_the_only_database_of_a_run_is_taken_and_named(invoke, database, tmp_path):
    database.rename(tmp_path / "intercom_demo.duckdb")
    duckdb.connect(str(tmp_path / "others.duckdb")).close()
    (tmp_path / "notes.duckdb").write_text("remember the milk")
    code, output, errors = invoke("query", "SELECT count(*) AS n FROM contacts", "--format", "csv")
    assert (code, output) == (0, "n\n0\n")
    assert errors == "Reading intercom_demo.duckdb, the only database here.\n"
    assert invoke("query", "SELECT 1", "--database", "intercom_data.duckdb")[0] == 64, "that one was named"


@pytest.mark.parametrize("name", ["query", "status"])
def test_of_several_databases_a_person_chooses(invoke, database, tmp_path, name):
    (tmp_path / "a.duckdb").write_bytes(database.read_bytes())
    database.rename(tmp_path / "b.duckdb")
    code, _, errors = invoke(name, *(["SELECT 1"] if name == "query" else []))
    assert code == 64
    assert "choose one with --database: a.duckdb, b.duckdb" in errors

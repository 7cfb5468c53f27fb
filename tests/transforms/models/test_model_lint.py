"""Constructs that transpile without an error and wrongly stay out of the models."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from transforms.models_page import catalogue
from transforms.runner.dialects.transpiling import transpiled
from transforms.runner.incremental.order import PERIOD_TABLES
from transforms.runner.model_graph.model import CHANGES, FIVETRAN, KINDS, PERIOD_KEYS, SEE, parse_model
from transforms.runner.model_graph.shipped_models import MODELS_FOLDER, read_models
from transforms.seeds.calendar import CALENDAR_COLUMNS

DIALECTS = ("bigquery", "clickhouse", "databricks", "postgres", "redshift", "snowflake", "spark")
FILES = sorted(path for path in MODELS_FOLDER.rglob("*.sql"))
FORBIDDEN = {
    "subtract epoch seconds": r"\bdate_?diff\b|\bepoch\s*\(|\bage\s*\(|\binterval\b",
    "write floor(a / b)": r"(?<!:)//",
    "write sum(case ...)": r"\bfilter\s*\(",
    "join calendar_days or local_slots": r"\bgenerate_series\b|\btime_bucket\b|\bdate_trunc\b|\bisodow\b|\brange\s*\(",
    "time zones belong in the calendar": r"\bat\s+time\s+zone\b",
    "write percentile_cont(p) within group": r"\bquantile(_cont|_disc)?\b",
    "write case and coalesce": r"\bgreatest\b|\bleast\b|\bconcat_ws\b",
    "name the columns, or row_number() = 1": r"\bexclude\b|\barg_(max|min)\b|\basof\b|\blist\s*\(|\bqualify\b",
    "make rows distinct before": r"string_agg\s*\(\s*distinct",
    "Postgres has no such window": r"\bignore\s+nulls\b",
    "a cast that may fail is none on Postgres": r"\btry_cast\b",
    "one engine's own order": r"\bnulls\s+(first|last)\b|\brandom\s*\(|\bnow\s*\(|\bcurrent_(date|timestamp)\b",
}


def code(path):
    return re.sub(r"--.*", "", path.read_text(encoding="utf-8")).lower()


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_model_uses_what_transpiles_wrongly(rule):
    guilty = [path.name for path in FILES if re.search(FORBIDDEN[rule], code(path))]
    assert guilty == [], rule


@pytest.mark.parametrize("text", ["x // 2", "date_diff('day', a, b)", "count(*) filter (where a)", "greatest(a, b)"])
def test_the_lint_finds_what_it_forbids(text):
    assert any(re.search(pattern, text) for pattern in FORBIDDEN.values())


def test_averages_are_of_doubles():
    averages = [(model.name, node) for model in read_models() for node in model.query.find_all(exp.Avg)]
    assert [
        name for name, node in averages if not (isinstance(node.this, exp.Cast) and node.this.is_type("double"))
    ] == []


def test_staging_reads_raw_and_nothing_above_reads_it():
    for model in read_models(FIVETRAN, CHANGES):
        reads_raw = any(table.db for table in model.query.find_all(exp.Table))
        if model.is_view and not model.is_no_table:
            assert model.references == frozenset(), model.name
            assert model.name.startswith("stg_") == (model.kind == "staging")
        elif model.kind != "checks":
            assert not reads_raw, model.name


def test_an_incremental_model_reads_something_with_its_key():
    models = read_models(FIVETRAN, CHANGES)
    columns = {model.name: model.query.named_selects for model in models}
    columns["calendar_days"] = [*CALENDAR_COLUMNS]
    for model in (model for model in models if model.key):
        cut_down = PERIOD_TABLES if model.key in PERIOD_KEYS else model.references
        assert any(model.key in columns.get(name, ()) for name in model.references.intersection(cut_down)), model.name


def test_every_file_is_one_model_in_a_known_folder():
    assert {path.relative_to(MODELS_FOLDER).parts[0] for path in FILES} == {*KINDS, FIVETRAN, CHANGES}
    names = [path.stem for path in FILES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_model_can_be_said_in_every_dialect(dialect):
    for model in read_models(FIVETRAN, CHANGES):
        assert transpiled(model.query, dialect).startswith(("SELECT", "WITH")), model.name


@pytest.mark.parametrize("dialect", ["spark", "databricks"])
def test_spark_reads_epochs_as_moments_and_not_as_local_time(dialect):
    (model,) = (one for one in read_models() if one.name == "stg_conversations")
    said = transpiled(model.query, dialect)
    # of seconds that lie within the years of a calendar
    (moment,) = re.findall(r"TIMESTAMP_SECONDS\(((?:(?!TIMESTAMP_SECONDS).)*?)\) AS created_at,", said)
    assert "conversations.created_at" in moment
    assert "FROM_UNIXTIME" not in said


def test_percentiles_are_said_in_the_words_of_each_warehouse():
    text = "-- One row.\nselect median(x) as m, percentile_cont(0.9) within group (order by x) as p from int_a"
    query = parse_model("marts", "m", text).query
    assert transpiled(query, "spark") == "SELECT PERCENTILE(x, 0.5) AS m, PERCENTILE(x, 0.9) AS p FROM int_a"
    assert transpiled(query, "bigquery") == (
        "SELECT APPROX_QUANTILES(x, 100)[OFFSET(50)] AS m, APPROX_QUANTILES(x, 100)[OFFSET(90)] AS p FROM int_a"
    )
    assert transpiled(query, "postgres") == (
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) AS m, "
        "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY x) AS p FROM int_a"
    )
    assert transpiled(query, "clickhouse").startswith(
        "SELECT quantileExactInclusive(0.5)(x) AS m, quantileExactInclusive(0.9)(x) AS p FROM int_a SETTINGS"
    )


def test_windows_say_what_redshift_has_to_be_told():
    """There lead() has no default, and other windows than those say their frame."""
    for model in read_models(FIVETRAN, CHANGES):
        for window in model.query.find_all(exp.Window):
            if isinstance(window.this, exp.Lag | exp.Lead):
                assert not window.this.args.get("default"), model.name
            elif window.args.get("order") and not isinstance(window.this, exp.RowNumber):
                assert window.args.get("spec"), model.name


def test_lists_of_texts_are_said_in_the_words_of_each_warehouse():
    text = "-- One row.\nselect string_agg(x, ', ' order by x) as xs from int_a"
    query = parse_model("marts", "m", text).query
    assert transpiled(query, "redshift") == "SELECT LISTAGG(x, ', ') WITHIN GROUP (ORDER BY x) AS xs FROM int_a"
    assert transpiled(query, "clickhouse").startswith("SELECT arrayStringConcat(arraySort(groupArray(x)), ', ') AS xs")


def test_a_key_inside_a_key_is_found_in_every_warehouse():
    query = parse_model("marts", "m", "-- One row.\nselect (j -> a.k) ->> 'title' as title from int_a as a").query
    assert transpiled(query, "snowflake") == "SELECT TO_VARCHAR(GET((GET(j, a.k)), 'title')) AS title FROM int_a AS a"
    assert transpiled(query, "bigquery") == "SELECT JSON_VALUE((j[a.k])['title']) AS title FROM int_a AS a"
    assert transpiled(query, "redshift") == (
        "SELECT NULLIF(JSON_EXTRACT_PATH_TEXT(NULLIF(JSON_EXTRACT_PATH_TEXT(JSON_SERIALIZE(j), a.k, TRUE), ''), "
        "'title', TRUE), '') AS title FROM int_a AS a"
    )
    assert "JSONExtract((JSONExtractRaw(j, a.k)), 'title', 'Nullable(String)')" in transpiled(query, "clickhouse")


def test_clickhouse_joins_by_equality_alone():
    sql = "select a.x from a inner join b on a.x = b.x and a.n < b.n inner join c on c.n > a.n"
    assert transpiled(parse_model("marts", "m", f"-- One row.\n{sql}").query, "clickhouse").startswith(
        "SELECT a.x AS x FROM a INNER JOIN b ON a.x = b.x CROSS JOIN c WHERE a.n < b.n AND c.n > a.n SETTINGS"
    )


def test_every_column_of_every_mart_says_what_it_means():
    silent = {
        model.name: missing
        for model in read_models()
        if model.kind == "marts"
        and (missing := [name for name in model.query.named_selects if name not in model.meanings])
    }
    assert silent == {}


def test_every_mart_has_a_check():
    checked = frozenset[str]().union(*(model.references for model in read_models() if model.is_check))
    assert [model.name for model in read_models() if model.kind == "marts" and model.name not in checked] == []


def test_a_check_that_something_is_there_once_asks_of_nothing_else():
    """Whoever sees `has_every_ticket_once` fail looks for a double, and not for a share above 1."""
    asked = {
        model.name: others
        for model in read_models()
        if re.search("_has_(every|one_row)_", model.name)
        for having in model.query.find_all(exp.Having)
        if (others := {column.name for column in having.find_all(exp.Column)} - {*model.columns, "expected", "found"})
    }
    assert asked == {}


def test_every_mart_says_which_question_it_answers():
    questions = {model.name: model.question for model in read_models() if model.kind == "marts"}
    assert [name for name, question in questions.items() if not question.endswith("?")] == []


def test_no_comment_sends_its_reader_to_another_model():
    sent = [(model.name, text) for model in read_models() for text in model.meanings.values() if SEE.fullmatch(text)]
    assert sent == []


def test_the_page_of_models_is_written_from_the_models():
    page = Path("docs/models.md").read_text(encoding="utf-8")
    assert page == catalogue(), "run: python -m transforms.models_page > docs/models.md"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "sum(a) over (partition by c order by b, d desc)",
            "SUM(a) OVER (PARTITION BY c ORDER BY b IS NULL, b, d DESC)",
        ),
        ("string_agg(a, ', ' order by a)", "STRING_AGG(a, ', ' ORDER BY a IS NULL, a)"),
    ],
)
def test_what_is_null_comes_last_on_bigquery_too(sql, said):
    assert transpiled(sqlglot.parse_one(f"select {sql} from t", read="duckdb"), "bigquery") == f"SELECT {said} FROM t"

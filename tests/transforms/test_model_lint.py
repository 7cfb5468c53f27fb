"""Constructs that transpile without an error and wrongly stay out of the models."""

import re
from pathlib import Path

import pytest
from sqlglot import exp

from transforms.dialect import transpiled
from transforms.model import MODELS_FOLDER, read_models

FILES = sorted(path for path in MODELS_FOLDER.rglob("*.sql"))
FORBIDDEN = {
    "subtract epoch seconds": r"\bdate_?diff\b|\bepoch\s*\(|\bage\s*\(|\binterval\b",
    "write floor(a / b)": r"//",
    "write sum(case ...)": r"\bfilter\s*\(",
    "join calendar_days or local_slots": r"\bgenerate_series\b|\btime_bucket\b|\bdate_trunc\b|\bisodow\b|\brange\s*\(",
    "time zones belong into the calendar": r"\bat\s+time\s+zone\b",
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
    for model in read_models():
        reads_raw = any(table.db for table in model.query.find_all(exp.Table))
        if model.kind == "staging":
            assert model.references == frozenset(), model.name
            assert model.name.startswith("stg_")
        elif model.kind != "checks":
            assert not reads_raw, model.name


def test_every_file_is_one_model_in_a_known_folder():
    assert {Path(path).parent.name for path in FILES} == {"staging", "intermediate", "marts", "checks"}
    names = [path.stem for path in FILES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "dialect", ["postgres", "snowflake", "bigquery", "databricks", "spark", "redshift", "clickhouse"]
)
def test_every_model_can_be_said_in_every_dialect(dialect):
    for model in read_models():
        assert transpiled(model.query, dialect).startswith(("SELECT", "WITH")), model.name

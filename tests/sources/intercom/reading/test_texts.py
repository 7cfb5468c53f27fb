"""Every text of Unicode arrives as it was: in columns, in fields that nobody declared, in JSON at any depth."""

import itertools
import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.destination.target import Target
from sources.intercom.api.http.client import Client
from sources.intercom.chunk_source import chunk_source
from sources.intercom.reading.resource import Resource
from sources.intercom.rows.table import Table, text
from sources.intercom.rows.table import json as json_columns

pytestmark = pytest.mark.end_to_end

NUMBERS = itertools.count()
THINGS = Table(
    "things", "a thing", ("id",), text("impersonal", id="id", body="text") | json_columns("detail", free="free-form")
)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # UTF-8 and PostgreSQL have no place
# What could be read as a number, a moment, an id, bytes, or as the end of something.
TAILS = [
    *("", "x", "12ab", "1.5", "2026-01-01", "2026-01-01T00:00:00Z", "12:00:00", "NaN", "1e999", "AAAA", "wei"),
    *("123e4567-e89b-12d3-a456-426614174000", "\u2028", "\ufdd0", "\uf02e", "\\", '"', "'", "\n", "\r\n", ","),
]
STARTS = [
    *map(chr, [*range(0xF01F, 0xF035), *range(0xFDCF, 0xFDE2), 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10FFFE, 0x10FFFF]),
    *("\u2028", "\u2029", "\x85", "\x01", "\x7f", "\x1b[31m", "\\N", "\\.", "NULL", "null", "{", "[", '"', " ", "\t"),
]
KNOWN = [start + tail for start in STARTS for tail in TAILS] + [
    *TAILS,
    "{}",
    "[]",
    "[1]",
    '{"a": 1}',
    '"a"',
    "true",
    "a\ufffe",
    *string.printable,
]


def rows_of(texts):
    """A row per text, which stands in every place that a text can have."""
    for number, each in enumerate(texts):
        yield {
            "id": f"{each}#{number}",  # "2" and 8, "" and 28 would be one id
            "body": each,
            "undeclared": each,
            "undeclared_list": [each, [each]],
            "free": {"key": each, each: [each, {"deep": each}]},
        }


@pytest.fixture(params=["duckdb", "postgres"])
def target(request, tmp_path_factory, monkeypatch):
    if request.param == "duckdb":
        return lambda: Target(database=tmp_path_factory.mktemp("texts") / "texts.duckdb")
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", request.getfixturevalue("postgres"))
    return lambda: Target("postgres", dataset=f"texts_{next(NUMBERS)}")


def arrive(target, begin, texts):
    wanted = list(rows_of(texts))
    empty = "" if target.is_duckdb else None  # dlt loads PostgreSQL with CSV, which has one form for both
    client = Client.connect("http://127.0.0.1:9", "token", 0.9, connections=1)
    reading = begin(client, resource="things")
    things = Resource("things", (THINGS,), lambda reading: iter([[(THINGS, wanted)]]), ())
    pipeline = target.pipeline()
    pipeline.run(chunk_source(reading.session, reading.chunk, (things,)))
    with pipeline.sql_client() as sql:
        found = sql.execute_sql("select id, body, undeclared, undeclared_list, free from things")
    as_json = [(*row[:3], *(json.loads(each) if isinstance(each, str) else each for each in row[3:])) for row in found]
    return sorted(as_json, key=lambda row: row[0]), sorted(
        ((row["id"], row["body"] or empty, row["undeclared"] or empty, *[*row.values()][3:]) for row in wanted),
        key=lambda row: row[0],
    )


def test_known_traps_arrive_as_they_were(target, begin):
    found, wanted = arrive(target(), begin, KNOWN)
    assert found == wanted


@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(CHARACTERS, max_size=5), min_size=150, max_size=300))
def test_any_text_arrives_as_it_was(target, begin, texts):
    found, wanted = arrive(target(), begin, texts)
    assert found == wanted

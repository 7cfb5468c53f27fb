"""Whatever Python takes for the same text, a database preselects, however it folds letters."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.forget.folding import folded, may_hold

ODD = "İIıiΣςσÉéŁłßſKkẞЖж山ｱ '\"@.-\u00a0\u3000\u0307\u0301ab"  # noqa: RUF001
# How databases fold: DuckDB; PostgreSQL without a locale; with a Turkish one.
FOLDINGS = {
    "duckdb": lambda text: duckdb.execute("SELECT lower(?)", [text]).fetchone()[0],
    "ascii": lambda text: text.encode().lower().decode(),
    "turkish": lambda text: text.replace("I", "ı").replace("İ", "i").lower(),  # noqa: RUF001
}


@pytest.mark.parametrize("by", FOLDINGS)
@given(text=st.text(ODD, min_size=1), around=st.text(ODD), respelt=st.sampled_from([str.upper, str.lower, str.title]))
def test_a_value_that_holds_a_text_is_preselected(by, text, around, respelt):
    value = around + respelt(text) + around
    if folded(text) in folded(value):
        database = duckdb.execute("CREATE OR REPLACE MACRO lower_there(x) AS x").cursor()
        condition = may_hold("value", folded(text)).replace("lower(", "lower_there(")
        sql = f"SELECT {condition} FROM (SELECT $1 AS value)"
        assert database.execute(sql, [FOLDINGS[by](value)]).fetchone() == (True,)


@pytest.mark.parametrize("other", ["Joe Bloggs", "Emile Zola", "山田花子"])
def test_what_holds_none_of_its_letters_is_not_read(other):
    for text in ("Émile Dubois", "山田太郎", "ann.lee@example.com"):
        condition = may_hold("value", folded(text))
        assert duckdb.execute(f"SELECT {condition} FROM (SELECT $1 AS value)", [other]).fetchone() == (False,)

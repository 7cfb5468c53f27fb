"""Widths of a table: whatever the rows hold, it fits, and nothing but long texts is cut."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from pipelines.query.layout import GAP, SHORTEST_CUT, fitting, shown

VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=80)


@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.tuples(*[VALUES] * n), min_size=1, max_size=4)))
def test_a_table_is_never_wider_than_its_terminal(rows):
    columns = [f"c{number}" for number in range(len(rows[0]))]
    widths = fitting(columns, rows, 100)
    if widths is None:
        return
    assert sum(widths) + GAP * (len(columns) - 1) <= 100
    for position, width in enumerate(widths):
        whole = [row[position] for row in rows if not isinstance(row[position], str) and row[position] is not None]
        assert all(cell_len(str(value)) <= width for value in whole), "no number is cut"


def test_a_column_of_short_texts_is_not_cut_for_a_long_one():
    assert fitting(["name", "body"], [("Ada", "x" * 500)], 80) == [4, 74]


def test_where_texts_would_lose_too_much_there_is_no_table():
    assert fitting(["a", "b"], [("x" * 90, "y" * 90)], SHORTEST_CUT * 2 + GAP - 1) is None
    assert fitting(["a", "b"], [("x" * 90, "y" * 90)], SHORTEST_CUT * 2 + GAP) == [SHORTEST_CUT] * 2


def test_no_rows_still_say_their_columns():
    terminal = Console(width=20, record=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    terminal.print(shown(["a_very_long_name", "another_long_name"], [], 20))
    assert "another_long_name" in terminal.export_text()

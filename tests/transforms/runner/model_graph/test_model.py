"""The file of a model: what its text declares, and what is wrong with it."""

import pytest

from transforms.runner.model_graph.model import ModelError, parse_model


def test_a_table_of_raw_is_no_model():
    assert parse_model("marts", "a", "-- One row.\nselect 1 as one from raw.contacts").references == frozenset()


def test_a_name_of_its_own_is_no_model():
    text = "-- One row.\nwith b as (select 1 as x from a) select x from b"
    assert parse_model("marts", "m", text).references == {"a"}


@pytest.mark.parametrize(
    ("kind", "text", "complaint"),
    [
        ("marts", "select 1", "first line must say the grain"),
        ("checks", "-- One row.\nselect 1", "must start with 'error:' or 'warn:'"),
        ("checks", "-- error: None is.\n-- ephemeral: why\nselect 1", "a check cannot be ephemeral"),
        ("marts", "-- One row.\n-- halves: why\nselect 1 as n", "only what is incremental by conv"),
        (
            "marts",
            "-- One row.\n-- incremental: conversation_id\n-- halves: why\nselect conversation_id from raw.parts",
            "reads no raw table",
        ),
        ("marts", "-- One row.\nselect 1; select 2", "exactly one SELECT"),
        ("marts", "-- One row.\ndrop table x", "exactly one SELECT"),
        ("marts", "-- One row.\nselect from where", r"marts/m\.sql"),
    ],
)
def test_a_file_that_is_not_a_model_says_what_is_wrong(kind, text, complaint):
    with pytest.raises(ModelError, match=complaint):
        parse_model(kind, "m", text)


def test_a_note_within_the_query_declares_nothing():
    noted = parse_model("marts", "fct_a", "-- One row.\nselect\n-- view: see the ticket\n1 as n\n")
    assert not noted.is_no_table
    assert parse_model("marts", "fct_a", "-- One row.\n-- view: it is one row\nselect 1 as n\n").is_no_table

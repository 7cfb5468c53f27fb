"""Removal rows are left out where they change nothing, and nowhere else."""

from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.reading.newcomers import Newcomers
from sources.intercom.resources.contacts import CONTACT_TAGS
from sources.intercom.rows.deleted_records import DELETED_RECORDS
from sources.intercom.rows.table import REMOVES

TAGS = CONTACT_TAGS.table
PARENTS = st.sampled_from(["a", "b", "c", "7", "é"])
LISTS = st.dictionaries(PARENTS, st.lists(st.sampled_from(["1", "2", "3"]), unique=True, max_size=2), max_size=4)


def rows_of(lists):
    rows = []
    for parent, tags in lists.items():
        rows += TAGS.of_parent(parent, [{"contact_id": parent, "tag_id": tag} for tag in tags])
    return rows


def merged(table, rows):
    """What the merge makes of a table: the rows of every parent in the package go, and its own come."""
    named = {row["contact_id"] for row in rows}
    kept = [row for row in table if row["contact_id"] not in named]
    return kept + [row for row in rows if REMOVES not in row]


@given(st.lists(st.lists(LISTS, max_size=3), max_size=5))
def test_the_tables_are_the_same_without_the_marks_that_are_left_out(packages):
    newcomers = Newcomers([TAGS.name])
    with_all, with_needed = [], []
    for pages in packages:
        # of two versions of a record, the later one is in another package
        first = {parent: tags for page in reversed(pages) for parent, tags in page.items()}
        rows = rows_of(first)
        needed = newcomers.needed(TAGS, rows)
        assert [row for row in needed if REMOVES not in row] == [row for row in rows if REMOVES not in row]
        with_all, with_needed = merged(with_all, rows), merged(with_needed, needed)
    assert with_needed == with_all


@given(st.lists(LISTS, max_size=4))
def test_of_a_table_that_was_there_every_mark_is_loaded(pages):
    newcomers = Newcomers(["contact_notes"])
    for lists in pages:
        assert newcomers.needed(TAGS, rows_of(lists)) == rows_of(lists)


def test_a_first_load_has_no_marks_and_a_list_that_is_emptied_later_has_one():
    newcomers = Newcomers([TAGS.name])
    assert newcomers.needed(TAGS, rows_of({"a": [], "b": ["1"]})) == rows_of({"b": ["1"]})
    assert newcomers.needed(TAGS, rows_of({"a": [], "b": []})) == [TAGS.emptied("b")]


def test_a_mark_that_takes_out_a_single_row_is_loaded():
    rows = [{"entity": "contacts", "id": "1"}, DELETED_RECORDS.removed("contacts", "2")]
    assert Newcomers([DELETED_RECORDS.name]).needed(DELETED_RECORDS, rows) == rows

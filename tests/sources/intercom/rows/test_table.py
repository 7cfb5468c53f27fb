"""What the hints of each table promise to dlt."""

import dlt
import pytest

from sources.intercom import TABLES
from sources.intercom.rows.table import REMOVES, Table, Tables, text, unix_seconds

EVERY = sorted(TABLES.values(), key=lambda table: table.name)
every_table = pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)


@every_table
def test_a_key_is_made_of_declared_columns(table):
    assert set(table.key) <= set(table.columns)


@every_table
def test_every_id_is_text(table):
    ids = {name: column.data_type for name, column in table.columns.items() if name == "id" or name.endswith("_id")}
    assert set(ids.values()) <= {"text"}


@every_table
def test_every_time_is_whole_seconds(table):
    times = {column.data_type for name, column in table.columns.items() if name.endswith(("_at", "_until"))}
    assert times <= {"bigint"}


@every_table
def test_every_column_says_what_it_means(table):
    assert all(column.meaning for column in table.columns.values())
    assert table.one_row


@every_table
def test_a_table_merges_by_its_key_or_its_parent_and_never_by_both(table):
    hints = table.hints()
    if table.replaced == "parent":
        assert (hints.get("merge_key"), hints.get("primary_key")) == (table.key[0], None)
        assert hints["columns"][REMOVES]["hard_delete"] is True
    else:
        assert (hints.get("merge_key"), hints.get("primary_key")) == (None, table.key)
        assert (REMOVES in hints["columns"]) == table.is_removable


@every_table
def test_only_whole_lists_replace_their_table(table):
    disposition = table.hints()["write_disposition"]
    merge = {"disposition": "merge", "strategy": "delete-insert"}
    assert disposition == ("replace" if table.replaced == "whole" else merge)


@every_table
def test_a_table_is_declared_as_dlt_would_make_it_of_the_hints(table):
    resource = dlt.resource([], name="tables")
    resource.apply_hints(**table._hints())
    declared = table.declared()
    added = {name: declared["columns"].pop(name) for name in ("_dlt_load_id", "_dlt_id")}
    assert all(column["nullable"] is False for column in added.values())
    assert declared == resource.compute_table_schema()


def test_the_mark_of_an_emptied_list_names_the_parent_alone():
    table = Table(
        "contact_tags", "a tag", ("contact_id", "tag_id"), text("contact_id", contact_id="c", tag_id="t"), "parent"
    )
    assert table.of_parent("7", []) == [table.emptied("7")] == [{"contact_id": "7", REMOVES: True}]
    assert table.of_parent("7", [{"contact_id": "7", "tag_id": "t"}]) == [{"contact_id": "7", "tag_id": "t"}]


def test_hints_go_with_the_first_rows_only():
    table = Table("tags", "a tag", ("id",), text("impersonal", id="its id") | unix_seconds(created_at="then"))
    tables = Tables()
    assert list(tables.emit(table, [])) == []
    [first] = tables.emit(table, [{"id": "1"}])
    [second] = tables.emit(table, [{"id": "2"}])
    assert first.meta.hints["table_name"] == "tags"
    assert second.meta.table_name == "tags"


def test_no_two_resources_share_a_table():
    assert len({table.name for table in EVERY}) == len(EVERY) == len(TABLES)


def test_json_that_nobody_declared_is_hinted_when_it_is_first_met():
    table, tables = Table("tags", "a tag", ("id",), text("impersonal", id="its id")), Tables()
    hinted = [
        next(tables.emit(table, [{"id": "1"}], json_columns)).meta
        for json_columns in ({"a"}, {"a"}, {"a", "b"}, {"b", "a"})
    ]
    names = [sorted(meta.hints["columns"]) if hasattr(meta, "hints") else None for meta in hinted]
    assert names == [["a", "id"], None, ["a", "b", "id"], None]

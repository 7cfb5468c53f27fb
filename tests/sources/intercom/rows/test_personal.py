"""Every column that can hold a text declares what it says of a customer."""

import re

import pytest

from sources.intercom import TABLES
from sources.intercom.rows.table import text

# Names that belong to people, with the tables in which they belong to teammates or to the workspace.
PERSONAL = re.compile(r"(^|_)(e?mail|phone|body|remark|subject|user_external_id|pseudonym|custom_attributes|ip)$")
IMPERSONAL = {
    "admins.email",
    "articles.body",
    "news_items.body",
    "newsfeed_items.body",
    "companies.custom_attributes",
    "contact_notes.author__email",
    "activity_logs.performed_by__email",
    "activity_logs.performed_by__ip",
}
COLUMNS = [
    (table.name, name)
    for table in TABLES.values()
    for name, column in table.columns.items()
    if column.data_type in {"text", "json"}
]


def test_a_text_column_cannot_be_declared_without_saying_what_it_is():
    with pytest.raises(TypeError):
        text(email="e-mail address")


@pytest.mark.parametrize(("table", "column"), [place for place in COLUMNS if PERSONAL.search(place[1])])
def test_what_is_named_as_a_persons_is_declared_so(table, column):
    is_impersonal = TABLES[table].columns[column].personal == "impersonal"
    assert is_impersonal == (f"{table}.{column}" in IMPERSONAL)


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.name.startswith("contact")])
def test_a_table_of_contacts_declares_whose_its_rows_are(table):
    assert table.is_of_one_person
    assert table.columns_that_say("contact_id")

"""What a run says of people who are forgotten and not erased, or not whole: their data would stay for good."""

import shutil

import pytest

from pipelines.destination.tables.forgotten_records import record_forgotten
from pipelines.destination.tables.insertion import insert
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.run.begin.erasures_to_complete import erasures_to_complete
from sources.intercom import TABLES
from sources.intercom.rows.deleted_records import DELETED_RECORDS, merged_into
from tests.support.workspace import database_without_rows


@pytest.fixture
def target(tmp_path):
    return Target(database=shutil.copy(database_without_rows(), tmp_path / "people.duckdb"))


def forgotten(contact_id, person, completed_at=5):
    return {"entity": "contacts", "id": contact_id, "contact_id": person, "completed_at": completed_at}


def said(target, people, marks=()):
    with RawTables(target.pipeline()).opened() as raw:
        record_forgotten(raw, [{"forgotten_at": 1, **one} for one in people])
        with raw.client() as client:
            insert(client, [(DELETED_RECORDS, [merged_into(TABLES["contacts"], *mark, 9) for mark in marks])])
        return list(erasures_to_complete(raw, target))


def test_an_erasure_that_was_killed_is_named_with_what_completes_it(target):
    people = [forgotten("ada", "ada"), *(forgotten(one, one, None) for one in ("bob", "cy", "dan", "eve"))]
    (line,) = said(target, people)
    assert f"forget bob{target.options}; intercom-elt forget cy{target.options}; " in line
    assert (line.endswith("; and 1 more"), "ada" in line) == (True, False)


def test_a_contact_that_was_merged_into_a_forgotten_one_since_is_named_by_that_ones_command(target):
    people = [forgotten("ada", "ada"), forgotten("before", "ada"), forgotten("bob", "bob")]
    (line,) = said(target, people, [("before", "ada"), ("since", "before"), ("other", "cy")])
    assert line.endswith(f"with: intercom-elt forget ada{target.options}")


def test_of_what_is_complete_nothing_is_said(target):
    assert said(target, [forgotten("ada", "ada"), forgotten("before", "ada")], [("before", "ada")]) == []

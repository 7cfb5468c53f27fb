"""Others may replicate our tables: what PostgreSQL needs for that is said, and one statement brings it."""

import contextlib

import psycopg2
import pytest

POSTGRES = ("--destination", "postgres")
TAGS = ("sync", "tags", "--no-transform", *POSTGRES)


@pytest.fixture
def execute(postgres, monkeypatch):
    """Return what an administrator of the database, to which commands load, runs statements by."""
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    with contextlib.closing(psycopg2.connect(postgres)) as database:
        database.autocommit = True
        yield database.cursor().execute


def offered(text):
    """Return the statement that a message offers."""
    said = " ".join(text.split())
    return said[said.index("DO $$") : said.index("END $$;") + len("END $$;")]


def test_tables_that_somebody_publishes_are_named_before_anything_is_read(invoke, execute, simulator):
    assert invoke(*TAGS)[0] == 0
    execute("CREATE PUBLICATION everything FOR ALL TABLES")
    simulator.clear_requests()
    code, _, errors = invoke(*TAGS, "--full-refresh")
    assert (code, "is published (everything) without a replica identity" in errors) == (64, True), errors
    assert {request["path"] for request in simulator.requests()} <= {"/me"}
    code, output, _ = invoke("doctor", *POSTGRES)
    assert (code, offered(output)) == (64, offered(errors))
    execute(offered(errors))
    assert invoke("doctor", *POSTGRES)[0] == 0
    assert invoke(*TAGS, "--full-refresh")[0] == 0


def test_a_table_that_is_published_as_soon_as_it_is_made_is_no_reason_to_run_again(invoke, execute):
    execute("CREATE PUBLICATION everything FOR ALL TABLES")
    code, output, _ = invoke(*TAGS)
    said = " ".join(output.split())
    assert (code, "Somebody publishes the table: intercom-elt doctor says what" in said) == (64, True), said
    execute(offered(invoke("doctor", *POSTGRES)[1]))
    assert invoke(*TAGS)[0] == 0


@pytest.mark.parametrize(
    "publication",
    ["FOR ALL TABLES WITH (publish = 'insert')", "FOR TABLE intercom_raw.tags; ALTER TABLE intercom_raw.tags {}"],
)
def test_what_can_be_replicated_is_left_alone(invoke, execute, publication):
    assert invoke(*TAGS)[0] == 0
    index = "REPLICA IDENTITY USING INDEX by_id"
    execute("CREATE UNIQUE INDEX by_id ON intercom_raw.tags (id)")
    execute(f"CREATE PUBLICATION of_somebody {publication.format(index)}")
    assert invoke("doctor", *POSTGRES)[0] == 0
    assert invoke(*TAGS, "--full-refresh")[0] == 0


def test_a_mart_that_is_published_names_what_it_lacks(invoke, execute):
    assert invoke("sync", "admins", *POSTGRES)[0] in {0, 2}
    execute("CREATE PUBLICATION of_somebody FOR TABLE intercom.dim_teammates")
    code, output, _ = invoke("transform", "--full", *POSTGRES)
    said = " ".join(output.split())
    assert (code, "model dim_teammates failed" in said, "set REPLICA IDENTITY using ALTER TABLE" in said) == (
        2,
        True,
        True,
    )
    code, output, _ = invoke("doctor", *POSTGRES)
    assert (code, "intercom.dim_teammates is published (of_somebody)" in " ".join(output.split())) == (64, True)
    execute(offered(output))
    assert "model dim_teammates failed" not in invoke("transform", "--full", *POSTGRES)[1]

"""What `status` says to machines."""

import json
import re
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.usefixtures("empty_tables")

SECTION = re.compile(r"^## Status$(.*?)^## ", re.MULTILINE | re.DOTALL)


@pytest.fixture
def status(invoke):
    def call():
        code, output, errors = invoke("status", "--format", "json")
        assert (code, errors) == (0, "")
        assert output.count("\n") == 1
        return json.loads(output)

    return call


def documented():
    page = (Path(__file__).parents[3] / "docs" / "scheduling.md").read_text()
    rows = [line.split("|")[1:3] for line in SECTION.search(page)[1].splitlines() if line.startswith("| `")]
    return {name: set(re.findall(r"`(\w+)`", holds)) for names, holds in rows for name in re.findall(r"`(\w+)`", names)}


def test_everything_is_there_and_documented(invoke, status, simulator):
    assert invoke("sync", "tags", "conversations", "--quiet")[0] == 0
    found = status()
    conversations = len(simulator.truth()["conversations"])
    resource = found["resources"]["conversations"]
    assert (resource["status"], resource["error"]) == ("complete", None)
    assert 0 <= resource["freshness_seconds"] < 600
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", resource["watermark"])
    assert found["resources"]["contacts"]["freshness_seconds"] is None
    assert found["tables"]["conversations"] == found["models"]["marts"]["fct_conversations"] == conversations
    assert (found["runs"][0]["status"], found["audit"]) == ("complete", None)
    assert found["sweeps"]["contacts"]["last_complete_at"] is None

    pages = documented()
    assert set(found) == set(pages)
    assert set(found["runs"][0]) == pages["runs"]
    assert set(resource) == pages["resources"]
    assert set(found["sweeps"]["contacts"]) == pages["sweeps"]
    assert set(found["models"]) == pages["models"]


def test_the_last_run_of_a_resource_counts(invoke, status, troubled):
    assert invoke("sync", "tags", "--no-transform", "--quiet")[0] == 0
    troubled.knobs(missing_scopes="tags")
    assert invoke("sync", "tags", "--no-transform", "--quiet")[0] == 1
    found = status()
    tags = found["resources"]["tags"]
    assert (tags["status"], tags["last_complete_at"] is None, found["models"]) == ("failed", False, None)
    assert "403" in tags["error"]
    assert [run["status"] for run in found["runs"]] == ["failed", "complete"]


def test_a_log_of_an_older_version_and_what_others_have_put_beside_it_are_no_obstacle(invoke, status, tmp_path):
    assert invoke("sync", "tags", "--no-transform", "--quiet")[0] == 0
    before = status()
    with duckdb.connect(str(tmp_path / "intercom_data.duckdb")) as connection:
        connection.execute('CREATE TABLE intercom_raw."it\'s mine" AS SELECT 1 AS a')
        connection.execute("CREATE SCHEMA mine; CREATE TABLE mine.x AS SELECT 1 AS a")
        connection.execute("CREATE VIEW intercom_raw.theirs AS SELECT * FROM mine.x; DROP TABLE mine.x")
        for column in ("count_missed", "count_rescued", "watermark", "error"):
            connection.execute(f"ALTER TABLE intercom_raw.sync_resources DROP COLUMN {column}")
        connection.execute("ALTER TABLE intercom_raw.sync_runs DROP COLUMN count_rows")
    after = status()
    assert after["tables"] == before["tables"]
    assert after["resources"]["tags"]["status"] == "complete"
    assert (after["runs"][0]["status"], after["runs"][0]["rows"]) == ("complete", 0)


def test_the_watermark_is_the_last_one_also_where_all_is_read_again(invoke, status, tmp_path):
    assert invoke("sync", "tags", "--no-transform", "--quiet")[0] == 0
    with duckdb.connect(str(tmp_path / "intercom_data.duckdb")) as connection:
        for run_id, started_at, watermark in (("early", 100, 90), ("again", 200, 30), ("none", 300, None)):
            connection.execute(
                "INSERT INTO intercom_raw.sync_runs BY NAME SELECT * REPLACE (? AS run_id, ? AS started_at) "
                "FROM intercom_raw.sync_runs LIMIT 1",
                [run_id, started_at],
            )
            connection.execute(
                "INSERT INTO intercom_raw.sync_resources BY NAME SELECT * REPLACE (? AS run_id, "
                "'contacts' AS resource, CAST(? AS BIGINT) AS watermark, 2 AS count_rescued) "
                "FROM intercom_raw.sync_resources LIMIT 1",
                [run_id, watermark],
            )
    contacts = status()["resources"]["contacts"]
    assert (contacts["watermark"], contacts["rescued"]) == ("1970-01-01T00:00:30Z", 6)


def test_an_audit_is_shown(invoke, status, tmp_path):
    assert invoke("sync", "tags", "--no-transform", "--quiet")[0] == 0
    with duckdb.connect(str(tmp_path / "intercom_data.duckdb")) as connection:
        columns = "run_id VARCHAR, subject VARCHAR, result VARCHAR, started_at BIGINT"
        connection.execute(f"CREATE TABLE IF NOT EXISTS intercom_raw.audit_results ({columns})")
        insert = "INSERT INTO intercom_raw.audit_results (run_id, subject, result, started_at)"
        for result in ("proven", "proven", "failed"):
            connection.execute(f"{insert} VALUES ('a', 'count', ?, 60)", [result])
    audit = status()["audit"]
    assert audit == {"started_at": "1970-01-01T00:01:00Z", "proofs": {"proven": 2, "failed": 1}}
    assert set(audit) | {"proven", "repaired", "explained", "failed"} == documented()["audit"]

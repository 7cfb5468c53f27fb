"""A database as a run leaves it, for commands that only read."""

import duckdb
import pytest


@pytest.fixture
def database(tmp_path):
    """Return a database with a few names of ours, as a run leaves it."""
    file = tmp_path / "intercom_data.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE SCHEMA intercom_raw")
        connection.execute("CREATE TABLE intercom_raw.conversations (id VARCHAR, created_at BIGINT)")
        connection.execute("CREATE TABLE intercom_raw.contacts (id VARCHAR, email VARCHAR)")
        connection.execute("CREATE TABLE intercom_raw.sync_runs (run_id VARCHAR)")
    return file

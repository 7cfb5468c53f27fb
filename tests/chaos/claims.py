"""What runs claim, read from the database as anybody could: keys, statuses, and calls asked twice."""

import re
from collections import Counter

import duckdb

from tests.ground_truth.comparison import KEYS, OWN_KEY, TABLES

DETAIL = re.compile(r"/conversations/\d+$|/contacts/\w+/\w+$")


def doubled_keys(database):
    """Return a line for every table that holds a key more than once."""
    lines = []
    with duckdb.connect(str(database), read_only=True) as connection:
        present = _tables(connection)
        for table in TABLES:
            if table in present:
                key = ", ".join(KEYS.get(table, OWN_KEY))
                sql = f"SELECT {key}, count(*) FROM intercom_raw.{table} GROUP BY {key} HAVING count(*) > 1"
                lines += [f"{table}: {row}" for row in connection.execute(sql).fetchall()]
    return lines


def complete_resources(database, told):
    """Return the resources that each new run calls complete; `told` holds the runs known before."""
    with duckdb.connect(str(database), read_only=True) as connection:
        if not {"sync_runs", "sync_resources"} <= _tables(connection):
            return []
        runs = dict(connection.execute("SELECT run_id, status FROM intercom_raw.sync_runs").fetchall())
        rows = connection.execute("SELECT run_id, resource, status FROM intercom_raw.sync_resources").fetchall()
    new = [run_id for run_id in runs if run_id not in told]
    told.update(new)
    claims = []
    for run_id in new:
        statuses = {resource: status for run, resource, status in rows if run == run_id}
        if runs[run_id] == "complete":
            assert set(statuses.values()) == {"complete"}, statuses
        claims.append({resource for resource, status in statuses.items() if status == "complete"})
    return claims


def count_rescued(database):
    """Return how many records only the overlap of searches has found, in all runs."""
    with duckdb.connect(str(database), read_only=True) as connection:
        if "sync_resources" not in _tables(connection):
            return 0
        return connection.execute("SELECT coalesce(sum(count_rescued), 0) FROM intercom_raw.sync_resources").fetchone()[
            0
        ]


def _tables(connection):
    sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'intercom_raw'"
    return {name for (name,) in connection.execute(sql).fetchall()}


def repeated_calls(before, after):
    """Return how many calls for single records each resource made in both runs."""
    asked, again = (
        {(call["operation"], call["path"]) for call in calls if DETAIL.search(call["path"])}
        for calls in (before, after)
    )
    return Counter(operation for operation, _ in asked & again)

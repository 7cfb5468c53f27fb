"""What a target holds and how fresh that is: the facts behind `status`, as plain values."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import duckdb
import pendulum
from dlt.destinations.exceptions import DatabaseException

from pipelines.destination.failures.failure import forbidden
from pipelines.destination.tables.catalog import Catalog
from pipelines.destination.target import Target
from pipelines.journal.audit_log_table import AUDIT_RESULTS
from pipelines.journal.run_log_tables import FINDINGS, SYNC_RESOURCES, SYNC_RUNS
from pipelines.query.reader import Reader
from sources.intercom import RESOURCES, TABLES
from sources.intercom.rows.table import Table
from sources.intercom.sweep import SWEPT, resource_name
from transforms.runner.build_report import RUNS_TABLE
from transforms.runner.dialects.dialect_names import sql_dialect, sql_type

Named = Callable[[str], str]  # a raw table -> its name in SQL
Facts = dict[str, Any]

LAST_RUNS = 5
# Views and further tables in the dataset belong to others, and are not looked at.
OURS = {*TABLES, SYNC_RUNS.name, SYNC_RESOURCES.name, AUDIT_RESULTS.name}
SQL_TYPES = {"text": "varchar", "bigint": "bigint", "double": "double"}


def holdings(target: Target, reader: Reader) -> Facts | None:
    """Return the facts of `docs/scheduling.md`, section Status; None if no run has ever written to the target.

    Times are ISO 8601 in UTC, ages whole seconds.
    """
    catalog, datasets, now = Catalog(target.sql_client(), target.destination), target.datasets, time.time()
    raw = partial(catalog.full_name, datasets.raw)
    counts = _row_counts(reader, raw, [name for name in _tables(reader, catalog, datasets.raw) if name in OURS])
    if not {SYNC_RUNS.name, SYNC_RESOURCES.name} <= counts.keys():
        _check_not_hidden(reader, raw(SYNC_RUNS.name))
        return None
    dialect = sql_dialect(target.destination)
    runs, resources = (_log_table(reader, raw, table, dialect) for table in (SYNC_RUNS, SYNC_RESOURCES))
    return {
        "at": utc(int(now)),
        "target": str(target),
        "runs": _runs(reader, runs),
        "resources": _resources(reader, runs, resources, now),
        "tables": {table.name: counts.get(table.name) for one in RESOURCES.values() for table in one.tables},
        "sweeps": _sweeps(reader, runs, resources, now),
        "audit": _audit(reader, raw) if AUDIT_RESULTS.name in counts else None,
        "models": _last_builds(reader, catalog, datasets.staging),
    }


def utc(at: int | None) -> str | None:
    """Return unix seconds as status facts have them: as ISO 8601."""
    return None if at is None else pendulum.from_timestamp(at).format("YYYY-MM-DD[T]HH:mm:ss[Z]")


def _check_not_hidden(reader: Reader, table: str) -> None:
    """Raise the database's error if a table is not listed because this role may not read it."""
    try:
        reader.rows(f"SELECT 1 FROM {table} WHERE 1 = 0")  # noqa: S608 - our own name
    except (duckdb.Error, DatabaseException) as error:
        if forbidden(error):
            raise


def _tables(reader: Reader, catalog: Catalog, dataset: str) -> list[str]:
    return [name for name, is_view in catalog.listed(dataset, reader.rows(catalog.listing(dataset))) if not is_view]


def _log_table(reader: Reader, raw: Named, table: Table, dialect: str) -> str:
    """Return SQL that selects a run log's facts; columns that no run of this version has made yet are null."""
    there = {name.lower() for name in reader.answer(f"SELECT * FROM {raw(table.name)} WHERE 1 = 0")[0]}  # noqa: S608 - our own names
    columns = ", ".join(
        name if name in there else f"CAST(NULL AS {sql_type(SQL_TYPES[column.data_type], dialect)}) AS {name}"
        for name, column in table.columns.items()
    )
    return f"(SELECT {columns} FROM {raw(table.name)})"  # noqa: S608 - our own names


def _row_counts(reader: Reader, raw: Named, tables: list[str]) -> dict[str, int]:
    """Return a status fact: the number of rows of each raw table that exists."""
    counts = [f"SELECT '{name}', count(*) FROM {raw(name)}" for name in tables]  # noqa: S608 - our own names
    return dict(reader.rows(" UNION ALL ".join(counts))) if counts else {}


def _runs(reader: Reader, runs: str) -> list[Facts]:
    sql = (
        "SELECT run_id, status, started_at, finished_at, count_calls, count_rows, error "  # noqa: S608 - our own names
        f"FROM {runs} r ORDER BY started_at DESC LIMIT {LAST_RUNS}"
    )
    return [
        {
            "run_id": run_id,
            "status": status,
            "started_at": utc(started_at),
            "finished_at": utc(finished_at),
            "seconds": None if finished_at is None else finished_at - started_at,
            "calls": calls or 0,
            "rows": count_rows or 0,
            "error": error,
        }
        for run_id, status, started_at, finished_at, calls, count_rows, error in reader.rows(sql)
    ]


def _resources(reader: Reader, runs: str, resources: str, now: float) -> dict[str, Facts]:
    # What only the overlap has found, in all runs, shows how long it has to be. A watermark is the last one: reading
    # all again begins with an early one.
    joined = f"{resources} s JOIN {runs} r ON r.run_id = s.run_id"
    sql = (
        "SELECT resource, max(CASE WHEN status = 'complete' THEN finished_at END), "  # noqa: S608 - our own names
        "max(CASE WHEN place = 1 THEN watermark END), sum(count_rescued), max(rescued_seconds) FROM ("
        "SELECT s.resource, s.status, s.watermark, s.count_rescued, s.rescued_seconds, r.finished_at, "
        "row_number() OVER (PARTITION BY s.resource "
        "ORDER BY CASE WHEN s.watermark IS NULL THEN 1 ELSE 0 END, r.started_at DESC) AS place "
        f"FROM {joined}) placed GROUP BY resource"
    )
    so_far = {name: facts for name, *facts in reader.rows(sql)}
    last = _last_status(reader, runs, resources)
    found = {}
    for name in RESOURCES:
        complete_at, watermark, rescued, rescued_seconds = so_far.get(name, (None, None, None, None))
        status, error = last.get(name, (None, None))
        found[name] = {
            "status": status,
            "error": error,
            **_age(complete_at, now),
            "watermark": utc(watermark),
            "rescued": int(rescued or 0),
            "rescued_seconds": rescued_seconds,
        }
    return found


def _last_status(reader: Reader, runs: str, resources: str) -> dict[str, tuple[str, str | None]]:
    """Return a status fact: how each resource ended in the last run that was to read it."""
    joined = f"{resources} s JOIN {runs} r ON r.run_id = s.run_id"
    sql = (
        f"SELECT s.resource, s.status, s.error FROM {joined} JOIN ("  # noqa: S608 - our own names
        f"SELECT s.resource, max(r.started_at) AS started_at FROM {joined} GROUP BY s.resource"
        ") newest ON newest.resource = s.resource AND newest.started_at = r.started_at"
    )
    return {name: (status, error) for name, status, error in reader.rows(sql)}


def _sweeps(reader: Reader, runs: str, resources: str, now: float) -> dict[str, Facts]:
    """Return a status fact: what the last whole sweep of each entity found, not one with `--since-last`."""
    counts = ", ".join(f"s.count_{finding}" for finding in FINDINGS)
    sql = (
        f"SELECT resource, r.finished_at, {counts} "  # noqa: S608 - our own names
        f"FROM {resources} s JOIN {runs} r ON r.run_id = s.run_id "
        "WHERE resource LIKE 'sweep%' AND s.status = 'complete' AND s.created_since IS NULL ORDER BY r.finished_at"
    )
    last = {name: facts for name, *facts in reader.rows(sql)}
    found = {}
    for swept in SWEPT.values():
        finished_at, *numbers = last.get(resource_name(swept), [None] * (1 + len(FINDINGS)))
        counted = {word: number or 0 for word, number in zip(FINDINGS.values(), numbers, strict=True)}
        found[swept.name] = {**_age(finished_at, now), **counted}
    return found


def _audit(reader: Reader, raw: Named) -> Facts | None:
    table = raw(AUDIT_RESULTS.name)
    sql = (
        "SELECT result, started_at, count(*) "  # noqa: S608 - our own names
        f"FROM {table} WHERE subject NOT LIKE 'metric%' AND started_at = (SELECT max(started_at) FROM {table}) "
        "GROUP BY result, started_at"
    )
    last = reader.rows(sql)
    return {"started_at": utc(last[0][1]), "proofs": {result: count for result, _, count in last}} if last else None


def _last_builds(reader: Reader, catalog: Catalog, staging: str) -> Facts | None:
    """Return a status fact: the last build of every model, with when, rows of the marts, and what failed."""
    if RUNS_TABLE not in _tables(reader, catalog, staging):
        return None
    runs = catalog.full_name(staging, RUNS_TABLE)
    sql = (
        f"SELECT m.name, m.kind, m.status, m.severity, m.built_at_epoch, m.count_rows FROM {runs} m JOIN ("  # noqa: S608 - our own names
        f"SELECT name, max(built_at_epoch) AS built_at_epoch FROM {runs} GROUP BY name"
        ") newest ON newest.name = m.name AND newest.built_at_epoch = m.built_at_epoch ORDER BY m.name"
    )
    last = reader.rows(sql)
    failed = [(name, kind, severity) for name, kind, status, severity, *_ in last if status == "failed"]
    return {
        "built_at": utc(max((row[4] for row in last), default=None)),
        "marts": {name: count for name, kind, status, _, _, count in last if kind == "marts" and status == "built"},
        "failed_models": [name for name, kind, _ in failed if kind != "check"],
        "failed_checks": [name for name, kind, severity in failed if kind == "check" and severity == "error"],
    }


def _age(at: int | None, now: float) -> Facts:
    freshness = None if at is None else max(int(now) - at, 0)
    return {"last_complete_at": utc(at), "freshness_seconds": freshness}

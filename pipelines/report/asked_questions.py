"""The questions behind the page: one SQL file each, asked in the destination's dialect."""

import shlex
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import duckdb
import sqlglot
from dlt.destinations.exceptions import DatabaseException
from sqlglot import exp

from pipelines.destination.failures.failure import unavailable
from pipelines.destination.tables.catalog import Catalog
from pipelines.destination.target import Target
from pipelines.journal.audit_log_table import AUDIT_RESULTS
from pipelines.query.reader import Reader
from pipelines.stop import ExitCode, Stop
from transforms.runner.dialects.dialect_names import sql_dialect
from transforms.runner.dialects.transpiling import transpiled

QUESTIONS = (
    "conversations",
    "backlog",
    "ratings",
    "service_levels",
    "tickets",
    "tags",
    "companies",
    "teams",
    "completeness",
    "freshness",
)
DEFAULT_WEEKS = 13
MARTS = ("fct_", "dim_", "qa_")
RAW = ("sync_", "audit_")

Answer = dict[str, list[Any]]  # column -> its values


def answers(reader: Reader, target: Target, since: date | None) -> tuple[dict[str, Any], dict[str, Answer]]:
    """Ask the report's questions: return the models' moment (with `since`, the page's first day) and each answer.

    The answers begin one page length before the first day, to compare with. Raises Stop if there are no models, or only
    those of another version.
    """
    place = f"--database {shlex.quote(str(target))}" if target.is_duckdb else f"--destination {target.destination}"
    command = f"intercom-elt transform {place} --dataset {target.dataset}"
    marts = f"SELECT count(*) FROM information_schema.tables WHERE table_schema = '{target.datasets.marts}'"  # noqa: S608 - our own name
    if target.is_duckdb and not reader.rows(marts)[0][0]:
        raise Stop(f"{target} holds no models yet; build them with: {command}", ExitCode.WRONG_USE)
    try:
        moment = {column: values[0] for column, values in _answer(reader, target, "moment", date.min).items()}
        moment["since"] = since or first_day(moment["today"])
        earliest = compared_since(moment["since"], moment["today"])
        return moment, {name: _answer(reader, target, name, earliest) for name in QUESTIONS}
    except (duckdb.Error, DatabaseException, Stop) as error:
        if unavailable(error):
            raise
        message = f"{target} holds no models of this version; build them with: {command} ({str(error).splitlines()[0]})"
        raise Stop(message, ExitCode.WRONG_USE) from error


def first_day(today: date) -> date:
    """Return the first day of the report's questions, a Monday: a partial week would look as if less had happened."""
    return today - timedelta(days=today.weekday(), weeks=DEFAULT_WEEKS - 1)


def compared_since(since: date, until: date) -> date:
    """Return the first day with which the report's questions compare: of as many days, just before these."""
    days = (until - since).days + 1
    return since - timedelta(days=min(days, (since - date.min).days))


def last_audit(reader: Reader, target: Target) -> Answer:
    """Ask the report's question about the last audit: a row for each proof; no columns if there was none."""
    catalog, raw = Catalog(target.sql_client(), target.destination), target.datasets.raw
    names = {name for name, _ in catalog.listed(raw, reader.rows(catalog.listing(raw)))}
    return _answer(reader, target, "audit", date.min) if AUDIT_RESULTS.name in names else {}


def models_read() -> list[str]:
    """Return the names of the models and seeds that the report's questions read, in alphabetical order."""
    names = {
        table.name
        for name in (*QUESTIONS, "moment")
        for table in sqlglot.parse_one(_text(name), read="duckdb").find_all(exp.Table)
    }
    return sorted(name for name in names if not name.startswith(RAW))


def _text(name: str) -> str:
    return files(__package__).joinpath("questions", f"{name}.sql").read_text(encoding="utf-8")


def _answer(reader: Reader, target: Target, name: str, since: date) -> Answer:
    columns, rows = reader.answer(_qualified(_text(name).replace("{since}", since.isoformat()), target))
    return {column.lower(): [row[position] for row in rows] for position, column in enumerate(columns)}


def _qualified(sql: str, target: Target) -> str:
    """Return a question's statement with the dataset before each name, in the destination's dialect."""
    datasets, catalog = target.datasets, Catalog(target.sql_client(), target.destination)
    tree = sqlglot.parse_one(sql, read="duckdb")
    for table in tree.find_all(exp.Table):
        kinds = {MARTS: datasets.marts, RAW: datasets.raw}
        dataset = next((found for names, found in kinds.items() if table.name.startswith(names)), datasets.staging)
        parts = [exp.to_identifier(part, quoted=True) for part in catalog.path(dataset, table.name)]
        table.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name)))
        for part_name, part in zip(("this", "db", "catalog"), reversed(parts), strict=False):
            table.set(part_name, part)
    return transpiled(tree, sql_dialect(target.destination))

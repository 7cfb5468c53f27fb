"""The questions behind the page: one SQL file each, asked in the destination's dialect."""

from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import duckdb
import sqlglot
from dlt.destinations.exceptions import DatabaseException
from sqlglot import exp

from pipelines.destination.failures.failure import explained, forbidden, misfits, unavailable
from pipelines.destination.tables.catalog import Catalog
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.audit_log_table import AUDIT_RESULTS
from pipelines.journal.run_log_tables import SYNC_RESOURCES
from pipelines.query.nearest_names import unknown_name
from pipelines.query.opening import opened_read_only
from pipelines.query.reader import Reader
from pipelines.report.older_marts import older_marts
from pipelines.run.missing_raw_tables import all_are_missing
from pipelines.stop import Stop
from sources.intercom import TABLES
from transforms.runner.build_plan import names_by_dataset
from transforms.runner.build_report import RUNS_TABLE
from transforms.runner.dialects.dialect_names import sql_dialect
from transforms.runner.dialects.sql_text import filled, text_of
from transforms.runner.model_graph.model import references

QUESTIONS = (
    "conversations",
    "backlog",
    "ratings",
    "service_levels",
    "tickets",
    "tags",
    "companies",
    "teams",
    "teammates",
    "completeness",
)
FRESHNESS = "freshness"
DEFAULT_WEEKS = 13
CREATED_SINCE = "created_since"  # what a sweep with --since-last compared
WHOLE = f"s.{CREATED_SINCE} IS NULL"

Answer = dict[str, list[Any]]  # column -> its values


class Place:
    """Where the tables that questions name are in a target."""

    def __init__(self, target: Target) -> None:
        self.dialect = sql_dialect(target.destination)
        self.catalog = Catalog(target.sql_client(), target.destination)
        self._raw = target.datasets.raw
        self._dataset_of = {
            name: dataset for dataset, names in names_by_dataset(target.datasets).items() for name in names
        }

    def full_name(self, slot: str) -> str:
        """Return the full name of `raw.sync_runs` or `fct_conversations`."""
        raw, _, name = slot.rpartition(".")
        return self.catalog.full_name(self._raw if raw else self._dataset_of[name], name)


def answers(reader: Reader, target: Target, since: date | None) -> tuple[dict[str, Any], dict[str, Answer]]:
    """Ask the report's questions: return the build of the models and each answer.

    The build also has `since`, the page's first day, and the marts that are `older` than others, or None. The answers
    begin one page length before the first day, to compare with. Raises Stop if nothing is loaded, or if there are no
    models, or only those of another version.
    """
    command = f"intercom-elt transform{target.options}"
    marts = f"SELECT count(*) FROM information_schema.tables WHERE table_schema = '{target.datasets.marts}'"  # noqa: S608 - our own name
    if target.is_duckdb and not reader.rows(marts)[0][0]:
        if _is_empty(target):
            raise all_are_missing(target)
        raise Stop(f"{target} holds no models yet; build them with: {command}", ExitCode.WRONG_USE)
    place = Place(target)
    try:
        build = _build(reader, place, target, since)
        earliest = compared_since(build["since"], build["today"])
        found = {name: _answer(reader, place, name, earliest) for name in QUESTIONS}
        return build, found | {FRESHNESS: freshness(reader, place)}
    except (duckdb.Error, DatabaseException) as error:
        if unavailable(error) or forbidden(error):
            raise
        code, reason = explained(error)
        if not misfits(error) and unknown_name(str(error)) is None:
            raise Stop(f"{reason}. {code.next_step}", code) from error
        if _is_empty(target):
            raise all_are_missing(target) from error
        message = f"{target} holds no models of this version; build them with: {command} ({reason})"
        raise Stop(message, ExitCode.WRONG_USE) from error


def _is_empty(target: Target) -> bool:
    """Return True if the report's target has neither raw tables nor marts; False where it does not say.

    Asked on another connection: after an error PostgreSQL answers nothing more on that one. A role that may read the
    marts alone sees no raw table.
    """
    place, datasets = Place(target), target.datasets
    try:
        with opened_read_only(target) as reader:
            return not (_listed(reader, place, datasets.raw) & TABLES.keys() or _listed(reader, place, datasets.marts))
    except Stop:
        return False


def _build(reader: Reader, place: Place, target: Target, since: date | None) -> dict[str, Any]:
    build = {column: values[0] for column, values in _answer(reader, place, "marts_build").items()}
    build["since"] = since or first_day(build["today"])
    if build["since"] > build["today"]:
        message = f"--since is '{since}', after the last day of the models, {build['today']}; the page would be empty."
        raise Stop(message, ExitCode.WRONG_USE)
    last_builds = _last_builds(reader, place, target)
    return build | {"older": older_marts(last_builds, models_read(), build["last_build_on"]) if last_builds else None}


def first_day(today: date) -> date:
    """Return the first day of the report's questions, a Monday: a partial week would look as if less had happened."""
    return today - timedelta(days=today.weekday(), weeks=DEFAULT_WEEKS - 1)


def compared_since(since: date, until: date) -> date:
    """Return the first day of the period that the report compares with: just before these days, and as long."""
    days = (until - since).days + 1
    return since - timedelta(days=min(days, (since - date.min).days))


def freshness(reader: Reader, place: Place) -> Answer:
    """Ask the report's question about freshness; a run log of an older version does not say which sweeps were whole."""
    log = place.full_name(f"raw.{SYNC_RESOURCES.name}")
    columns = {name.lower() for name in reader.answer(f"SELECT * FROM {log} WHERE 1 = 0")[0]}  # noqa: S608 - our own name
    return _answer(reader, place, FRESHNESS, is_whole=WHOLE if CREATED_SINCE in columns else "true")


def last_audit(reader: Reader, target: Target) -> Answer:
    """Ask the report's question about the last audit: a row for each proof; no columns if there was none."""
    place = Place(target)
    return _answer(reader, place, "audit") if _holds(reader, place, target.datasets.raw, AUDIT_RESULTS.name) else {}


def _last_builds(reader: Reader, place: Place, target: Target) -> Answer:
    """Ask the question about the log of builds; no columns if there is none, as after a build by dbt."""
    return _answer(reader, place, "last_builds") if _holds(reader, place, target.datasets.staging, RUNS_TABLE) else {}


def _holds(reader: Reader, place: Place, dataset: str, table: str) -> bool:
    return table in _listed(reader, place, dataset)


def _listed(reader: Reader, place: Place, dataset: str) -> set[str]:
    return {name for name, _ in place.catalog.listed(dataset, reader.rows(place.catalog.listing(dataset)))}


def models_read() -> list[str]:
    """Return the names of the models and seeds that the report's questions read, in alphabetical order."""
    return sorted(
        {name for question in (*QUESTIONS, FRESHNESS, "marts_build") for name in references(_query(question))}
    )


def _query(name: str, since: date = date.min, is_whole: str = WHOLE) -> exp.Expr:
    text = files(__package__).joinpath("questions", f"{name}.sql").read_text(encoding="utf-8")
    return sqlglot.parse_one(text.replace("{since}", since.isoformat()).replace("{is_whole}", is_whole), read="duckdb")


def _answer(reader: Reader, place: Place, name: str, since: date = date.min, is_whole: str = WHOLE) -> Answer:
    columns, rows = reader.answer(filled(text_of(_query(name, since, is_whole), place.dialect), place.full_name))
    return {column.lower(): [row[position] for row in rows] for position, column in enumerate(columns)}

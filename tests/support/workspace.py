"""A simulated workspace and a database to load it into, driven through the product's own main flow.

The file is held open for the length of a run, which opens it twenty times: that takes 40 ms each.
"""

import shutil
from contextlib import contextmanager
from pathlib import Path

import duckdb
from dlt.common.typing import TSecretStrValue

from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions, sync
from pipelines.verify.audit.audit import AuditOptions, audit
from pipelines.verify.sweep import SweepOptions, sweep
from simulator import SimulatorProcess
from sources.intercom.configuration import IntercomConfiguration
from tests.support.made_once import made_once


def configuration(simulator, **settings):
    """Return the settings that point the source at `simulator`."""
    made = IntercomConfiguration()
    made.access_token, made.base_url = TSecretStrValue(simulator.token), simulator.url
    # The simulator's jobs advance by being looked at, so nothing is gained by waiting.
    for name, value in {"export_poll_seconds": 0.01, "export_hours": 0.0, **settings}.items():
        setattr(made, name, value)
    made.check()
    return made


def made_anew(simulator, **options):
    """Return `simulator` with its workspace made anew; its clock stands still."""
    simulator.reset(**options)
    simulator.clock(frozen=True)
    return simulator


def database_without_rows():
    """Return a database in which every raw table exists and nothing is loaded: dlt takes seconds to make them."""
    return made_once("without_rows.duckdb", _make_database_without_rows)


def _make_database_without_rows(database):
    sizes = {"contacts": 0, "companies": 0, "conversations": 0, "tickets": 0}
    # On a day of its own: what a sync has loaded today it takes for loaded, and here it is deleted.
    with SimulatorProcess(seed=1, now="2020-01-01T00:00:00Z", rate_limit=0, **sizes) as simulator:
        load_into_nothing(simulator, database, "tags")
    with duckdb.connect(str(database)) as connection:
        for table in ("workspace", "tags", "sync_runs", "sync_resources"):
            connection.execute(f"DELETE FROM intercom_raw.{table}")


def load(simulator, database, *names, everything=False, settings=None, **options):
    """Sync `simulator` into `database` without models; return the outcome. A database that does not exist is made.

    With `everything` visitors are read, too: they cannot be listed, so they are named.
    """
    if not Path(database).exists():
        shutil.copy(database_without_rows(), database)
    return load_into_nothing(simulator, database, *names, everything=everything, settings=settings, **options)


def load_into_nothing(simulator, database, *names, everything=False, settings=None, **options):
    """Do as `load` does, and let dlt make a database that does not exist."""
    settings = {**(settings or {})}
    if everything and "visitor_user_ids" not in settings:
        settings["visitor_user_ids"] = [visitor["user_id"] for visitor in simulator.truth()["visitors"]]
    asked = SyncOptions(Selection(names, everything), transform=False, **options)
    target = Target(database=database)
    with target.held_open():
        return sync(configuration(simulator, **settings), target, asked, Display(is_quiet=True))


@contextmanager
def loaded_workspace(name, options, *names, everything=False):
    """Give a simulator made of `options`, whose clock stands still, and a database for copies that holds it."""

    def make(database):
        assert load(simulator, database, *names, everything=everything).status == "complete"

    with SimulatorProcess(**options) as simulator:
        simulator.clock(frozen=True)
        yield simulator, made_once(f"{name}.duckdb", make)


def swept(simulator, database, *names, settings=None, **options):
    """Sweep `simulator` against `database` without models; return the outcome."""
    asked = SweepOptions(entities=names, transform=False, **options)
    made = configuration(simulator, **(settings or {}))
    target = Target(database=database)
    with target.held_open():
        return sweep(made, target, asked, Display(is_quiet=True))


def found(outcome, name):
    """Return what a sweep found of one entity, by the words for it; what was not found is left out."""
    return {finding.value: count for finding, count in outcome.report.of(f"sweep_{name}").found.items() if count}


def marks(database, table):
    """Return id -> (reason, who survived) of the records of `table` that are marked as gone."""
    sql = f"SELECT id, reason, merged_into_id FROM intercom_raw.deleted_records WHERE entity = '{table}'"
    return {record_id: (reason, into) for record_id, reason, into in rows(database, sql)}


def audited(simulator, database, *, sample=1_000, seed=1, settings=None, **options):
    """Audit `database` against `simulator`; return the outcome. By default every record is in the sample."""
    asked = AuditOptions(sample_size=sample, seed=seed, **options)
    made = configuration(simulator, **(settings or {}))
    target = Target(database=database)
    with target.held_open():
        return audit(made, target, asked, Display(is_quiet=True))


def rows(database, sql):
    """Return the rows of a query."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def records(database, table):
    """Return the rows of a raw table as dicts, without nulls and without what dlt adds."""
    return next(records_of(database, [table]))


def records_of(database, tables):
    """Yield the rows of each raw table, as `records` does."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in tables:
            cursor = connection.execute(f"SELECT * FROM intercom_raw.{table}")
            names = [column[0] for column in cursor.description]
            yield [
                {
                    name: value
                    for name, value in zip(names, row, strict=True)
                    if value is not None and not name.startswith("_dlt_")
                }
                for row in cursor.fetchall()
            ]

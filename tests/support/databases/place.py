"""A database of either kind that a sync loads, and in which somebody else drops, empties and adds."""

from contextlib import contextmanager

import duckdb
import psycopg2
import pytest

from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.query.opening import run_query
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions, sync
from tests.support.workspace import configuration

CREDENTIALS = "DESTINATION__POSTGRES__CREDENTIALS"
READ = ("contacts", "tags")  # as little as shows it: each load costs most of a second
NAMES = ("contacts", "contact_tags", "tags")


class Place:
    """A database of either kind, with statements of somebody else on it."""

    def __init__(self, target, connect):
        self.target = target
        self._connect = connect

    def execute(self, sql):
        connection = self._connect()
        try:
            connection.cursor().execute(sql)
            connection.commit()
        finally:
            connection.close()

    def rows(self, sql):
        return [tuple(row) for row in run_query(self.target, sql)[1]]

    def counts(self):
        return {name: self.rows(f"SELECT count(*) FROM intercom_raw.{name}")[0][0] for name in NAMES}


@contextmanager
def postgres_place(url):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CREDENTIALS, url)
        yield Place(Target("postgres"), lambda: psycopg2.connect(url))


def duckdb_place(database):
    return Place(Target(database=database), lambda: duckdb.connect(str(database)))


def read(simulator, place, display=None, *names, full_refresh=False, **settings):
    options = SyncOptions(Selection(names or READ), transform=False, full_refresh=full_refresh)
    with place.target.held_open():
        return sync(configuration(simulator, **settings), place.target, options, display or Display(is_quiet=True))


def where(place):
    return ["--destination", place.target.destination, "--database", place.target.database]

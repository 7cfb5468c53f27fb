"""Runs in an environment with every driver: prints what is built for each destination, as JSON, and connects to none.

`python describe_destinations.py NAME…` reads the credentials of the .dlt folder where it is started.
"""

import json
import sys

from pipelines.destination.locks.lock import file_beside, lock_in
from pipelines.destination.tables.catalog import Catalog
from pipelines.destination.tables.raw_tables import statement
from pipelines.destination.target import Target
from transforms.runner.dialects.dialect_names import sql_dialect
from transforms.runner.warehouse.comments import COMMENTING_DIALECTS


def described(name):
    target = Target(name)
    client = target.sql_client()
    file, dialect = file_beside(target), sql_dialect(name)
    catalog, marts = Catalog(client, name), target.datasets.marts
    return {
        "client": type(client).__name__,
        "table": client.make_qualified_table_name("workspace"),
        "dialect": dialect,
        "lock": type(lock_in(client, name)).__name__ if file is None else f"beside {file.name}",
        "comments": dialect in COMMENTING_DIALECTS,
        "transactions": client.capabilities.supports_ddl_transactions,
        "statement": statement('SELECT "id" FROM contacts WHERE email = %s', client, dialect),
        "listing": catalog.listing(marts).partition(" FROM ")[2],
        "listed": dict(catalog.listed(marts, [(catalog.path(marts, "dim_teams")[-1], "BASE TABLE")])),
    }


if __name__ == "__main__":
    json.dump({name: described(name) for name in sys.argv[1:]}, sys.stdout)

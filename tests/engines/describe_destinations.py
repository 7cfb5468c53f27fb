"""Runs in an environment with every driver: prints what is built for each destination, as JSON, and connects to none.

`python describe_destinations.py NAME…` reads the credentials of the .dlt folder where it is started.
"""

import json
import sys

from pipelines.destination.locks.lock import file_beside, lock_in
from pipelines.destination.target import Target
from transforms.runner.dialect import sql_dialect
from transforms.runner.warehouse.warehouse import COMMENTING_DIALECTS


def described(name):
    target = Target(name)
    client = target.sql_client()
    file, dialect = file_beside(target), sql_dialect(name)
    return {
        "client": type(client).__name__,
        "table": client.make_qualified_table_name("workspace"),
        "dialect": dialect,
        "lock": type(lock_in(client, name)).__name__ if file is None else f"beside {file.name}",
        "comments": dialect in COMMENTING_DIALECTS,
        "transactions": client.capabilities.supports_ddl_transactions,
    }


if __name__ == "__main__":
    json.dump({name: described(name) for name in sys.argv[1:]}, sys.stdout)

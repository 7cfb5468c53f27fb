"""The connection of a build: statements one by one or together, with the settings and the patience PostgreSQL needs."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.dialect import POSTGRES
from transforms.runner.warehouse.patience import LONGEST_WAIT, PATIENCE_SECONDS, attempts, naming_holders
from transforms.runner.warehouse.values import Row

# PostgreSQL's 4 MB let it sort and hash on disk. Who has set more keeps it.
ENOUGH_MEMORY = """
    SELECT set_config('work_mem', '64MB', false)
    WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')
"""


class Connection:
    """An open sql_client and the dialect that it takes."""

    def __init__(self, client: SqlClientBase[Any], dialect: str) -> None:
        self.client = client
        self.dialect = dialect

    @property
    def has_transactions(self) -> bool:
        """Several statements can be made visible together."""
        return self.client.capabilities.supports_ddl_transactions

    def rows(self, sql: str, *params: object) -> list[Row]:
        """Return the rows that a query in the destination's dialect gives."""
        try:
            return list(self.client.execute_sql(sql, *params) or [])
        except DatabaseException:
            self.set_up()
            raise

    def execute(self, statement: str) -> None:
        """Run one statement, of which nothing is read."""
        self.rows(statement)

    def together(self, dataset: str, name: str, *steps: str | Callable[[], None]) -> None:
        """Take the steps for a table or view; where the warehouse can, readers see the work of all of them or of none.

        On PostgreSQL a lock that is not to be had within a moment is asked for again, some time later.
        """
        for attempt in attempts(PATIENCE_SECONDS) if self.dialect == POSTGRES else (nullcontext(),):
            transaction = self.client.begin_transaction() if self.has_transactions else nullcontext()
            with attempt, naming_holders(self.client, dataset, name), transaction:
                for step in steps:
                    if callable(step):
                        step()
                    else:
                        self.execute(step)

    def set_up(self) -> None:
        """Let PostgreSQL plan for large tables, and wait for no lock for long; dlt resets that after an error."""
        if self.dialect == POSTGRES:
            settings = {"enable_nestloop": "off", "jit": "off", "lock_timeout": f"'{LONGEST_WAIT}'"}
            self.client.execute_sql("; ".join(f"SET {name} = {value}" for name, value in settings.items()))
            self.client.execute_sql(ENOUGH_MEMORY)

"""Statements that become visible together."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dlt.destinations.sql_client import SqlClientBase


@contextmanager
def together(client: SqlClientBase[Any]) -> Iterator[None]:
    """Run the statements of the block in one transaction, if the destination has transactions."""
    if client.capabilities.supports_transactions is False:  # dlt does not know which have them
        yield
        return
    with client.begin_transaction():
        yield

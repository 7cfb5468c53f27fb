"""Statements that become visible together."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dlt.destinations.sql_client import SqlClientBase


@contextmanager
def together(client: SqlClientBase[Any]) -> Iterator[None]:
    """Run the statements of the block in one transaction, where the destination has transactions."""
    if client.capabilities.supports_transactions is False:  # dlt says nothing of those that have
        yield
        return
    with client.begin_transaction():
        yield

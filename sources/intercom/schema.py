"""What dlt is told of the tables, whoever reads into them."""

from collections.abc import Callable, Iterator
from typing import Any

import dlt

from .privacy.forgotten_people import FORGOTTEN_RECORDS
from .privacy.kept_rules import STATE, kept
from .privacy.rules import Privacy
from .resources import RESOURCES
from .rows.deleted_records import DELETED_RECORDS
from .rows.table import Table, Tables
from .rows.unreadable_table import UNREADABLE_RECORDS

TABLES: dict[str, Table] = {table.name: table for resource in RESOURCES.values() for table in resource.tables} | {
    table.name: table for table in (DELETED_RECORDS, UNREADABLE_RECORDS, FORGOTTEN_RECORDS)
}

# Nested objects are flattened by us and lists have tables of their own: dlt is to keep what is left as JSON, because
# nested tables of its own making lose their exactness when a load is killed.
NO_NESTED_TABLES = 0
# So nothing carries the id of its root, which dlt would note of each table in each copy of the schema.
NO_ROOT_KEYS = False


def keep_texts() -> None:
    """Let dlt's schema keep undeclared text that looks like a timestamp as text."""
    dlt.current.source_schema().remove_type_detection("iso_timestamp")


def missing_tables() -> Iterator[Any]:
    """Yield what makes the tables that dlt's schema lacks: from the first run on, no query or model misses one."""
    known = dlt.current.source_schema().tables
    tables = Tables()
    for name, table in TABLES.items():
        if name not in known:
            yield from tables.create(table)


def declared_tables(privacy: Privacy) -> Callable[[], Iterator[Any]]:
    """Return what declares every table to dlt's schema, without a load job for each: who loads makes them by it.

    The rules of `privacy` are kept in the state, and so with the rows that have passed them.
    """

    def declare() -> Iterator[Any]:
        dlt.current.source_state()[STATE] = kept(privacy)
        schema = dlt.current.source_schema()
        for name, table in TABLES.items():
            if name not in schema.tables:
                schema.update_table(table.declared())
        yield from ()

    return declare

"""The dlt source of the Intercom REST API 2.10: each resource of `resources` becomes one of dlt's here."""

from collections.abc import Callable, Iterator
from typing import Any

import dlt
from dlt.extract import DltResource

from .api.errors import AccessDenied, IntercomError, Stopped, TokenRejected
from .privacy.forgotten import FORGOTTEN_RECORDS
from .reading.emission import emitted
from .reading.reading import Reading
from .reading.report import ResourceReport
from .reading.resource import Resource
from .reading.session import Session
from .resources import RESOURCES
from .rows.deleted_records import DELETED_RECORDS
from .rows.table import Table, Tables

TABLES: dict[str, Table] = {table.name: table for resource in RESOURCES.values() for table in resource.tables} | {
    table.name: table for table in (DELETED_RECORDS, FORGOTTEN_RECORDS)
}

# Nested objects are flattened by us and lists have tables of their own: dlt is to keep what is left as JSON, because
# nested tables of its own making lose their exactness when a load is killed.
NO_NESTED_TABLES = 0


@dlt.source(name="intercom", max_table_nesting=NO_NESTED_TABLES)
def intercom(session: Session, resources: tuple[Resource, ...], known_tables: frozenset[str]) -> Iterator[DltResource]:
    """Yield one dlt resource for each of `resources`, and one that creates the tables not in `known_tables` yet.

    An error of Intercom ends its resource and stands in `session.report`; the other resources go on.
    """
    # A text of a field that nobody declared stays the text that it is, also where it looks like a time.
    dlt.current.source_schema().remove_type_detection("iso_timestamp")
    yield dlt.resource(_missing_tables(known_tables), name="tables")
    for resource in resources:
        yield dlt.resource(_reader(session, resource), name=resource.name)


def _missing_tables(known_tables: frozenset[str]) -> Callable[[], Iterator[Any]]:
    """Every table exists from the first run on, so that a query or a model never meets a missing one."""

    def create() -> Iterator[Any]:
        tables = Tables()
        for name, table in TABLES.items():
            if name not in known_tables:
                yield from tables.create(table)

    return create


def _reader(session: Session, resource: Resource) -> Callable[[], Iterator[Any]]:
    def read() -> Iterator[Any]:
        report = session.report.of(resource.name)
        reading = Reading.of(session, resource.name, dlt.current.resource_state(resource.name))
        report.start()
        try:
            yield from report.timed(emitted(resource.read(reading), reading))
        except Stopped:
            report.stop("interrupted")
        except IntercomError as error:
            report.fail(_explained(error, resource.name))
        else:
            report.stop("interrupted" if session.stop.is_set() else "read")

    return read


def _explained(error: IntercomError, resource: str) -> IntercomError:
    """The token was accepted when the run began: a 401 for one area means a missing permission."""
    return AccessDenied(error.failure, resource) if isinstance(error, TokenRejected | AccessDenied) else error


__all__ = ["RESOURCES", "TABLES", "ResourceReport", "Session", "intercom"]

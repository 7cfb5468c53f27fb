"""The dlt source of the command line: what one load package has room for, of resources whose errors end no other."""

from collections.abc import Callable, Iterator
from typing import Any

import dlt
from dlt.extract import DltResource

from .api.errors import IntercomError, Stopped
from .api.explanation import explained
from .incremental.dlt_state import NAME
from .load_package import Package
from .reading.chunk_budget import Chunk
from .reading.emission import to_dlt
from .reading.reading import Reading
from .reading.resource import Place, Resource
from .reading.session import Session
from .reading.side_by_side import Items
from .schema import NO_NESTED_TABLES, NO_ROOT_KEYS, declared_tables, keep_texts


@dlt.source(name=NAME, section=NAME, max_table_nesting=NO_NESTED_TABLES, root_key=NO_ROOT_KEYS)
def chunk_source(session: Session, chunk: Chunk, resources: tuple[Resource, ...]) -> Iterator[DltResource]:
    """Yield the chunk's source: a dlt resource for each of `resources`, and one by which dlt knows all tables.

    They are read side by side, each as far as `chunk` allows. An error of Intercom ends its resource,
    and is noted in `session.report`; the other resources go on.
    """
    keep_texts()
    yield dlt.resource(declared_tables(session.guard.privacy), name="tables")
    package = Package(session, chunk)
    for resource in resources:
        yield dlt.resource(_chunk_reader(package, resource), name=resource.name)


def _chunk_reader(package: Package, resource: Resource) -> Callable[[], Iterator[Any]]:
    """Return what reads as much of a resource as the chunk allows; how it ended is in its report."""

    def read() -> Iterator[Any]:
        reading = package.reading(resource)
        rows = to_dlt(resource.read(reading), reading)
        yield from package.side_by_side.read(resource, lambda: items(reading, rows))

    def items(reading: Reading, rows: Iterator[Any]) -> Items:
        report = reading.report
        if resource.place is Place.LAST and package.goes_on:
            return
        report.start()
        try:
            yield from report.timed(rows)
        except Stopped:
            report.stop("interrupted")
        except IntercomError as error:
            report.fail(explained(error, resource.name))
        else:
            report.stop("interrupted" if reading.session.stop.is_set() else "read")

    return read

"""A connection that is lost for good, as dlt and the driver of a destination raise it: as anything but their errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from dlt.destinations.exceptions import DatabaseTransientException

from pipelines.destination.failures.failure import DESTINATION_ERRORS, unavailable
from pipelines.stop import Stop


@contextmanager
def lost_connection_as_database_error() -> Iterator[None]:
    """Raise a DatabaseException for what a server that went away makes of a block.

    dlt passes on what the driver raises when it connects again, and trips over the connection that it has not got.
    """
    try:
        yield
    except (Stop, *DESTINATION_ERRORS):
        raise
    except Exception as error:
        if unavailable(error) is None:
            raise
        raise DatabaseTransientException(error) from error

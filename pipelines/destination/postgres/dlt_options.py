"""The options by which dlt uses PostgreSQL: UTF-8, waiting for others a moment at a time, no reader locked out."""

from typing import Any

from dlt.common.configuration import configspec
from dlt.common.configuration.resolve import resolve_configuration
from dlt.common.configuration.specs import BaseConfiguration
from dlt.destinations.impl.postgres.configuration import PostgresCredentials

ENCODING = "UTF8"  # of the files that are loaded
# A backslash in a name is no escape, the catalog names types as dlt does, and no number is rounded when it is read.
AS_USUAL = "-c standard_conforming_strings=on -c quote_all_identifiers=off -c extra_float_digits=3"
LOCK_TIMEOUT = "2s"  # whoever wants to read a table meanwhile waits behind us


@configspec
class _Settings(BaseConfiguration):
    """What dlt reads under `[destination.postgres]` before its options are made."""

    credentials: PostgresCredentials = None  # type: ignore[assignment]  # dlt's way to mark it as required


def postgres_options() -> dict[str, Any]:
    """Return dlt's options for PostgreSQL: credentials as configured, UTF-8, and how to wait for others politely."""
    credentials = resolve_configuration(_Settings(), sections=("destination", "postgres")).credentials
    query = dict(credentials.query or {})
    query["options"] = f"-c lock_timeout={LOCK_TIMEOUT} {query.get('options', '')} {AS_USUAL}"
    credentials.query = query
    credentials.client_encoding = ENCODING  # whatever the role, the database or the environment have set
    return {
        "credentials": credentials,
        # TRUNCATE, by which dlt would replace whole lists, waits for every reader, and later readers wait behind it.
        "supports_truncate_command": False,
    }

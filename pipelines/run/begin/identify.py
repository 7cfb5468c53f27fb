"""Whose workspace is read, and whether its rows belong in this target."""

from collections.abc import Iterator
from contextlib import contextmanager

import stamina

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom.api.errors import AccessDenied, IntercomError, TokenRejected
from sources.intercom.api.http.client import Client
from sources.intercom.api.http.rate_limit import DEFAULT_RATE_SHARE
from sources.intercom.api.identity import Identity
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.reading.session import LISTS_AT_ONCE

MAY_NOT_ASK = (
    "Give the app the permission to read admins (Intercom's Developer Hub > your app > Authentication): every run asks "
    "first whose workspace it reads."
)


@contextmanager
def connected(configuration: IntercomConfiguration, max_rate_share: float = DEFAULT_RATE_SHARE) -> Iterator[Client]:
    """Open a client of the workspace that is about to be identified."""
    # Retries are counted and shown in the summary; a line for each would drown the rest.
    stamina.instrumentation.set_on_retry_hooks([])
    connections = configuration.connections + LISTS_AT_ONCE
    token = configuration.access_token.strip()
    with Client.connect(configuration.url, token, max_rate_share, connections, configuration.bounds) as client:
        yield client


def identify(client: Client) -> Identity:
    """Identify the workspace that answers, or raise Stop: if `/me` cannot be read, nothing else can."""
    try:
        return Identity.of(client)
    except AccessDenied as error:
        error.advice = MAY_NOT_ASK
        raise Stop(str(error), ExitCode.FAILED) from error
    except TokenRejected as error:
        error.advice = f"{error.advice} If they are right: {MAY_NOT_ASK}"
        raise Stop(str(error), ExitCode.WRONG_USE) from error
    except IntercomError as error:
        raise Stop(str(error), ExitCode.FAILED) from error


def refuse_other_workspace(raw: RawTables, target: Target, identity: Identity) -> None:
    """Raise Stop if `target` holds the rows of another workspace than that identified, or if nobody can tell."""
    with raw.client() as client:
        held = target.workspace_in(client)
    if held is not None and identity.id_code is None:
        message = f"{target} holds workspace {held[0]} ({held[1]}), and Intercom's /me does not say whose the access "
        raise Stop(f"{message}token is. Nothing was loaded; run again.", ExitCode.FAILED)
    if held is not None and held[0] != identity.id_code:
        message = (
            f"{target} holds workspace {held[0]} ({held[1]}), but the access token belongs to {identity.id_code}. "
            "Choose another --database or --dataset, or the other workspace's token."
        )
        raise Stop(message, ExitCode.WRONG_USE)

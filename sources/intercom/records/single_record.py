"""One record, read in full by its id: what comes of it if Intercom no longer has it, or denies this one alone."""

from collections.abc import Callable
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from ..api.errors import AREA_UNAUTHORIZED, PLAN_RESTRICTED, AccessDenied, NotFound, RecordDenied, TokenRejected
from ..api.http.client import Answer, Client
from ..api.record import Record, other_record, path_of, record_id, updated_at
from ..rows.validation import Misfit

Detail = TypeVar("Detail")


class Whole(NamedTuple, Generic[Detail]):
    """A record of an entity, read in full: its `updated_at` in the full answer, and Intercom's clock at that moment.

    `misfits`: its rows that cannot be loaded, if it was already shaped into rows.
    """

    detail: Detail
    updated_at: int
    read_at: float | None
    misfits: tuple[Misfit, ...] = ()


def by_id(path: str) -> Callable[[Client, str], Whole[Record] | None]:
    """Return what reads an entity's records in full, by their ids under `path`."""
    return lambda client, identity: fetched(client, path, identity)


def one_of(client: Client, path: str, identity: int | str) -> Answer:
    """Return the answer with the entity's record of `path` with this id.

    Raises NotFound, and RecordDenied if this one may not be read. What a plan lacks it lacks for all.
    """
    try:
        return client.get_one(path_of(path, identity), partial(other_record, identity))
    except (AccessDenied, TokenRejected) as error:
        is_of_area = error.failure.code == AREA_UNAUTHORIZED or isinstance(error, AccessDenied)
        if error.failure.code == PLAN_RESTRICTED or not is_of_area:
            raise
        raise RecordDenied(error.failure) from error


def fetched(client: Client, path: str, identity: int | str) -> Whole[Record] | None:
    """Return the entity's record of `path` with this id in full, None if it has vanished; raises as `one_of` does."""
    try:
        answer = one_of(client, path, identity)
    except NotFound:
        return None
    record_id(answer.data, path_of(path, identity))
    return Whole(answer.data, updated_at(answer.data), answer.server_at)

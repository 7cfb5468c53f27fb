"""Asks for the records that a whole listing lacks, each by its own call: they are gone, or only not listed."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from ..api.errors import RecordDenied
from ..api.lists.batches import in_batches
from ..reading.reading import Reading
from ..records.attempts import Unreadable, account, each_attempted
from ..records.single_record import Whole
from ..records.vanished import CONTROLS, check_controls
from .swept_entity import SweptEntity

logger = logging.getLogger(__name__)

IDS_AT_ONCE = 150


@dataclass
class Absence:
    """What is absent from a listing. `gone`: ids that Intercom answers with 404; `there`: records that exist."""

    gone: list[str] = field(default_factory=list)
    there: dict[str, Whole[Any]] = field(default_factory=dict)


def looked_into(
    reading: Reading,
    swept: SweptEntity,
    missing: list[str],
    listed: Iterable[str],
    check: Callable[[Absence], None],
) -> Absence:
    """Look into the absence of each id of `missing` by a call; `check` is called after each batch and may raise.

    A record that Intercom cannot deliver is remembered as unreadable, neither gone nor there. One that the token may
    not read stays as it is, with a warning. Before and after, a few listed records are asked for in the same way: if
    those are not found either, a 404 says nothing.
    """
    absence, denied = Absence(), list[RecordDenied]()
    if missing:
        _check_control(reading, swept, listed)

    whole = partial(swept.entity.whole, reading.client)
    for _, results in each_attempted(reading.session, in_batches(missing, IDS_AT_ONCE), list, whole):
        for record_id, result in results:
            if isinstance(result, Whole):
                absence.there[record_id] = result
                continue
            if isinstance(result, Unreadable) and isinstance(result.error, RecordDenied):
                denied.append(result.error)  # however many: each exists
                continue
            account(reading.unreadable, swept.table.name, record_id, result)
            if result is None:
                absence.gone.append(record_id)
        check(absence)
    _warn_of_denied(swept, denied)
    if absence.gone and not reading.session.stop.is_set():
        _check_control(reading, swept, listed)
    return absence


def _warn_of_denied(swept: SweptEntity, denied: list[RecordDenied]) -> None:
    if denied:
        message = "%s: some are no longer listed, and the token may not read them (%s): they stay as they were. %s"
        logger.warning(message, swept.name, f"{len(denied):,}", denied[0].advice)


def _check_control(reading: Reading, swept: SweptEntity, listed: Iterable[str]) -> None:
    ask = partial(swept.entity.whole, reading.client)
    check_controls(ask, islice(listed, CONTROLS), f"/{swept.name}/{{id}}")

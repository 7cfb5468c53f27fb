"""Asks for the records that a whole listing lacks, each by its own call: they are gone, or only not listed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from ..api.lists.batches import in_batches
from ..api.lists.lookahead import completed
from ..incremental.attempted_records import Unreadable, account, attempted
from ..incremental.entity import Whole
from ..incremental.vanished_records import CONTROLS, check_controls
from ..reading.reading import Reading
from .swept_entity import SweptEntity

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

    A record that Intercom cannot deliver is remembered as unreadable, neither gone nor there. Before and after, a few
    listed records are asked for in the same way: if those are not found either, a 404 says nothing.
    """
    absence = Absence()
    if missing:
        _check_control(reading, swept, listed)

    def attempt(record_id: str) -> Whole[Any] | Unreadable | None:
        return attempted(partial(swept.entity.whole, reading.client), record_id)

    session = reading.session
    for ids, wholes in completed(session.details, in_batches(missing, IDS_AT_ONCE), list, attempt, session.stop.is_set):
        for record_id, whole in zip(ids, wholes, strict=False):  # an interrupted run brings fewer
            if isinstance(whole, Whole):
                absence.there[record_id] = whole
                continue
            account(reading.unreadable, swept.table.name, record_id, whole)
            if whole is None:
                absence.gone.append(record_id)
        check(absence)
    if absence.gone and not session.stop.is_set():
        _check_control(reading, swept, listed)
    return absence


def _check_control(reading: Reading, swept: SweptEntity, listed: Iterable[str]) -> None:
    ask = partial(swept.entity.whole, reading.client)
    check_controls(ask, islice(listed, CONTROLS), f"/{swept.name}/{{id}}")

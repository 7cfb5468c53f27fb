"""The proof of a pass over a search: the distinct records that it listed, against the number that Intercom counts.

A gap is always said. A pass in which others may be hidden behind it is repeated once, and then stops its resource.
"""

import logging

from ...api.call import Call
from ...api.errors import RecordsHidden
from ...api.http.client import Tally
from ...api.lists.completeness import incomplete, is_short, lacks_many, say_too_high, shortfall
from ...api.lists.overstated_totals import Excess
from .progress import Pass

logger = logging.getLogger(__name__)


def is_doubtful(ended: Pass, path: str, excess: Excess, last_count: int | None) -> bool:
    """Return True if records may be hidden from the pass, by a gap beyond Intercom's known overcount.

    It is a large one, or records came twice, which says that others came never, or Intercom counts far fewer on the
    last page (`last_count`) than it listed. Single records may be deleted while pages are read.
    """
    if ended.count_missing <= excess.of(path, ended.after):
        return False
    is_large = is_short(ended.count_listed, ended.total_count)
    if not (is_large or ended.came_again or _is_contradicted(ended, last_count)):
        return False
    twice = f", {ended.came_again} of them twice" if ended.came_again else ""
    logger.warning("%s: %s of %s listed%s", path, ended.count_listed, ended.total_count, twice)
    return True


def conclude(ended: Pass, path: str, excess: Excess, last_count: int | None) -> None:
    """Raise IncompleteListing for a pass that was doubtful twice, unless Intercom's count is too high by a few.

    Where records came twice, too, it raises RecordsHidden, once: a later run that finds no larger gap goes on, or the
    resource would never get past it.
    """
    numbers = Call("POST", path), ended.count_listed, ended.total_count or 0, ended.came_again
    if lacks_many(ended.count_listed, ended.total_count or 0) or _is_contradicted(ended, last_count):
        raise incomplete(*numbers)
    excess.remember(path, ended.count_missing, ended.after)
    if ended.came_again:
        raise RecordsHidden(shortfall(*numbers))


def say_gap(ended: Pass, path: str, excess: Excess, tally: Tally) -> None:
    """Say how many records are missing at the end of a pass; where none is, no overcount is known any more."""
    if ended.count_missing:
        say_too_high(tally, path, ended.count_listed, ended.total_count or 0)
    elif excess.of(path, ended.after):
        excess.remember(path, 0)


def _is_contradicted(ended: Pass, last_count: int | None) -> bool:
    return last_count is not None and is_short(last_count, ended.count_listed)

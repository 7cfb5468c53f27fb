"""A pass that brought fewer records than Intercom counts is repeated once; after that the count is taken for wrong."""

import logging

from ...api.lists.completeness import check_listed, incomplete, is_short, say_too_high
from ...api.lists.overstated_totals import Excess
from .progress import Pass

logger = logging.getLogger(__name__)


def is_pass_short(ended: Pass, path: str, excess: Excess) -> bool:
    """Return True if the pass is short by more than Intercom's known overcount."""
    total_count, known = ended.total_count or 0, excess.of(path, ended.after)
    if known and ended.count_listed >= total_count:
        excess.remember(path, 0)
    if not is_short(ended.count_listed, ended.total_count):
        return False
    if total_count - ended.count_listed <= known:
        say_too_high(path, ended.count_listed, total_count)
        return False
    logger.warning("%s: %s of %s listed", path, ended.count_listed, total_count)
    return True


def conclude(ended: Pass, path: str, excess: Excess, last_count: int | None, came_again: int) -> None:
    """Raise IncompleteListing for a pass that was short twice, unless Intercom's count is too high.

    `last_count`: its number on the last page. `came_again`: records of the pass that were on two pages, which says that
    others were on none.
    """
    total_count = ended.total_count or 0
    if came_again or (last_count is not None and last_count < ended.count_listed):
        raise incomplete("POST", path, ended.count_listed, total_count, came_again)
    check_listed("POST", path, ended.count_listed, total_count)
    excess.remember(path, total_count - ended.count_listed, ended.after)
    say_too_high(path, ended.count_listed, total_count)

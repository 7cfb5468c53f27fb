"""By how many records a listing falls short: the distinct ones that it brought, against the number that Intercom says.

That number is the `total_count` of the first page that names one: real answers repeat records on one page and leave
others out, and deep pages come empty, with a `total_count` of 0. Of a search that repeated some it is the last page's
where that is higher: records that are new by then must not fill the gap. A gap is always said. A list or search in
which records may be hidden behind it, or behind some that came twice, is read once more; one that still lacks too many
stops its resource. The pass over all contacts is not repeated.
"""

import logging
from dataclasses import dataclass

from ..call import Call
from ..errors import Failure, IncompleteListing, RecordsHidden
from ..http.client import Tally
from .overstated_totals import Excess

logger = logging.getLogger(__name__)

TOLERATED_SHARE = 0.01
TOLERATED = 5


@dataclass(frozen=True)
class Count:
    """The count that proves completeness: distinct records of a listing, and Intercom's number (None: not said).

    `came_again`: how many were listed twice as they are, which says that as many may never have been.
    `is_contradicted`: on a later page Intercom counts fewer than it had listed by then; of a search, on the last page
    and by more than a hundredth.
    """

    listed: int
    total: int | None
    came_again: int = 0
    is_contradicted: bool = False

    @property
    def missing(self) -> int:
        """How many records a listing lacks to be complete by Intercom's count."""
        return max((self.total or 0) - self.listed, 0)

    @property
    def is_short(self) -> bool:
        """True if a listing is incomplete by a share: totals change while pages are read, but hardly by a hundredth."""
        return is_clearly_less(self.listed, self.total or 0)

    @property
    def lacks_many(self) -> bool:
        """True if a listing is too incomplete: it lacks more than can have come and gone, or was counted in excess."""
        return self.missing > TOLERATED + (self.total or 0) * TOLERATED_SHARE

    def is_doubtful(self, excess: int) -> bool:
        """Return True if completeness is doubtful, beyond the `excess` that is known to be missing always.

        Single records may be deleted while pages are read. If Intercom gives no total, a record that came twice is the
        only sign of a hidden one.
        """
        if self.total is None:
            return self.came_again > 0
        return self.missing > excess and (self.is_short or self.came_again > 0 or self.is_contradicted)

    def is_worth_another_reading(self, excess: int) -> bool:
        """Return True if another reading of the listing may bring what this one lacks.

        A record that came twice may hide another one although the numbers agree, by what is new or gone meanwhile.
        """
        return self.is_doubtful(excess) or (self.came_again > 0 and not excess)

    def shortfall(self, call: Call) -> Failure:
        """Return what an incomplete listing is said to be, with both numbers."""
        counts = "names no number of" if self.total is None else f"counts {self.total:,}"
        message = f"Intercom {counts} records and listed {self.listed:,}"
        if self.came_again:
            message += f", some of them twice ({self.came_again:,} times)"
        return call.failure(message)


def is_clearly_less(count: int, number: int) -> bool:
    """Return True if a count of a listing is less than a number by more than a hundredth of it."""
    return number - count > number * TOLERATED_SHARE


def conclude(count: Count, call: Call, excess: Excess, tally: Tally, *, is_loaded: bool = False) -> None:
    """Conclude on a listing's completeness after its last reading: say how many are missing.

    Raises IncompleteListing if others must be hidden; otherwise `excess` remembers how many a doubtful one lacks. Of a
    listing that replaces nothing, and `is_loaded` by then, it raises RecordsHidden for a few hidden records, once: a
    later run that finds no larger gap goes on, or the resource would never get past it.
    """
    if count.total is None and count.came_again:
        message = "%s: the list has some records twice (%s times) and names no number; others may be hidden"
        logger.warning(message, call.path, count.came_again)
    if not count.missing:
        excess.forget()
        return
    if count.is_doubtful(excess.count):
        if count.lacks_many or count.is_contradicted or (count.came_again and not is_loaded):
            raise IncompleteListing(count.shortfall(call))
        excess.remember(count.missing)
        if count.came_again:
            raise RecordsHidden(count.shortfall(call))
    tally.unlisted += count.missing
    logger.warning(
        "%s: Intercom counts %s records but lists %s; those are loaded", call.path, count.total, count.listed
    )

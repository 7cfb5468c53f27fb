"""Records that a search shows whole: Intercom is asked nothing for them, and many become rows together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple

from ...api.record import Record, updated_at
from ..attempted_records import Unreadable
from ..entity import Detail, Whole


class AsShown(NamedTuple):
    """A record without a call of its own."""

    record: Record


@dataclass(frozen=True)
class Shown(Generic[Detail]):
    """Records that a search shows whole, so that Intercom `is_asked` for the others only.

    `together` makes one detail of many in half the time, or None if one of them cannot be loaded as it is.
    """

    is_asked: Callable[[Record], bool]
    together: Callable[[list[Record]], Detail | None]

    def detailed(
        self,
        results: Sequence[Whole[Detail] | Unreadable | AsShown | None],
        attempt: Callable[[Record], Whole[Detail] | Unreadable | None],
    ) -> tuple[list[Detail], list[Whole[Any] | Unreadable | None]]:
        """Return the details of a batch, one for all records without calls, and the result of each record.

        `attempt` makes the detail of one record, where one of them cannot be loaded as it is.
        """
        shown = [result.record for result in results if isinstance(result, AsShown)]
        together = self.together(shown) if shown else None
        if together is None:
            wholes = [attempt(result.record) if isinstance(result, AsShown) else result for result in results]
            return details_of(wholes), wholes
        return [together, *details_of(results)], [
            Whole(None, updated_at(result.record), None) if isinstance(result, AsShown) else result
            for result in results
        ]


def details_of(results: Sequence[Whole[Detail] | Unreadable | AsShown | None]) -> list[Detail]:
    """Return the details of the records that were read in full."""
    return [result.detail for result in results if isinstance(result, Whole)]


NOTHING_SHOWN: Shown[Any] = Shown(lambda record: True, lambda records: None)

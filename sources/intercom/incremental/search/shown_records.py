"""Records that a search shows whole: Intercom is asked nothing for them, and many become rows together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from ...api.record import Record
from ..entity import Detail


@dataclass(frozen=True)
class Shown(Generic[Detail]):
    """Records that a search shows whole, so that Intercom `is_asked` for the others only.

    `together` makes one detail of many in half the time, or None if one of them cannot be loaded as it is.
    """

    is_asked: Callable[[Record], bool]
    together: Callable[[list[Record]], Detail | None]


NOTHING_SHOWN: Shown[Any] = Shown(lambda record: True, lambda records: None)

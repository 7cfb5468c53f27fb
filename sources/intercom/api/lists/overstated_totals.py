"""By how much a listing's total is known to be too high, so that the listing is not read twice in every run."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Excess:
    """By how much Intercom's numbers are known to be too high, listing by listing; kept in a resource's state.

    A search's overcount applies to searches with the same lower bound (`after`) or an earlier one.
    """

    state: MutableMapping[str, Any] = field(default_factory=dict)

    def of(self, listing: str, after: int = 0) -> int:
        """Return the overcount that an earlier listing found, mostly 0."""
        known = self.state.get("excess", {}).get(listing, 0)
        count, known_after = known if isinstance(known, list) else (known, 0)
        return count if after <= known_after else 0

    def remember(self, listing: str, count: int, after: int = 0) -> None:
        """Remember a listing's overcount, so that the next run does not read it twice; 0 forgets it."""
        known = dict(self.state.get("excess", {}))
        if count:
            known[listing] = [count, after] if after else count
        elif known.pop(listing, None) is None:
            return
        self.state["excess"] = known

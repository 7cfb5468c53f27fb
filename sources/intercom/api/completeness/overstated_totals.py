"""By how much a listing's total is known to be too high, so that the listing is not read twice in every run."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Excess:
    """By how much a listing's total is known to be overstated; kept in a resource's state.

    That of a search with a lower bound (`after`) applies to searches with the same one or an earlier one.
    """

    state: MutableMapping[str, Any]
    listing: str
    after: int = 0

    @property
    def count(self) -> int:
        """By how much an earlier run has found the total overstated, mostly 0."""
        known = self.state.get("excess", {}).get(self.listing, 0)
        count, known_after = known if isinstance(known, list) else (known, 0)
        return count if self.after <= known_after else 0

    def remember(self, count: int) -> None:
        """Remember by how much a total is overstated, so that the next run does not read the listing twice."""
        known = [count, self.after] if self.after else count
        self.state["excess"] = {**self.state.get("excess", {}), self.listing: known}

    def forget(self) -> None:
        """Forget that this listing's total was overstated: the number is right again."""
        if self.count:
            self.state["excess"] = {name: of for name, of in self.state["excess"].items() if name != self.listing}

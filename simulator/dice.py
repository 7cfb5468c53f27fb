"""Random choices with a seed, in words."""

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Item = TypeVar("Item")
Kind = TypeVar("Kind", bound=Hashable)


class NothingFitsError(LookupError):
    """There is nothing among which dice could choose."""


class Dice(Random):
    """Dice with a seed: `random.Random` with the few throws the simulator needs, cheaper than the library's own."""

    def happens(self, probability: float) -> bool:
        """Throw the dice: True with this probability."""
        return self.random() < probability

    def pick(self, items: Sequence[Item]) -> Item:
        """Throw the dice for one of the items, all equally likely; NothingFitsError if there is none."""
        try:
            return items[int(self.random() * len(items))]
        except IndexError:
            raise NothingFitsError from None

    def within(self, low: int, high: int) -> int:
        """Throw the dice for a whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """Throw the dice for `count` different items (all of them when there are fewer), in random order."""
        return self.sample(items, min(count, len(items)))


class Weighted(Generic[Kind]):
    """Items with weights, for many throws of the same dice."""

    def __init__(self, weights: dict[Kind, float]) -> None:
        self._items = list(weights)
        self._cumulative = list(accumulate(weights.values()))

    def throw(self, dice: Dice) -> Kind:
        """Throw the dice for one item, as likely as its weight says."""
        at = dice.random() * self._cumulative[-1]
        return self._items[bisect_right(self._cumulative, at)]

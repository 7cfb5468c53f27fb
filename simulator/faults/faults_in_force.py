"""The faults in force."""

from dataclasses import fields

import orjson

from simulator.dice import Dice
from simulator.faults.fault import Fault
from simulator.faults.kinds import KINDS
from simulator.record import Record


class FaultsInForce:
    """The faults in force, in the order they were added; `draw` picks the one for a request."""

    def __init__(self, seed: int, text: str) -> None:
        self.faults: list[Fault] = []
        self._dice = Dice(seed)
        if text:
            self.add(orjson.loads(text))

    def add(self, asked: list[Record]) -> None:
        """Put faults in force: all of them, or none if one is wrong (ValueError)."""
        self.faults += [_checked(each) for each in asked]

    def clear(self) -> None:
        """Remove all faults, so that none is in force."""
        self.faults = []

    def draw(self, operation: str, path: str) -> Fault | None:
        """Return which of the faults in force strikes this request, or None."""
        for fault in self.faults:
            if fault.acts_on(operation, path, self._dice.random()):
                return fault
        return None


def _checked(asked: Record) -> Fault:
    unknown = sorted(asked.keys() - {field.name for field in fields(Fault)})
    if unknown:
        raise ValueError(f"unknown in a fault: {', '.join(unknown)}")
    if asked.get("kind") not in KINDS:
        raise ValueError(f"kind must be one of: {', '.join(KINDS)}")
    return Fault(**asked)

"""The faults in force."""

import math
from dataclasses import fields

import orjson

from simulator.dice import Dice
from simulator.endpoints.routes import is_known
from simulator.faults.fault import Fault
from simulator.faults.kinds import KINDS
from simulator.record import Record

WHOLE = {"times": 0, "skip": 0, "every": 1, "status": 200}  # the least of each
LAST_STATUS = 599
WITHOUT_BODY = (204, 304)  # HTTP knows no body with these, and a fault's answer has one


class FaultsInForce:
    """The faults in force, in the order they were added; `draw` picks the one for a request."""

    def __init__(self, seed: int, text: str) -> None:
        self.faults: list[Fault] = []
        self._dice = Dice(seed)
        if text:
            self.add(orjson.loads(text))

    def add(self, asked: list[Record]) -> None:
        """Put faults in force: all of them, or none if one is wrong (ValueError)."""
        if not isinstance(asked, list):
            raise ValueError("faults must be a list of objects")  # noqa: TRY004 - as for whatever else is wrong
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
    if not isinstance(asked, dict):
        raise ValueError(f"a fault must be an object, not {asked!r}")  # noqa: TRY004 - as for whatever else is wrong
    unknown = sorted(asked.keys() - {field.name for field in fields(Fault) if field.init})
    if unknown:
        raise ValueError(f"unknown in a fault: {', '.join(unknown)}")
    if str(asked.get("kind")) not in KINDS:
        raise ValueError(f"kind must be one of: {', '.join(KINDS)}")
    fault = Fault(**asked)
    _check_numbers(fault)
    if fault.operation != "*" and not is_known(str(fault.operation)):
        raise ValueError(f"a fault would never strike {fault.operation!r}: no operation and no path of one")
    if not isinstance(fault.places, dict) or not all(isinstance(text, str) for text in fault.places.values()):
        raise ValueError(f"places of a fault must be an object of texts, not {fault.places!r}")
    return fault


def _check_numbers(fault: Fault) -> None:
    """Raise ValueError for a number in a fault that is none, or with which it would never strike."""
    for name, least in WHOLE.items():
        value = getattr(fault, name)
        if type(value) is not int or value < least:
            raise ValueError(f"{name} of a fault must be a whole number of at least {least}, not {value!r}")
    if fault.status > LAST_STATUS:
        raise ValueError(f"status of a fault must be at most {LAST_STATUS}, not {fault.status!r}")
    if fault.status in WITHOUT_BODY:
        raise ValueError(f"status of a fault must be one that comes with a body, not {fault.status!r}")
    seconds = fault.retry_after_seconds
    if seconds is not None and (type(seconds) is not int or seconds < 0):
        raise ValueError(f"retry_after_seconds of a fault must be a whole number of at least 0, not {seconds!r}")
    if type(fault.probability) not in {int, float} or not 0 < fault.probability <= 1:
        raise ValueError(f"probability of a fault must be above 0 and at most 1, not {fault.probability!r}")
    if type(fault.delay_seconds) not in {int, float} or not 0 <= fault.delay_seconds < math.inf:
        raise ValueError(f"delay_seconds of a fault must be a number of at least 0, not {fault.delay_seconds!r}")

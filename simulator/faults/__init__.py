"""Faults on demand: answers that the API gives on bad days."""

from simulator.faults.box import FaultBox
from simulator.faults.fault import Fault

__all__ = ["Fault", "FaultBox"]

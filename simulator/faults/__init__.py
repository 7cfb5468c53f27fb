"""Faults on demand: answers that the API gives on bad days."""

from simulator.faults.fault import Fault
from simulator.faults.faults_in_force import FaultsInForce

__all__ = ["Fault", "FaultsInForce"]

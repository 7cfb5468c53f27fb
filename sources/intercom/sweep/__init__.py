"""The sweep: what is gone from Intercom, what came back, and what changed without saying so."""

from sources.intercom.sweep.entities import SWEPT
from sources.intercom.sweep.finding import Finding
from sources.intercom.sweep.held import RawRows
from sources.intercom.sweep.sweep import Task, resource_name
from sources.intercom.sweep.swept import Swept

__all__ = ["SWEPT", "Finding", "RawRows", "Swept", "Task", "resource_name"]

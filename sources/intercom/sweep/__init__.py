"""The sweep: what is gone from Intercom, what came back, and what changed without saying so."""

from .entities import SWEPT
from .finding import Finding
from .loaded_records import RawTableReader
from .sweep_task import Task, resource_name
from .swept_entity import SweptEntity

__all__ = ["SWEPT", "Finding", "RawTableReader", "SweptEntity", "Task", "resource_name"]

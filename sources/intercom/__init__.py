"""The dlt source of the Intercom REST API 2.10: each of `resources` becomes a resource of dlt."""

from .chunk_source import chunk_source
from .incremental.dlt_state import state_of, states_of
from .reading.resource_report import ResourceReport
from .reading.session import Session
from .resources import RESOURCES
from .schema import TABLES
from .source import intercom_source, is_going_on

__all__ = [
    "RESOURCES",
    "TABLES",
    "ResourceReport",
    "Session",
    "chunk_source",
    "intercom_source",
    "is_going_on",
    "state_of",
    "states_of",
]

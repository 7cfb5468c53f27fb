"""A resource: what a person names on the command line, the tables it fills, and how it reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..rows.table import Rows as Rows  # noqa: PLC0414 - what resources are written with
from ..rows.table import Table
from .session import ResourceReading


@dataclass(frozen=True)
class Resource:
    """`read` yields rows of `tables`, a page or a whole list at a time.

    `pace` says how it comes to an end: a "listing" is read whole in one load package, a "scroll" too but with nothing
    beside it, "changes" continue from a watermark through many, as does a "job", for which Intercom needs its time;
    "per_contact" costs a call for every contact, so it is read only when asked for, as is a "lookup" of what the others
    have met. `operations` are those of the API that it calls.
    """

    name: str
    tables: tuple[Table, ...]
    pace: Literal["listing", "scroll", "changes", "job", "per_contact", "lookup"]
    read: Callable[[ResourceReading], Iterator[Rows]]
    operations: tuple[str, ...]

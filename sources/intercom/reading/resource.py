"""A resource: its name on the command line, the tables that it fills, and how it is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from ..rows.table import Rows, Table
from .reading import Reading
from .resource_size import Size, SizeQuestion


class Place(Enum):
    """A resource's place in the load packages of a run."""

    TOGETHER = "with the others, in as many load packages as it takes"
    AWAITED = "followed while the others are read, and waited for after them: Intercom works on it meanwhile"
    LAST = "after the others, because it looks up what they have met"


class Continuation(Enum):
    """How a resource continues in the next run; the value is shown to people."""

    ANEW = "read whole in every run"
    FROM_WATERMARK = "new and changed records since the last run"
    FROM_LAST_EXPORT = "what is new, and the last `export_days` days once more, in every run"
    EVERY_CONTACT = "every contact is asked"
    PEOPLE_MET = "people met since the last time are looked up"


@dataclass(frozen=True)
class Resource:
    """A resource: `read` yields rows of `tables`, a page or a whole list at a time.

    `operations` are those of the API that it loads from. `size_of` says how much it will bring. `is_opt_in`: it costs a
    call for every contact or person, so it is read only when asked for.
    """

    name: str
    tables: tuple[Table, ...]
    read: Callable[[Reading], Iterator[Rows]]
    operations: tuple[str, ...]
    continuation: Continuation = Continuation.ANEW
    place: Place = Place.TOGETHER
    is_opt_in: bool = False
    size_of: Callable[[SizeQuestion], Size] | None = None

    def size(self, question: SizeQuestion) -> Size:
        """Return how much a run will read of the resource; where nobody can say, it is a call for each operation."""
        return Size(None, len(self.operations)) if self.size_of is None else self.size_of(question)

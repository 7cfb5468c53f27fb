"""Records that a search lists by their last change: those that are new or changed since the last run are merged."""

from collections.abc import Callable, Iterable, Iterator

from ..api.lists.search_endpoint import Search
from ..api.record import Record
from ..reading.reading import Reading
from ..reading.resource import Continuation, Resource
from ..records.entity import AnyEntity
from ..rows.table import Rows
from .search.changes import Changes
from .sizing import of_search


def searched_list(
    search: Search,
    entity: AnyEntity,
    *operations: str,
    calls: Callable[[Record], int] | None = None,
    people_in: Callable[[Rows], Iterable[str]] = lambda _rows: (),
) -> Resource:
    """Return the resource of a list that is searched: the records of `entity` that `search` finds.

    Its own call completes a found record, or `operations`, which costs `calls(record)`: one, unless said otherwise, of
    a record that the search does not show whole. `people_in` returns the user ids in a page's rows, some of which may
    be visitors'.
    """

    def read(reading: Reading) -> Iterator[Rows]:
        for rows in Changes(search, reading, entity).batches():
            reading.session.people.update(people_in(rows))
            yield rows

    return Resource(
        entity.table.name,
        entity.tables,
        read,
        (str(search.call), f"GET {search.path_of_one}", *operations),
        continuation=Continuation.FROM_WATERMARK,
        size_of=of_search(search, calls or (lambda found: entity.as_listed(found) is None)),
    )

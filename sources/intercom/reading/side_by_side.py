"""Resources read side by side: each in a thread of its own, while dlt takes their items in turn."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from typing import Any

from .resource import Place, Resource

ITEMS_AHEAD = 2  # of one resource: each may hold thousands of rows
SECONDS_BETWEEN_LOOKS = 0.5

Items = Generator[Any, None, None]


@dataclass(eq=False)
class _Reader:
    """The thread of one of the resources read side by side: items that it has read and dlt has not taken yet.

    `has_ended`: nothing more will be read, because of `error`, or because everything was. `is_left`: nobody takes more
    items.
    """

    place: Place
    items: deque[Any] = field(default_factory=deque)
    error: BaseException | None = None
    has_ended: bool = False
    is_left: bool = False

    @property
    def has_news(self) -> bool:
        return not self.is_left and (self.has_ended or bool(self.items))


class SideBySide:
    """The resources of one load package, read side by side.

    `others_ended`: set while only resources that wait for Intercom are left, and keep the package waiting.
    """

    def __init__(self) -> None:
        self.others_ended = Event()
        self._readers: list[_Reader] = []
        self._changed = Condition()  # guards the readers

    def read(self, resource: Resource, items: Callable[[], Items]) -> Iterator[Any]:
        """Read a resource side by side with the others: yield its items in order, raise what reading it raises.

        `None` says that there is nothing yet: dlt goes on to another resource. Reading begins once every resource of
        the package has been asked; what is read last begins when the others have ended.
        """
        reader = self._entered(resource)
        yield None
        Thread(target=copy_context().run, args=(self._read, reader, items), name=resource.name, daemon=True).start()
        try:
            yield from self._taken(reader)
        finally:
            with self._changed:
                reader.is_left = True
                self._changed.notify_all()

    def _entered(self, resource: Resource) -> _Reader:
        reader = _Reader(resource.place)
        with self._changed:
            self._readers.append(reader)
            self._update_others_ended()
        return reader

    def _taken(self, reader: _Reader) -> Iterator[Any]:
        while True:
            with self._changed:
                self._changed.wait_for(self._is_anything_there, SECONDS_BETWEEN_LOOKS)
                item = reader.items.popleft() if reader.items else None
                is_over = item is None and reader.has_ended
                self._changed.notify_all()
            if not is_over:
                yield item
            elif reader.error is None:
                return
            else:
                raise reader.error

    def _is_anything_there(self) -> bool:
        return any(reader.has_news for reader in self._readers)

    def _read(self, reader: _Reader, items: Callable[[], Items]) -> None:
        try:
            with self._changed:
                self._changed.wait_for(lambda: reader.is_left or self._may_begin(reader))
            generator = items()
            for item in generator:
                if not self._is_put(reader, item):
                    generator.close()
                    break
        except BaseException as error:  # noqa: BLE001 - raised where the items are taken
            reader.error = error
        with self._changed:
            reader.has_ended = True
            self._update_others_ended()
            self._changed.notify_all()

    def _is_put(self, reader: _Reader, item: Any) -> bool:
        """Wait until the thread has room for another item; False if nobody takes it any more."""
        with self._changed:
            self._changed.wait_for(lambda: reader.is_left or len(reader.items) < ITEMS_AHEAD)
            if not reader.is_left:
                reader.items.append(item)
                self._changed.notify_all()
            return not reader.is_left

    def _may_begin(self, reader: _Reader) -> bool:
        return reader.place is not Place.LAST or all(
            other.has_ended for other in self._readers if other.place is Place.TOGETHER
        )

    def _update_others_ended(self) -> None:
        """Set `others_ended` once, of all read side by side, only awaited resources remain."""
        if all(reader.has_ended for reader in self._readers if reader.place is not Place.AWAITED):
            self.others_ended.set()
        else:
            self.others_ended.clear()

"""Whose turn it is where all resources of a run share one load package, and dlt takes a page of each in turn."""

from .resource import Resource, Turn

_BEFORE: dict[Turn, frozenset[Turn]] = {
    Turn.FIRST: frozenset(),
    Turn.TOGETHER: frozenset({Turn.FIRST}),
    Turn.AWAITED: frozenset({Turn.FIRST, Turn.TOGETHER}),
    Turn.LAST: frozenset({Turn.FIRST, Turn.TOGETHER, Turn.AWAITED}),
}


class Turns:
    """The resources that are being read. Each enters before its first page, and leaves after its last one."""

    def __init__(self) -> None:
        self._reading: dict[str, Turn] = {}

    def enter(self, resource: Resource) -> None:
        """A resource has something to read."""
        self._reading[resource.name] = resource.turn

    def leave(self, resource: Resource) -> None:
        """A resource has come to its end."""
        self._reading.pop(resource.name, None)

    def may_begin(self, resource: Resource) -> bool:
        """Tell whether nothing that goes first is being read; what is waited for begins with the others."""
        turn = Turn.TOGETHER if resource.turn is Turn.AWAITED else resource.turn
        return _BEFORE[turn].isdisjoint(self._reading.values())

    def may_go_on(self, resource: Resource) -> bool:
        """Tell the same of a resource that has begun."""
        return _BEFORE[resource.turn].isdisjoint(self._reading.values())

"""Records that were listed and are not found: whether they are gone, or Intercom finds nothing at the moment."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import TypeVar

from ..api.call import Call
from ..api.errors import BadAnswer, IntercomError
from ..api.record import path_of
from .attempts import Unreadable, attempted

Item = TypeVar("Item")
Result = TypeVar("Result")

CONTROLS = 3


def confirmed(
    executor: Executor,
    results: Sequence[tuple[Item, Result | Unreadable | None]],
    read: Callable[[Item], Result | Unreadable | None],
    check: Callable[[Sequence[Item]], None],
) -> list[tuple[Item, Result | Unreadable | None]]:
    """Return each item with its result after asking once more for those that seem to have vanished (None).

    For some minutes a gateway may answer 404 to everything. `check` gets the items that are still not found, and raises
    if that is no evidence.
    """
    vanished = [item for item, result in results if result is None]
    again = executor.map(partial(attempted, read), vanished)
    now = [(item, next(again) if result is None else result) for item, result in results]
    if vanished := [item for item, result in now if result is None]:
        check(vanished)
    return now


def unless_listed(
    results: Mapping[str, Result | Unreadable | None], path: str, list_again: Callable[[], Collection[str]]
) -> dict[str, Result | Unreadable | None]:
    """Return the results by id: what seems to have vanished from `path`, and is listed even so, is unreadable."""
    vanished = [one for one, result in results.items() if result is None]
    listed = list_again() if vanished else ()
    return {**results, **{one: Unreadable.although_listed(path_of(path, one)) for one in vanished if one in listed}}


def check_controls(
    ask: Callable[[str], object], controls: Iterable[str], path: str, vanished: Sequence[str] = ()
) -> None:
    """Raise IncompleteListing if none of the listed `controls` is found at `path` either: a 404 says nothing then.

    If Intercom fails on them, its error is raised. Without controls, a few `vanished` records are believed, but not
    many.
    """
    evidence = vanished[0] if len(vanished) > CONTROLS else None
    error: IntercomError | None = None
    for control in controls:
        answer = attempted(ask, control)
        if isinstance(answer, Unreadable) and isinstance(answer.error, BadAnswer):
            error = answer.error
        elif answer is None:
            evidence = control
        else:
            return
    if error is not None:
        raise error
    if evidence is not None:
        message = f"records that are listed answer 404, such as {evidence}"
        raise Call("GET", path).contradiction(message)

"""Records that were listed and are not found: whether they are gone, or Intercom finds nothing at the moment."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

from ..api.errors import BadAnswer, Failure, IncompleteListing, IntercomError
from .attempted_records import Unreadable, attempted

Item = TypeVar("Item")
Result = TypeVar("Result")

CONTROLS = 3


def confirmed(
    executor: Executor,
    items: Sequence[Item],
    results: Sequence[Result],
    ask: Callable[[Item], Result],
    check: Callable[[Sequence[Item]], None],
) -> list[Result]:
    """Return the result of each item after asking once more for those that seem to have vanished (None).

    For some minutes a gateway may answer 404 to everything. `check` gets the items that are still not found, and raises
    if that is no evidence.
    """
    now = list(results)
    positions = [position for position, result in enumerate(results) if result is None]
    if not positions:
        return now
    for position, result in zip(positions, executor.map(ask, [items[position] for position in positions]), strict=True):
        now[position] = result
    if missing := [items[position] for position in positions if now[position] is None]:
        check(missing)
    return now


def check_controls(
    ask: Callable[[str], object], controls: Iterable[str], path: str, missing: Sequence[str] = ()
) -> None:
    """Raise IncompleteListing if listed `controls` are not found at `path` either: then nothing has vanished.

    If Intercom fails on them, its error is raised. Without controls, a few `missing` records are believed, but not
    many.
    """
    evidence = missing[0] if len(missing) > CONTROLS else None
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
        raise IncompleteListing(Failure("GET", path, message=message))

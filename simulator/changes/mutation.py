"""Applies random changes, each at its own moment."""

from collections.abc import Iterable, Sequence

from simulator.changes import companies, contacts, conversations, publications, staff, tags, tickets, traces
from simulator.changes.scene import Change, Scene
from simulator.dice import Dice, NothingFitsError, Weighted
from simulator.generate.cast import Cast
from simulator.record import Record
from simulator.workspace import Workspace

KINDS: dict[str, tuple[float, Change]] = {
    **contacts.KINDS,
    **companies.KINDS,
    **conversations.KINDS,
    **tickets.KINDS,
    **staff.KINDS,
    **tags.KINDS,
    **publications.KINDS,
    **traces.KINDS,
}
"""Every kind of change with its weight; weight 0 happens only when it is named: what is silent, odd or rare."""
PAUSES_SECONDS = (0, 0, 1, 7, 30, 120, 600)
"""How far the clock moves before a change; none lets several happen within one second."""
MAX_TRIES = 50


def check_kinds(kinds: Iterable[str]) -> None:
    """Raise ValueError for kinds of mutation, random changes of the workspace, that do not exist."""
    unknown = sorted(set(kinds) - KINDS.keys())
    if unknown:
        raise ValueError(f"unknown kind of change: {', '.join(unknown)}; known: {', '.join(KINDS)}")


def mutate(workspace: Workspace, count: int, seed: int, kinds: Sequence[str] = ()) -> list[Record]:
    """Mutate the workspace by `count` random changes, of any or these kinds; return `{kind, entity, id, at}` of each.

    Unknown kinds raise ValueError.
    """
    check_kinds(kinds)
    scene = Scene(workspace, Dice(seed), Cast(workspace))
    weights = {kind: KINDS[kind][0] or 1.0 for kind in kinds} if kinds else {kind: KINDS[kind][0] for kind in KINDS}
    throws = Weighted({kind: weight for kind, weight in weights.items() if weight})
    changes: list[Record] = []
    for _ in range(count):
        workspace.clock.advance(scene.dice.pick(PAUSES_SECONDS))
        change = _one(scene, throws)
        if change is not None:
            changes.append(change)
    return changes


def _one(scene: Scene, throws: Weighted[str]) -> Record | None:
    for _ in range(MAX_TRIES):
        kind = throws.throw(scene.dice)
        try:
            entity, record_id = KINDS[kind][1](scene)
        except NothingFitsError:
            continue
        return {"kind": kind, "entity": entity, "id": record_id, "at": scene.at}
    return None

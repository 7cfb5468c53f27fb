"""Facts about records that one resource could not read or load: in its state, and shown in `unreadable_records`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NotRequired, TypedDict, cast

from ..api.lists.page import Span
from ..rows.table import Row
from ..rows.unreadable_table import UNREADABLE_RECORDS
from ..rows.validation import Misfit
from .resource_report import ResourceReport

MOST_REMEMBERED = 1_000  # more than so many that cannot be loaded are an API that has changed


class Fact(TypedDict):
    """A fact about an unreadable record, as its row says it; `record_id`: what to ask for again, None without an id.

    `is_undelivered`: Intercom answers the request for it with an error. `spans`: for what has no id, the moments
    between which to look for it again, if it was listed by time; records with the same content are one fact.
    """

    entity: str
    id: str
    record_id: str | None
    reason: str
    first_seen_at: int
    tries: int
    is_undelivered: bool
    spans: NotRequired[list[list[int]]]


class UnreadableFacts:
    """The facts that a resource's state keeps, the longest remembered first.

    In the state, `unreadable` has them by entity and id, and `unread` the ids to ask for again. `most` are kept; the
    report names those that this run has met, and says if there was no room for another. `now`: Intercom's clock.
    """

    def __init__(self, state: dict[str, Any], report: ResourceReport, now: Callable[[], float], most: int) -> None:
        self.report = report
        self._state = state
        self._now = now
        self._most = most
        self._changed: dict[str, Row] = {}
        self._met: set[tuple[str, Span]] = set()
        if "unreadable" in state:
            state["unreadable"] = {_name_of(fact): _with_spans(fact) for fact in state["unreadable"].values()}

    def __len__(self) -> int:
        """Return how many facts are kept."""
        return len(self._by_name)

    def __iter__(self) -> Iterator[Fact]:
        """Yield the facts that are kept now; meanwhile any of them may be changed or removed."""
        yield from list(self._by_name.values())

    @property
    def _by_name(self) -> dict[str, Fact]:
        facts: dict[str, Fact] = self._state.get("unreadable", {})
        return facts

    @property
    def ids(self) -> list[str]:
        """The ids of unreadable records to ask for again."""
        return unread_ids(self._state)

    @property
    def count_undelivered(self) -> int:
        """How many records are known that Intercom could not deliver."""
        return sum(fact["is_undelivered"] for fact in self)

    def get(self, entity: str, identity: str) -> Fact | None:
        """Return the fact about a row of this table and id, None if none is kept."""
        return self._by_name.get(_name(entity, identity))

    def seconds_known(self, misfit: Misfit) -> int:
        """Return how many seconds ago the fact about a misfit was noted first; 0 if there is none."""
        known = self.get(misfit.entity, misfit.id)
        return 0 if known is None else int(self._now()) - known["first_seen_at"]

    def unmet(self) -> list[Fact]:
        """Return the facts about what has no id, and that this run has not met."""
        met = self.report.unreadable
        return [fact for fact in self if fact["record_id"] is None and _name_of(fact) not in met]

    def in_span(self, span: Span) -> list[Fact]:
        """Return the facts about what is to be looked for in a span."""
        return [fact for fact in self if list(span) in fact.get("spans", ())]

    def is_met(self, fact: Fact, span: Span) -> bool:
        """Return True if this run has met in a span what a fact is about."""
        return (_name_of(fact), span) in self._met

    def add(
        self, misfit: Misfit, identity: str | None = None, span: Span | None = None, *, is_undelivered: bool = False
    ) -> bool:
        """Note a fact that this run has met; return whether there was room for it."""
        before, now = self.get(misfit.entity, misfit.id), int(self._now())
        if before is None and len(self) >= self._most:
            self.report.is_overfull = True
            return False
        name = _name(misfit.entity, misfit.id)
        fact: Fact = {
            "entity": misfit.entity,
            "id": misfit.id,
            "record_id": identity,
            "reason": misfit.reason,
            "first_seen_at": now if before is None else before["first_seen_at"],
            "tries": (0 if before is None else before["tries"]) + (name not in self.report.unreadable),
            "is_undelivered": is_undelivered,
        }
        if span is not None:
            others = () if before is None else before.get("spans", ())
            fact["spans"] = [*(one for one in others if one != list(span)), list(span)]
        if identity is not None and identity not in self.ids:
            self._state["unread"] = [*self.ids, identity]
        self.keep(fact)
        self._meet(fact, span)
        self._changed[name] = {
            "entity": misfit.entity,
            "id": misfit.id,
            "reason": misfit.reason,
            "first_seen_at": fact["first_seen_at"],
            "last_seen_at": now,
            "tries": fact["tries"],
        }
        return True

    def replace(self, identity: str, misfits: Sequence[Misfit], *, is_undelivered: bool = False) -> bool:
        """Let these be the facts about a record, none if it is readable; return whether there was room for them."""
        names = {_name(misfit.entity, misfit.id) for misfit in misfits}
        for fact in self:
            if fact["record_id"] == identity and _name_of(fact) not in names:
                self.remove(fact)
        if not misfits and identity in self.ids:
            self._state["unread"] = [one for one in self.ids if one != identity]
        return all(self.add(misfit, identity, is_undelivered=is_undelivered) for misfit in misfits)

    def rename(self, identity: str, new: str) -> None:
        """Keep the facts about a record under another id from now on; whoever says so names it by that, too."""
        self._state["unread"] = [new if one == identity else one for one in self.ids]
        for fact in self:
            if fact["record_id"] == identity:
                self.remove(fact)
                self.keep({**fact, "record_id": new, "id": new if fact["id"] == identity else fact["id"]})

    def keep(self, fact: Fact) -> None:
        """Keep a fact as it is from now on; `unreadable_records` shows it as it was."""
        self._state.setdefault("unreadable", {})[_name_of(fact)] = fact

    def widen(self, span: Span) -> bool:
        """Extend the last span of a fact over another one; return whether there is any."""
        for fact in reversed(list(self)):
            if spans := fact.get("spans"):
                since, until = spans[-1]
                wide = min(since, span[0]), max(until, span[1])
                self.keep({**fact, "spans": [*spans[:-1], list(wide)]})
                self._meet(fact, wide)
                return True
        return False

    def remove(self, fact: Fact) -> None:
        """Forget a fact."""
        name = _name_of(fact)
        del self._by_name[name]
        self.report.unreadable.discard(name)
        self._changed[name] = UNREADABLE_RECORDS.removed(fact["entity"], fact["id"])

    def changed_rows(self) -> list[Row]:
        """Return the rows of `unreadable_records` for facts that have changed since this was asked for."""
        rows, self._changed = list(self._changed.values()), {}
        return rows

    def _meet(self, fact: Fact, span: Span | None) -> None:
        self.report.unreadable.add(_name_of(fact))
        if span is not None:
            self._met.add((_name_of(fact), span))


def unread_ids(state: Mapping[str, Any]) -> list[str]:
    """Return the ids of unreadable records that a resource's state has to ask for, the longest remembered first."""
    return list(state.get("unread", ()))


def _name_of(fact: Fact) -> str:
    return _name(fact["entity"], fact["id"])


def _name(entity: str, identity: str) -> str:
    """Return the key of a fact in the state."""
    return f"{entity} {identity}"


def _with_spans(fact: dict[str, Any]) -> Fact:
    """Return a fact as it is kept now: an earlier version remembered one `span` of each."""
    spans = {"spans": [fact["span"]]} if "span" in fact else {}
    return cast("Fact", {name: value for name, value in fact.items() if name != "span"} | spans)

"""Facts about records that one resource could not read or load: in its state, and shown in `unreadable_records`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

from ..api.errors import Failure, IntercomError, RecordsUnread, TooManyUnread
from ..api.lists.page import Stray
from ..api.record import record_id
from ..rows.table import Row, Rows
from ..rows.unreadable_records import UNREADABLE_RECORDS, unreadable
from ..rows.validation import SHAPE_ERRORS, Misfit, fitting, merged, reason_of
from .resource_report import ResourceReport

Item = TypeVar("Item")

MOST_UNREAD = 20  # more than a few records that Intercom cannot deliver are an outage
MOST_REMEMBERED = 1_000  # more than so many that cannot be loaded are an API that has changed
MOST_NAMED = 5


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


class UnreadableRecords:
    """The facts about a resource's unreadable records, until these are read or gone.

    In the resource's state, `unread` are the ids to ask for again, and `unreadable` the facts. What has no id is known
    by its place in a listing: it is forgotten once that was read whole without it, for which `is_listed_whole` says
    whether this run reads everything. Where it does not, what lies in `spans` is read again.
    """

    def __init__(
        self,
        state: dict[str, Any],
        report: ResourceReport,
        strays: list[Stray],
        now: Callable[[], float],
        most_remembered: int = MOST_REMEMBERED,
    ) -> None:
        self.is_listed_whole = True
        self._state = state
        self._report = report
        self._strays = strays
        self._now = now
        self._most_remembered = most_remembered
        self._changed: dict[str, Row] = {}
        self._met: set[tuple[str, tuple[int, ...]]] = set()  # what has no id, and the spans in which it was met
        if "unreadable" in state:
            state["unreadable"] = {name: _with_spans(fact) for name, fact in state["unreadable"].items()}

    @property
    def ids(self) -> list[str]:
        """The ids of unreadable records to ask for again, the longest remembered first."""
        return unread_ids(self._state)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The spans of time (first and last moment) in which something unreadable had no id; the earliest first."""
        if self.is_listed_whole:
            return []
        return sorted({(since, until) for fact in self._facts.values() for since, until in fact.get("spans", ())})

    @property
    def _facts(self) -> dict[str, Fact]:
        facts: dict[str, Fact] = self._state.get("unreadable", {})
        return facts

    def undelivered(self, identity: str, error: IntercomError) -> None:
        """Note as a fact that Intercom cannot deliver a record; raises `error` if so many fail that it is an outage."""
        if identity not in self.ids:
            loadable = {fact["record_id"] for fact in self._facts.values() if not fact["is_undelivered"]}
            if len(set(self.ids) - loadable) >= MOST_UNREAD:
                raise error
        self._drop(identity, but={_name(self._report.resource, identity)})
        misfit = Misfit(self._report.resource, identity, error.failure.without_words())
        self._check_room(self._add_fact(misfit, identity, is_undelivered=True))

    def misshapen(self, identity: str, misfits: Sequence[Misfit]) -> None:
        """Note as a fact that these rows of a record cannot be loaded; if there are none, that it is readable."""
        names = {_name(misfit.entity, misfit.id) for misfit in misfits}
        self._drop(identity, but=names)
        for misfit in misfits:
            self._check_room(self._add_fact(misfit, identity))
        if not misfits and identity in self.ids:
            self._state["unread"] = [one for one in self.ids if one != identity]

    def readable(self, identity: str) -> None:
        """Forget all facts about a record that was read whole, or has vanished."""
        self.misshapen(identity, ())

    def renamed(self, identity: str, new: str) -> None:
        """Keep the facts about a record under another id from now on; whoever says so names it by that, too."""
        self._state["unread"] = [new if one == identity else one for one in self.ids]
        for name, fact in list(self._facts.items()):
            if fact["record_id"] == identity:
                self._remove(name, fact)
                now: Fact = {**fact, "record_id": new, "id": new if fact["id"] == identity else fact["id"]}
                self._state["unreadable"] = {**self._facts, _name(now["entity"], now["id"]): now}

    def without_id(self, misfit: Misfit, span: tuple[int, int] | None) -> None:
        """Note a fact about what is unreadable and has no id; `span`: where to look for it again."""
        self._check_room(self._add_fact(misfit, None, span=span))

    def seconds_known(self, misfit: Misfit) -> int:
        """Return how many seconds ago an earlier run first noted this fact; 0 if none has."""
        known = self._facts.get(_name(misfit.entity, misfit.id))
        return 0 if known is None else int(self._now()) - known["first_seen_at"]

    def left_out(self, misfit: Misfit, span: tuple[int, int]) -> None:
        """Note as a fact a row that cannot be loaded, of those replaced as a whole when `span` is read.

        Only `check` raises an error for it: raised in the middle, it would leave rows replaced in part.
        """
        known = self._facts.get(name := _name(misfit.entity, misfit.id))
        if known is not None:
            self._state["unreadable"] = {**self._facts, name: {**known, "spans": []}}
        self._add_fact(misfit, None, span=span)

    def looked_again(self, span: tuple[int, int]) -> None:
        """Forget facts that were not met again in a span that was read once more: readable by now, or gone."""
        self._take_strays()
        for name, fact in list(self._facts.items()):
            if list(span) not in fact.get("spans", ()) or (name, span) in self._met:
                continue
            elsewhere = [one for one in fact["spans"] if one != list(span)]
            if elsewhere:
                self._state["unreadable"] = {**self._facts, name: {**fact, "spans": elsewhere}}
            else:
                self._remove(name, fact)

    def covered(self, since: int, until: int) -> None:
        """Forget facts within a span that was read whole, if this run has not met them: readable by now, or gone."""
        beyond = {
            name
            for name, fact in self._facts.items()
            if not all(since <= first and last <= until for first, last in fact.get("spans", ()))
        }
        self._drop(None, but=self._report.unreadable | beyond)

    def read_no_more(self, before: int) -> None:
        """Forget facts from before this moment that this run has not met: what they are about is not read again."""
        for name, fact in list(self._facts.items()):
            spans = fact.get("spans", ())
            is_behind = spans and all(last < before for _, last in spans) and fact["first_seen_at"] < before
            if is_behind and name not in self._report.unreadable:
                self._remove(name, fact)

    def still_unlisted(self, span: tuple[int, int]) -> None:
        """Keep the facts of a span that could not be read again."""
        for fact in self._facts.values():
            if list(span) in fact.get("spans", ()):
                self._check_room(self._add_fact(Misfit(fact["entity"], fact["id"], fact["reason"]), None, span=span))

    def rows_of(
        self,
        records: Iterable[Item],
        shape: Callable[[list[Item]], Rows],
        moment: Callable[[Item], int] | None = None,
    ) -> Rows:
        """Shape records that every run reads, each by itself, into rows; note facts about the unreadable ones.

        The first table is that of the records. A record may come with its lists, as the first of a tuple. Those that
        are listed by time, and so not in every run, have a `moment` (unix seconds, 0 if nobody can tell).
        """
        empty = shape([])
        shaped = [empty]
        for record in records:
            identity = _identity(record)
            at = 0 if moment is None else moment(record)
            span = (at, at) if at else None
            try:
                rows, misfits = fitting(shape([record]), empty[0][0])
            except SHAPE_ERRORS as error:
                self.without_id(Misfit(self._report.resource, identity, reason_of(error)), span)
                continue
            shaped.append(rows)
            if fact := self._facts.get(name := _name(self._report.resource, identity)):
                self._remove(name, fact)
            for misfit in misfits:
                self.without_id(misfit, span)
        return merged(shaped)

    def rows(self) -> list[Row]:
        """Return the rows of `unreadable_records` for facts that have changed since this was asked for."""
        self._take_strays()
        rows, self._changed = list(self._changed.values()), {}
        return rows

    def check(self) -> None:
        """Raise RecordsUnread, naming what is missing, if a resource ends with facts about unreadable records.

        Where the listing was read whole, what has no id and was not met again is forgotten.
        """
        self._take_strays()
        if self.is_listed_whole:
            self._drop(None, but=self._report.unreadable)
        if self._facts or self.ids or self._report.is_overfull:
            raise self._missing()

    def _missing(self) -> RecordsUnread:
        facts = list(self._facts.values())
        ids = list(dict.fromkeys([*self.ids, *(fact["id"] for fact in facts if fact["record_id"] is None)]))
        named = ", ".join(ids[:MOST_NAMED]) + (", …" if len(ids) > MOST_NAMED else "")
        reasons = "; ".join(f"{fact['entity']} {fact['id']}: {fact['reason']}" for fact in facts[:MOST_NAMED])
        count = f"{max(len(ids), 1):,} or more" if self._report.is_overfull else f"{len(ids):,}"
        message = f"{count} listed records cannot be read in full"
        message += (f" (id {named})" if named else "") + (f"; {reasons}" if reasons else "")
        return RecordsUnread(Failure("read", self._report.resource, message=message))

    def _take_strays(self) -> None:
        while self._strays:
            stray = self._strays.pop(0)
            misfit = Misfit(self._report.resource, stray.where, stray.reason)
            if not self._add_fact(misfit, None, span=stray.span) and stray.span is not None:
                self._widen(stray.span)

    def _widen(self, span: tuple[int, int]) -> None:
        """Extend a fact's last span over another one for which there is no room: no moment may be forgotten."""
        with_spans = [(name, fact) for name, fact in self._facts.items() if fact.get("spans")]
        self._check_room(bool(with_spans))
        name, fact = with_spans[-1]
        *others, (since, until) = fact["spans"]
        wide = min(since, span[0]), max(until, span[1])
        self._state["unreadable"] = {**self._facts, name: {**fact, "spans": [*others, list(wide)]}}
        self._report.unreadable.add(name)
        self._met.add((name, wide))

    def _check_room(self, is_there: bool) -> None:
        """Raise TooManyUnread if so many facts are known that there was no room for another."""
        if not is_there:
            raise TooManyUnread(self._missing().failure)

    def _add_fact(
        self,
        misfit: Misfit,
        identity: str | None,
        *,
        is_undelivered: bool = False,
        span: tuple[int, int] | None = None,
    ) -> bool:
        """Note a fact; return whether there was room for it."""
        name, now = _name(misfit.entity, misfit.id), int(self._now())
        before = self._facts.get(name)
        if before is None and len(self._facts) >= self._most_remembered:
            self._report.is_overfull = True
            return False
        fact: Fact = {
            "entity": misfit.entity,
            "id": misfit.id,
            "record_id": identity,
            "reason": misfit.reason,
            "first_seen_at": now if before is None else before["first_seen_at"],
            "tries": (0 if before is None else before["tries"]) + (name not in self._report.unreadable),
            "is_undelivered": is_undelivered,
        }
        if span is not None:
            known = [] if before is None else before.get("spans", [])
            fact["spans"] = [*(one for one in known if one != list(span)), list(span)]
            self._met.add((name, span))
        if identity is not None and identity not in self.ids:
            self._state["unread"] = [*self.ids, identity]
        self._state["unreadable"] = {**self._facts, name: fact}
        self._report.unreadable.add(name)
        self._changed[name] = unreadable(
            fact["entity"], fact["id"], fact["reason"], fact["first_seen_at"], now, fact["tries"]
        )
        return True

    def _drop(self, identity: str | None, but: Collection[str] = ()) -> None:
        """Forget the facts about an unreadable record, or those without an id."""
        for name, fact in list(self._facts.items()):
            if fact["record_id"] == identity and name not in but:
                self._remove(name, fact)

    def _remove(self, name: str, fact: Fact) -> None:
        self._state["unreadable"] = {one: kept for one, kept in self._facts.items() if one != name}
        self._report.unreadable.discard(name)
        self._changed[name] = UNREADABLE_RECORDS.removed(fact["entity"], fact["id"])


def unread_ids(state: Mapping[str, Any]) -> list[str]:
    """Return the ids of unreadable records that a resource's state has to ask for, the longest remembered first."""
    return list(state.get("unread", ()))


def _name(entity: str, identity: str) -> str:
    """Return the key of a fact in the state."""
    return f"{entity} {identity}"


def _identity(item: Any) -> str:
    """Name an unreadable record, or the first of a tuple: by its id, or as an attribute without one by its path."""
    record = item[0] if isinstance(item, tuple) else item
    try:
        return record_id(record, "")
    except IntercomError:
        return str(record.get("full_name") or "?")


def _with_spans(fact: dict[str, Any]) -> dict[str, Any]:
    """Return a fact as it is kept now: an earlier version remembered one `span` of each."""
    if "span" not in fact:
        return fact
    return {**{name: value for name, value in fact.items() if name != "span"}, "spans": [fact["span"]]}

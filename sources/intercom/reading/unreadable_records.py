"""Records that one resource could not read or load: what makes them known as such, or forgotten, or an error."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from ..api.errors import Failure, IntercomError, RecordsUnread, TooManyUnread
from ..api.lists.page import Span, Stray
from ..api.record import record_id
from ..rows.table import Row, Rows
from ..rows.validation import SHAPE_ERRORS, Misfit, fitting, merged, reason_of
from .unreadable_state import UnreadableFacts

Item = TypeVar("Item")

MOST_UNREAD = 20  # more than a few records that Intercom cannot deliver are an outage
MOST_NAMED = 5
_DENIED = re.compile(" answered (401|402|403) [^0-9]")  # without a code in words it is a gateway's


class UnreadableRecords:
    """What is known of a resource's unreadable records, until these are read or gone.

    What has no id is known by its place in a listing: it is forgotten once that was read whole without it, for which
    `is_listed_whole` says whether this run reads everything. Where it does not, what lies in `spans` is read again.
    """

    def __init__(self, facts: UnreadableFacts, strays: list[Stray]) -> None:
        self.facts = facts
        self.is_listed_whole = True
        self._report = facts.report
        self._strays = strays

    @property
    def ids(self) -> list[str]:
        """The ids of unreadable records to ask for again, the longest remembered first."""
        return self.facts.ids

    @property
    def spans(self) -> list[Span]:
        """The spans of time (first and last moment) in which something unreadable had no id; the earliest first."""
        if self.is_listed_whole:
            return []
        return sorted({(since, until) for fact in self.facts for since, until in fact.get("spans", ())})

    def undelivered(self, identity: str, error: IntercomError) -> None:
        """Note as a fact that Intercom cannot deliver a record; raises `error` if so many fail that it is an outage."""
        if identity not in self.ids and self.facts.count_undelivered >= MOST_UNREAD:
            raise error
        misfit = Misfit(self._report.resource, identity, error.failure.without_words())
        self._check_room(self.facts.replace(identity, [misfit], is_undelivered=True))

    def misshapen(self, identity: str, misfits: Sequence[Misfit]) -> None:
        """Note as a fact that these rows of a record cannot be loaded; if there are none, that it is readable."""
        self._check_room(self.facts.replace(identity, misfits))

    def readable(self, identity: str) -> None:
        """Forget all facts about a record that was read whole, or has vanished."""
        self.facts.replace(identity, ())

    def without_id(self, misfit: Misfit, span: Span | None) -> None:
        """Note a fact about what is unreadable and has no id; `span`: where to look for it again."""
        self._check_room(self.facts.add(misfit, span=span))

    def seconds_known(self, misfit: Misfit) -> int:
        """Return how many seconds ago a misfit was noted as unreadable first; 0 if it is not."""
        return self.facts.seconds_known(misfit)

    def rename(self, identity: str, new: str) -> None:
        """Keep the facts about an unreadable record under another id from now on."""
        self.facts.rename(identity, new)

    def left_out(self, misfit: Misfit, span: Span) -> None:
        """Note as a fact a row that cannot be loaded, of those replaced as a whole when `span` is read.

        Only `check` raises an error for it: raised in the middle, it would leave rows replaced in part.
        """
        if known := self.facts.get(misfit.entity, misfit.id):
            self.facts.keep({**known, "spans": []})
        self.facts.add(misfit, span=span)

    def looked_again(self, span: Span) -> None:
        """Forget facts that were not met again in a span that was read once more: readable by now, or gone."""
        self.take_strays()
        for fact in self.facts.in_span(span):
            if self.facts.is_met(fact, span):
                continue
            if elsewhere := [one for one in fact["spans"] if one != list(span)]:
                self.facts.keep({**fact, "spans": elsewhere})
            else:
                self.facts.remove(fact)

    def covered(self, since: int, until: int) -> None:
        """Forget facts within a span that was read whole, if this run has not met them: readable by now, or gone."""
        for fact in self.facts.unmet():
            if all(since <= first and last <= until for first, last in fact.get("spans", ())):
                self.facts.remove(fact)

    def read_no_more(self, before: int) -> None:
        """Forget facts from before this moment that this run has not met: what they are about is not read again."""
        for fact in self.facts.unmet():
            spans = fact.get("spans")
            if spans and all(last < before for _, last in spans) and fact["first_seen_at"] < before:
                self.facts.remove(fact)

    def still_unlisted(self, span: Span) -> None:
        """Keep the facts of a span that could not be read again."""
        for fact in self.facts.in_span(span):
            self.facts.add(Misfit(fact["entity"], fact["id"], fact["reason"]), span=span)

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
                rows, misfits = fitting(shape([record]), empty[0][0], identity)
            except SHAPE_ERRORS as error:
                self.without_id(Misfit(self._report.resource, identity, reason_of(error)), span)
                continue
            shaped.append(rows)
            if fact := self.facts.get(self._report.resource, identity):
                self.facts.remove(fact)
            for misfit in misfits:
                self.without_id(misfit, span)
        return merged(shaped)

    def rows(self) -> list[Row]:
        """Return the rows of `unreadable_records` for facts that were noted or forgotten since the last time."""
        return self.facts.changed_rows()

    def check(self) -> None:
        """Raise RecordsUnread, naming what is missing, if a resource ends with facts about unreadable records.

        Where the listing was read whole, what has no id and was not met again is forgotten.
        """
        self.take_strays()
        for fact in self.facts.unmet() if self.is_listed_whole else ():
            self.facts.remove(fact)
        if self.facts or self.ids or self._report.is_overfull:
            raise self._missing()

    def _missing(self) -> RecordsUnread:
        facts = list(self.facts)
        ids = list(dict.fromkeys([*self.ids, *(fact["id"] for fact in facts if fact["record_id"] is None)]))
        named = ", ".join(ids[:MOST_NAMED]) + (", …" if len(ids) > MOST_NAMED else "")
        reasons = "; ".join(f"{fact['entity']} {fact['id']}: {fact['reason']}" for fact in facts[:MOST_NAMED])
        count = f"{max(len(ids), 1):,} or more" if self._report.is_overfull else f"{len(ids):,}"
        message = f"{count} listed records cannot be read in full"
        message += (f" (id {named})" if named else "") + (f"; {reasons}" if reasons else "")
        is_denied = any(_DENIED.search(fact["reason"]) for fact in facts)
        advice = f"{RecordsUnread.advice} {RecordsUnread.advice_if_denied}" if is_denied else None
        return RecordsUnread(Failure("read", self._report.resource, message=message), advice)

    def take_strays(self) -> None:
        """Note facts about what was listed without an id; raises TooManyUnread if there is no room for them."""
        while self._strays:
            stray = self._strays.pop(0)
            misfit = Misfit(self._report.resource, stray.where, stray.reason)
            is_there = self.facts.add(misfit, span=stray.span)
            if not is_there and stray.span is not None:  # no moment may be forgotten
                self._check_room(self.facts.widen(stray.span))

    def _check_room(self, is_there: bool) -> None:
        """Raise TooManyUnread if so many facts are known that there was no room for another."""
        if not is_there:
            raise TooManyUnread(self._missing().failure)


def _identity(item: Any) -> str:
    """Name an unreadable record, or the first of a tuple: by its id, or as an attribute without one by its path."""
    record = item[0] if isinstance(item, tuple) else item
    try:
        return record_id(record, "")
    except IntercomError:
        return str(record.get("full_name") or "?")

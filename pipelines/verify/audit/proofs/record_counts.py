"""How many records Intercom counts and how many are loaded; if they disagree, a listing shows the difference."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial

from sources.intercom.api.lists.batches import in_batches
from sources.intercom.api.record import created_at, record_id, updated_at
from sources.intercom.reading.reading import Reading
from sources.intercom.records.attempts import each_attempted
from sources.intercom.records.single_record import Whole
from sources.intercom.sweep import SweptEntity
from sources.intercom.sweep.listing_proof import ListingProof

IDS_AT_ONCE = 50


@dataclass
class Count:
    """A count of records: `expected` as Intercom counts (None: not said); `loaded` without those known to be gone.

    Known after a listing: `missing`, records as old as those that are loaded; `count_newer`, those that came or changed
    since the last sync; `count_unlisted`, loaded records that Intercom lists no more; `count_hidden`, records that it
    counts and does not list.
    """

    expected: int | None
    loaded: int
    missing: set[str] = field(default_factory=set)
    count_newer: int = 0
    count_unlisted: int = 0
    count_hidden: int = 0


def counted(reading: Reading, swept: SweptEntity, loaded: AbstractSet[str], synced_at: float | None) -> Count:
    """Count records: how `loaded` ids compare with Intercom's number; a listing costs a call for every 150.

    Raises IncompleteListing if the listing is clearly too short to explain anything. Companies are always listed:
    Intercom's count leaves out those without users. `synced_at`: up to then syncs have read (unix seconds; None: none
    has come to its end).
    """
    since = reading.session.wishes.start_at
    count_before = swept.listing.count(reading.client, since)
    expected = None if swept.is_listed_whole else count_before
    count = Count(expected, len(loaded))
    if expected == count.loaded:
        return count
    whole = ListingProof(swept.listing, count_before)
    listed: set[str] = set()
    for page in swept.listing.pages(reading.client, since, reading.session.identity.now()):
        whole.add(page)
        for record in page.records:
            identity = record_id(record, swept.listing.call.path)
            if identity in listed:  # it has changed meanwhile
                continue
            listed.add(identity)
            if identity in loaded or created_at(record) < since:
                continue
            if synced_at is not None and updated_at(record) <= synced_at:
                count.missing.add(identity)
            else:
                count.count_newer += 1
        if reading.session.stop.is_set():
            return count
    whole.check(len(listed))
    count.count_unlisted = len(loaded - listed)
    if not since:
        whole.check_control(len(listed), count.count_unlisted)
    if swept.is_listed_whole:
        _check_unlisted(reading, swept, whole, loaded - listed, len(listed))
    if expected is not None and expected > len(listed):
        count_after = swept.listing.count(reading.client, since)  # a record may have gone meanwhile
        count.count_hidden = max(min(expected, count_after or 0) - len(listed), 0)
    count.expected = len(loaded & listed) + len(count.missing) + count.count_newer + count.count_hidden
    return count


def _check_unlisted(
    reading: Reading, swept: SweptEntity, whole: ListingProof, unlisted: AbstractSet[str], count_listed: int
) -> None:
    """Raise IncompleteListing if too many records exist that a listing lacks: it ended early.

    Intercom's number of companies does not tell: most of them may be without users.
    """
    ask = partial(swept.entity.whole, reading.client)
    there: list[str] = []
    for _, results in each_attempted(reading.session, in_batches(sorted(unlisted), IDS_AT_ONCE), list, ask):
        found = [(one, result.detail) for one, result in results if isinstance(result, Whole)]
        there += [one for one, detail in found if not swept.may_be_hidden(detail)]
        whole.check_unlisted(there, count_listed)

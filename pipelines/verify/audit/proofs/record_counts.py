"""How many records Intercom counts and how many are loaded; if they disagree, a listing shows the difference."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice

from sources.intercom.api.record import created_at, record_id, updated_at
from sources.intercom.reading.reading import Reading
from sources.intercom.records.vanished import CONTROLS
from sources.intercom.sweep import SweptEntity
from sources.intercom.sweep.absence import Absence, looked_into
from sources.intercom.sweep.listing_proof import ListingProof


@dataclass
class Count:
    """A count of records: `expected` as Intercom counts (None: not said); `loaded` without those known to be gone.

    Known after a listing: `missing`, records as old as those that are loaded; `count_newer`, those that came or changed
    since the last sync; `count_unlisted`, loaded records that Intercom lists no more; `count_hidden`, records that it
    counts and does not list; `some_listed`, ids of a few that it does list.
    """

    expected: int | None
    loaded: int
    missing: set[str] = field(default_factory=set)
    count_newer: int = 0
    count_unlisted: int = 0
    count_hidden: int = 0
    some_listed: tuple[str, ...] = ()


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
    if not since:
        whole.check_control(len(listed), len(loaded - listed))
    there = _unlisted_and_there(reading, swept, whole, loaded - listed, listed) if swept.is_listed_whole else set()
    if expected is not None and expected > len(listed):
        count_after = swept.listing.count(reading.client, since)  # a record may have gone meanwhile
        count.count_hidden = max(min(expected, count_after or 0) - len(listed), 0)
    count.count_unlisted = len(loaded - listed - there)
    count.some_listed = tuple(islice(listed, CONTROLS))
    count.expected = len(loaded & (listed | there)) + len(count.missing) + count.count_newer + count.count_hidden
    return count


def _unlisted_and_there(
    reading: Reading, swept: SweptEntity, whole: ListingProof, unlisted: AbstractSet[str], listed: AbstractSet[str]
) -> AbstractSet[str]:
    """Return the ids of loaded records that a listing of all lacks, and that exist: those that it may hide.

    Raises IncompleteListing if too many others exist, because it has ended early then. Intercom's number of companies
    does not tell: most of them may be without users.
    """

    def check(absence: Absence) -> None:
        unhidden = [one for one, found in absence.there.items() if not swept.may_be_hidden(found.detail)]
        whole.check_unlisted(unhidden, len(listed))

    return looked_into(reading, swept, sorted(unlisted), sorted(listed), check).there.keys()

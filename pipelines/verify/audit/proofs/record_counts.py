"""How many records Intercom counts and how many are loaded; if they disagree, a listing shows the difference."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from sources.intercom.api.record import created_at, record_id, updated_at
from sources.intercom.reading.reading import Reading
from sources.intercom.sweep import SweptEntity
from sources.intercom.sweep.listing_proof import ListingProof


@dataclass
class Count:
    """A count of records: `expected` as Intercom counts (None: not said); `loaded` without those known to be gone.

    Known after a listing: `missing`, records as old as those that are loaded; `count_newer`, those that came or changed
    since the last sync; `count_unlisted`, loaded records that Intercom lists no more.
    """

    expected: int | None
    loaded: int
    missing: set[str] = field(default_factory=set)
    count_newer: int = 0
    count_unlisted: int = 0


def counted(reading: Reading, swept: SweptEntity, loaded: AbstractSet[str], synced_at: float | None) -> Count:
    """Count records: how `loaded` ids compare with Intercom's number; a listing costs a call for every 150.

    Raises IncompleteListing if the listing is clearly too short to explain anything.
    Companies are always listed: Intercom's count leaves out those without users. `synced_at`: up to then syncs have
    read (unix seconds; None: none has come to its end).
    """
    since = reading.session.wishes.start_at
    expected = None if swept.is_listed_whole else swept.listing.count(reading.client, since)
    count = Count(expected, len(loaded))
    if expected == count.loaded:
        return count
    whole = ListingProof(swept.listing, expected)
    listed: set[str] = set()
    for page in swept.listing.pages(reading.client, since, reading.session.identity.now()):
        whole.add(page)
        for record in page.records:
            identity = record_id(record, swept.listing.call.path)
            listed.add(identity)
            if identity in loaded or created_at(record) < since:
                continue
            if synced_at is not None and updated_at(record) <= synced_at:
                count.missing.add(identity)
            else:
                count.count_newer += identity not in count.missing
        if reading.session.stop.is_set():
            return count
    whole.check(len(listed))
    count.expected = len(loaded & listed) + len(count.missing) + count.count_newer
    count.count_unlisted = len(loaded - listed)
    return count

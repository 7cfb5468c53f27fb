"""The findings of a sweep about a record."""

from enum import StrEnum


class Finding(StrEnum):
    """What a sweep finds, in words for reports; a record counts once, but one that returned may also have changed."""

    MARKED = "marked"  # gone from Intercom
    MERGED = "merged"  # gone, because it was merged into another; counts as marked, too
    RETURNED = "returned"  # marked before, and there again
    SILENT = "silent"  # changed without moving updated_at
    MISSED = "missed"  # new or changed, and no sync would have found it any more
    NEWER = "newer"  # new or changed since the last sync, which is the next one's to read
    UNLISTED = "unlisted"  # there, although the listing left it out

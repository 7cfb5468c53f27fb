"""Records that Intercom lists but that cannot be read or loaded: what they are, why, since when, how often tried."""

from .table import Table, integer, text, unix_seconds

UNREADABLE_RECORDS = Table(
    name="unreadable_records",
    one_row="a record, or a row of one, that could not be read or loaded: asked for again until it can be",
    key=("entity", "id"),
    columns=text(
        "impersonal",
        entity="raw table or resource that it belongs in",
        id="the record's id (of visitors a hash of the user id); else its parent's, or the listing, and a place",
        reason="why; without anything that the record says",
    )
    | unix_seconds(first_seen_at="when it was met first, by Intercom's clock", last_seen_at="when it was met last")
    | integer(tries="runs that met it"),
    is_removable=True,
)

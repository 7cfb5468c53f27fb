"""Records that Intercom no longer has: the API does not tell of deletions, a comparison of listings finds them."""

from sources.intercom.table import Table, text, unix_seconds

DELETED_RECORDS = Table(
    name="deleted_records",
    one_row="a record that is still in its raw table but gone from Intercom",
    key=("entity", "id"),
    columns=text(
        entity="raw table of the record",
        id="the record's id",
        reason="deleted or merged",
        merged_into_id="for a merged contact: the contact that survived",
    )
    | unix_seconds(noticed_at="when it was found to be gone"),
)

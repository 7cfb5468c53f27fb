"""Records that Intercom no longer has: the API does not tell of deletions, a comparison of listings finds them."""

from sources.intercom.table import Row, Table, text, unix_seconds

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
    | unix_seconds(noticed_at="when it was found to be gone, by Intercom's clock"),
    is_removable=True,
)


def deleted(table: Table, record_id: str, noticed_at: float | None) -> Row:
    """Return the row that marks a record of `table` as gone."""
    at = None if noticed_at is None else int(noticed_at)
    return {"entity": table.name, "id": record_id, "reason": "deleted", "noticed_at": at}


def returned(table: Table, record_id: str) -> Row:
    """Return the row that takes the mark away again."""
    return DELETED_RECORDS.removed(table.name, record_id)

"""Records that Intercom no longer has, found by comparing listings, because the API does not report deletions."""

from .table import REMOVES, Row, Table, text, unix_seconds

DELETED_RECORDS = Table(
    name="deleted_records",
    one_row="a record that is still in its raw table but gone from Intercom",
    key=("entity", "id"),
    columns=text(
        "impersonal",
        entity="raw table of the record",
        id="the record's id",
        reason="deleted or merged",
        merged_into_id="for a merged contact: the contact that survived",
    )
    | unix_seconds(noticed_at="when it was found to be gone, by Intercom's clock"),
    is_removable=True,
)


def deleted(table: Table, record_id: str, noticed_at: float | None) -> Row:
    """Return the row of `deleted_records` that marks a record of `table` as gone."""
    at = None if noticed_at is None else int(noticed_at)
    return {"entity": table.name, "id": record_id, "reason": "deleted", "noticed_at": at}


def merged_into(table: Table, record_id: str, survivor_id: str, noticed_at: float | None) -> Row:
    """Return the row of `deleted_records` that marks a record of `table` as merged into another one."""
    return {**deleted(table, record_id, noticed_at), "reason": "merged", "merged_into_id": survivor_id}


def returned(table: Table, record_id: str) -> Row:
    """Return the row that removes a record's mark from `deleted_records`, because it is back."""
    return DELETED_RECORDS.removed(table.name, record_id)


def marks_to_take_away(table: Table, rows: list[Row], marked: dict[str, set[str]]) -> list[Row]:
    """Return rows that remove from `deleted_records` the marks of records about to be loaded; `marked` loses them."""
    there = _marked_among(table, rows, marked)
    marked.get(table.name, set()).difference_update(there)
    return [returned(table, record_id) for record_id in sorted(there)]


def is_marked(table: Table, rows: list[Row], marked: dict[str, set[str]]) -> bool:
    """Return True if any of `rows` is of a record that is marked as deleted."""
    return bool(_marked_among(table, rows, marked))


def _marked_among(table: Table, rows: list[Row], marked: dict[str, set[str]]) -> set[str]:
    of_table = marked.get(table.name)
    return {str(row["id"]) for row in rows if REMOVES not in row} & of_table if of_table else set()

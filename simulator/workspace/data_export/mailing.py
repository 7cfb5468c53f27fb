"""Messages that were sent to contacts, and what the contacts did with them: the content of the data export."""

from simulator.record import Record

REACTIONS = {
    "open": ("first_open", "opened_at"),
    "click": ("first_click", "clicked_at"),
    "reply": ("first_reply", "replied_at"),
    "goal_success": ("first_goal_success", "goal_success_at"),
    "hard_bounce": ("first_hard_bounce", "hard_bounced_at"),
    "unsubscribe": ("first_unsubscribe", "unsubscribed_at"),
}
"""Kind of reaction (and of CSV file) -> its column in the receipts, its time column in its own file."""
EMPTY_COLUMNS = (
    "first_reply",
    "first_completion",
    "first_series_completion",
    "first_series_disengagement",
    "first_series_exit",
    "first_goal_success",
    "first_open",
    "first_click",
    "first_dismisall",  # spelled so by the API
    "first_unsubscribe",
    "first_hard_bounce",
)


class Mailing:
    """The mailing's receipts and reactions; every value is kept as the text that the CSV shows, empty for null."""

    def __init__(self) -> None:
        self.receipts: dict[str, Record] = {}
        self.reactions: dict[str, list[Record]] = {kind: [] for kind in REACTIONS}

    def send(self, receipt: Record) -> None:
        """Note in the mailing that a message reached a contact."""
        self.receipts[receipt["receipt_id"]] = {
            **receipt,
            **{column: receipt.get(column, "") for column in EMPTY_COLUMNS},
        }

    def react(self, kind: str, receipt_id: str, at: int) -> None:
        """Note a contact's reaction to a mailing; the receipt keeps the first time."""
        column, time_column = REACTIONS[kind]
        receipt = self.receipts[receipt_id]
        receipt[column] = receipt[column] or str(at)
        self.reactions[kind].append({"receipt_id": receipt_id, time_column: str(at)})

    def tables(self, low: int, high: int) -> dict[str, list[Record]]:
        """Rows of the mailing by kind of file, of messages sent in [low, high); kinds without rows are left out.

        Reactions that came later are not in them: "only events within the export job's requested date range".
        """
        receipts = [each for each in self.receipts.values() if _is_within(each["received_at"], low, high)]
        chosen = {receipt["receipt_id"] for receipt in receipts}
        tables = {"receipts": [_reacted_within(receipt, low, high) for receipt in receipts]}
        for kind, rows in self.reactions.items():
            time = REACTIONS[kind][1]
            tables[kind] = [row for row in rows if row["receipt_id"] in chosen and _is_within(row[time], low, high)]
        return {kind: rows for kind, rows in tables.items() if rows}


def _reacted_within(receipt: Record, low: int, high: int) -> Record:
    """Return a mailing's receipt without reactions at other times; its first reaction stays the first."""
    return {
        column: "" if column.startswith("first_") and value and not _is_within(value, low, high) else value
        for column, value in receipt.items()
    }


def _is_within(time: str, low: int, high: int) -> bool:
    return low <= int(time) < high

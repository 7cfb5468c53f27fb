"""Messages that were sent to contacts, and what the contacts did with them: the content of the data export."""

from simulator.record import Record

STATISTICS = {
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
    """Receipts and reactions; every value is kept as the text that the CSV shows, empty for null."""

    def __init__(self) -> None:
        self.receipts: dict[str, Record] = {}
        self.reactions: dict[str, list[Record]] = {kind: [] for kind in STATISTICS}

    def send(self, receipt: Record) -> None:
        """A message reached a contact."""
        self.receipts[receipt["receipt_id"]] = {
            **receipt,
            **{column: receipt.get(column, "") for column in EMPTY_COLUMNS},
        }

    def react(self, kind: str, receipt_id: str, at: int) -> None:
        """The contact did something; the receipt keeps the first time."""
        column, time_column = STATISTICS[kind]
        receipt = self.receipts[receipt_id]
        receipt[column] = receipt[column] or str(at)
        self.reactions[kind].append({"receipt_id": receipt_id, time_column: str(at)})

    def tables(self, low: int, high: int) -> dict[str, list[Record]]:
        """Rows by kind of file of the messages sent from `low` to before `high`; kinds without rows are left out."""
        receipts = [each for each in self.receipts.values() if low <= int(each["received_at"]) < high]
        chosen = {receipt["receipt_id"] for receipt in receipts}
        tables = {"receipts": receipts}
        for kind, rows in self.reactions.items():
            tables[kind] = [row for row in rows if row["receipt_id"] in chosen]
        return {kind: rows for kind, rows in tables.items() if rows}

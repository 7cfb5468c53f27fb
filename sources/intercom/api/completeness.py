"""The proof of a listing: what it brought, against the number that Intercom says there is (`total_count`)."""

from .errors import Failure, IncompleteListing

TOLERATED_SHARE = 0.01
TOLERATED = 5


def is_short(count_listed: int, total_count: int | None) -> bool:
    """Tell whether a listing should be repeated: the number moves while pages are read, but hardly by a hundredth."""
    return isinstance(total_count, int) and total_count - count_listed > total_count * TOLERATED_SHARE


def check_listed(method: str, path: str, count_listed: int, total_count: int | None) -> None:
    """Raise IncompleteListing where a listing is short of more than can have come and gone while it was read."""
    if isinstance(total_count, int) and total_count - count_listed > TOLERATED + total_count * TOLERATED_SHARE:
        message = f"Intercom counts {total_count:,} records and listed {count_listed:,}"
        raise IncompleteListing(Failure(method, path, message=message))

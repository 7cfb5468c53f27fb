"""When a record's version is settled, so that no further change can hide behind the same `updated_at`."""

SETTLED_SECONDS = 2


def is_settled(changed_at: int, read_at: float) -> bool:
    """Return True if a record was read so long after its `updated_at` that no further change can carry the same one."""
    return read_at - changed_at >= SETTLED_SECONDS

"""A start date that is moved back or removed: what it had left out is read."""

import logging

logger = logging.getLogger(__name__)


def say_earlier_start(path: str) -> None:
    """Say why a run reads what earlier ones have read already."""
    logger.warning("%s: start_date is earlier than before; everything since then is read", path)

"""A start date that is moved back or removed: the records that it left out are read."""

import logging

from ..reading.session import Wishes

logger = logging.getLogger(__name__)


def say_earlier_start(path: str, wishes: Wishes, setting: str = "start_date") -> None:
    """Log that `setting` begins earlier than before, unless the user asked to read everything again."""
    if wishes.since is None:
        logger.warning("%s: %s is earlier than before; everything since then is read", path, setting)

"""The filter for every row on its way to dlt: first forgotten people, then the privacy rules."""

import threading
from dataclasses import dataclass, field

from ..rows.table import Rows
from .forgotten_people import Forgotten
from .rules import Privacy


@dataclass(frozen=True)
class Guard:
    """The guard of one run: without rules and without forgotten people rows pass as they are."""

    privacy: Privacy = field(default_factory=Privacy)
    forgotten: Forgotten = field(default_factory=Forgotten)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def passed(self, rows_of_tables: Rows, *, is_to_load: bool = True) -> Rows:
        """Let the rows of one page pass the guard as they may be loaded: nothing else is ever written to a disk.

        Rows that are only compared with what is loaded (`is_to_load` is False) pass in the same way.
        """
        if self.forgotten:
            with self._one_at_a_time:  # it learns from rows, and resources are read side by side
                rows_of_tables = self.forgotten.held_back(rows_of_tables, is_to_load=is_to_load)
        if self.privacy.rules:
            return [(table, self.privacy.protected(table, rows)) for table, rows in rows_of_tables]
        return rows_of_tables

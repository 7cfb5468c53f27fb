"""Raw tables in memory."""

from contextlib import nullcontext


class Raw:
    """What a destination holds: table name -> rows."""

    def __init__(self, **tables):
        self.tables = tables

    def opened(self):
        return nullcontext()

    def select(self, table, *columns, where=""):
        yield from (tuple(row.get(column) for column in columns) for row in self.tables.get(table, []))

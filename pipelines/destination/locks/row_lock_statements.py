"""The statements of a lock in a table, for warehouses that have no locks of their own: pure SQL, by dialect."""

from dataclasses import dataclass

from sqlglot import exp

from transforms.runner.dialects.dialect_names import sql_type

CLOCKS = {  # unix seconds, for dialects in which sqlglot cannot write them
    "bigquery": "UNIX_SECONDS(CURRENT_TIMESTAMP())",
    "clickhouse": "toUnixTimestamp(now())",
}
ENDINGS = {"clickhouse": " ENGINE=MergeTree ORDER BY tuple()"}  # of a new table


@dataclass(frozen=True)
class LockTable:
    """The statements on a lock's table (token, holder, beat_at): a run writes a row when it begins, and at each beat.

    Whoever has a row that is younger than `expires` seconds by the database's own clock is at work. Rows are added and
    deleted, never changed, which every warehouse can do at once.
    """

    name: str  # qualified and quoted as the dialect wants it
    dialect: str
    expires: int

    def created(self) -> str:
        """The statement that creates the lock's table if it is missing."""
        text, whole = (sql_type(kind, self.dialect) for kind in ("varchar", "bigint"))
        ending = ENDINGS.get(self.dialect, "")
        return f"CREATE TABLE IF NOT EXISTS {self.name} (token {text}, holder {text}, beat_at {whole}){ending}"

    def begun(self, token: str, holder: str) -> str:
        """The statement that writes the first row of a run into the lock's table."""
        return f"INSERT INTO {self.name} SELECT '{token}', {self._text(holder)}, {self._now}"

    def beaten(self, token: str, holder: str) -> str:
        """The statement of a lock's beat: another row, unless another run has deleted ours, presuming us dead."""
        still_there = f"SELECT 1 FROM {self.name} WHERE token = '{token}'"  # noqa: S608 - our own table
        values = f"SELECT '{token}', {self._text(holder)}, {self._now}"
        return f"INSERT INTO {self.name} {values} FROM ({still_there} LIMIT 1) AS still_there"

    def others(self, token: str) -> str:
        """The statement that asks the lock's table for the holders of other live runs."""
        is_young = f"beat_at > {self._now} - {self.expires}"
        return f"SELECT DISTINCT holder FROM {self.name} WHERE token <> '{token}' AND {is_young}"  # noqa: S608 - our own table

    def taken_over(self, token: str) -> str:
        """The statement that deletes the rows of dead runs from the lock's table."""
        return f"DELETE FROM {self.name} WHERE token <> '{token}'"  # noqa: S608 - our own table

    def held(self, token: str) -> str:
        """The statement that gives a row while the run still holds the lock."""
        return f"SELECT token FROM {self.name} WHERE token = '{token}' LIMIT 1"  # noqa: S608 - our own table

    def released(self, token: str) -> str:
        """The statement that releases the lock: it deletes all rows of a run."""
        return f"DELETE FROM {self.name} WHERE token = '{token}'"  # noqa: S608 - our own table

    @property
    def _now(self) -> str:
        return CLOCKS.get(self.dialect) or exp.TimeToUnix(this=exp.CurrentTimestamp()).sql(dialect=self.dialect)

    def _text(self, value: str) -> str:
        return exp.Literal.string(value).sql(dialect=self.dialect)

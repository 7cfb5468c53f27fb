"""The last audit of a target, in a line."""

from pipelines.commands.query import run_query
from pipelines.destination.target import Target
from pipelines.verify.audit.log import AUDIT_RESULTS

WORSE_FIRST = ("failed", "repaired", "explained", "proven")


def last_audit(target: Target) -> tuple[int, str] | None:
    """Return when the last audit began (unix seconds) and how its proofs came out; None if there was none.

    The table must exist.
    """
    table = f"{target.datasets.raw}.{AUDIT_RESULTS.name}"
    sql = (
        "SELECT started_at, result, count(*) "  # noqa: S608 - our own names
        f"FROM {table} WHERE subject NOT LIKE 'metric%' AND started_at = (SELECT max(started_at) FROM {table}) "
        "GROUP BY started_at, result"
    )
    rows = {row[1]: row for row in run_query(target, sql)[1]}
    if not rows:
        return None
    words = [f"{rows[result][2]:,} {result}" for result in WORSE_FIRST if result in rows]
    return next(iter(rows.values()))[0], "proofs: " + ", ".join(words)

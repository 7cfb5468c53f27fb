"""Groups of rows in a file of DuckDB, in which each incremental build leaves rows that are deleted.

A checkpoint joins groups that have room for each other's rows, and compresses all of these anew: for a few thousand
rows in each of two dozen tables that takes a tenth of an incremental build. So it is done only once in many builds.
"""

from transforms.runner.warehouse.connection import Connection

ROWS_OF_GROUP = 122_880
MOST_ROOM = 0.25  # share of deleted rows, which a scan skips for nothing
COUNT = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info(%s) WHERE column_id = 0"


def postpone_compaction(connection: Connection, table: str, count_rows: int) -> None:
    """Skip DuckDB's merge of row groups at the closing checkpoint, unless this table has enough deleted rows."""
    if connection.kind_of_duckdb != "duckdb":
        return
    ((count_groups,),) = connection.rows(COUNT, table)
    if int(count_groups) <= 2 + (1 + MOST_ROOM) * count_rows / ROWS_OF_GROUP:
        connection.execute("SET GLOBAL max_vacuum_tasks = 0")

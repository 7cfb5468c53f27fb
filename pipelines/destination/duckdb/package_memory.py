"""How much memory DuckDB may take for a load package of many: by the package's size, not the database's."""

import duckdb

USUAL_BYTES = 96 << 20  # for a few rows of each table, and for the blocks that DuckDB reads
MOST_COPIES = 4  # of the merged rows: as they came, in the staging table, in the table, and while they are deduplicated


class PackageMemory:
    """DuckDB's memory limit for the load packages of a run; once a package does not fit, there is none.

    Hundreds of columns take much more memory than their values, which is known only once a package does not fit.
    """

    def __init__(self) -> None:
        self._is_enough = True

    def limit(self, count_bytes: int) -> int | None:
        """Return DuckDB's memory limit for a package of so many bytes, or None if there is no limit."""
        return USUAL_BYTES + MOST_COPIES * count_bytes if self._is_enough else None

    def was_too_little(self, error: BaseException | None) -> bool:
        """Return True if a package failed for lack of memory; no limit is set from then on."""
        while error is not None:
            # A commit without room is an error of its transaction to DuckDB; its advice is the same.
            if isinstance(error, duckdb.OutOfMemoryException) or "SET memory_limit" in str(error):
                is_of_the_limit, self._is_enough = self._is_enough, False
                return is_of_the_limit
            error = error.__cause__ or error.__context__
        return False

"""How much memory DuckDB takes for one load package of many: by what is in it, and not by what is in the file."""

import duckdb

USUAL_BYTES = 96 << 20  # for a few rows of each table, and for the blocks that it looks at
MOST_COPIES = 4  # of what is merged: as it came, beside the table, in it, and while it is deduplicated


class PackageMemory:
    """What the packages of one run may take, until one of them does not fit: then all that DuckDB wants.

    Hundreds of columns take much more than what is in them, which is only known once it does not fit.
    """

    def __init__(self) -> None:
        self._is_enough = True

    def limit(self, count_bytes: int) -> int | None:
        """Return the bytes for a package that holds so many; None where DuckDB may take what it wants."""
        return USUAL_BYTES + MOST_COPIES * count_bytes if self._is_enough else None

    def was_too_little(self, error: BaseException | None) -> bool:
        """Return True if the load failed for lack of memory; no limit is set from then on."""
        while error is not None:
            # A commit without room is an error of its transaction to DuckDB; its advice is the same.
            if isinstance(error, duckdb.OutOfMemoryException) or "SET memory_limit" in str(error):
                is_of_the_limit, self._is_enough = self._is_enough, False
                return is_of_the_limit
            error = error.__cause__ or error.__context__
        return False

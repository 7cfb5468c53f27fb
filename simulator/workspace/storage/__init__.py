"""Where a workspace keeps its records: by id and by time, as late as an index shows them."""

"""The file of DuckDB: whether there can be one, the one of the demo, and one that is written anew."""

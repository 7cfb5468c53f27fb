"""The DuckDB file: whether a path can hold one, the demo's file, rewriting a file, its memory."""

"""The DuckDB file: whether a path can hold one, opening one, the demo's, rewriting one, its memory."""

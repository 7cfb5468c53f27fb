"""Incremental building: what has changed, what is rebuilt because of it, and what is remembered for the next build."""

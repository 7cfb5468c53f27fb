"""Intercom's content data export: the job, its file, and the rows of what was sent and what became of it."""

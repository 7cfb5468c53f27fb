"""Intercom's content data export: the job, its file, and the rows of sent messages and of the reactions to them."""
